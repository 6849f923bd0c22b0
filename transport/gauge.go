package transport

import (
	"context"
	"sync"
)

// A gauge counts what runs, like a [sync.WaitGroup] whose wait obeys a context and whose count may
// rise from zero at any time.
type gauge struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed and forgotten when n falls to zero; nil while nobody waits
}

func (g *gauge) enter() {
	g.mu.Lock()
	g.n++
	g.mu.Unlock()
}

func (g *gauge) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n--
	if g.n == 0 && g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
}

// wait returns nil as soon as nothing runs, and the error of ctx if that comes first.
func (g *gauge) wait(ctx context.Context) error {
	g.mu.Lock()
	if g.n == 0 {
		g.mu.Unlock()
		return nil
	}
	if g.idle == nil {
		g.idle = make(chan struct{})
	}
	idle := g.idle
	g.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
