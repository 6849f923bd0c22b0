package safefetch

import (
	"fmt"
	"sync"
)

// A gate counts who is inside, in all and by host, and lets nobody wait (R39). What it holds is bounded by how many are inside.
type gate struct {
	most, mostPerHost int

	all     sync.WaitGroup
	mu      sync.Mutex
	closed  bool
	inside  int
	running map[string]int // by host; no zeros
}

func (g *gate) enter(host string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.closed:
		return fmt.Errorf("%w: %w", ErrUnavailable, errClosed)
	case g.inside >= g.most:
		return fmt.Errorf("%w: %d in all", ErrBusy, g.inside)
	case g.running[host] >= g.mostPerHost:
		return fmt.Errorf("%w: %d from this host", ErrBusy, g.running[host])
	}
	g.inside++
	g.running[host]++
	g.all.Add(1)
	return nil
}

func (g *gate) leave(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.running[host]--; g.running[host] == 0 {
		delete(g.running, host)
	}
	g.all.Done()
}

// close lets nobody in any more.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}
