package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// times are how long requests have taken.
type times struct {
	mu  sync.Mutex
	all []time.Duration
}

func (t *times) add(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, d)
}

// at is the time that so many percent of the requests have not exceeded.
func (t *times) at(percent int) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.all) == 0 {
		return 0
	}
	slices.Sort(t.all)
	return t.all[(len(t.all)-1)*percent/100]
}

// figures are the times in the form of a figure.
func (t *times) figures() string {
	return fmt.Sprintf("requests=%d p50=%s p99=%s max=%s", len(t.all), ms(t.at(50)), ms(t.at(99)), ms(t.at(100)))
}

func ms(d time.Duration) string { return d.Round(100 * time.Microsecond).String() }

func mib(bytes uint64) string { return fmt.Sprintf("%.1fMiB", float64(bytes)/(1<<20)) }

// figures of a state.
func (s state) figures() string {
	return fmt.Sprintf("goroutines=%d descriptors=%d heap=%s resident=%s peak=%s", s.Goroutines, s.Descriptors, mib(s.Heap), mib(s.Resident), mib(s.Peak))
}

// A tally collects what went wrong, of which the first few are told.
type tally struct {
	mu   sync.Mutex
	n    int
	errs []error
}

func (t *tally) add(err error) {
	if err == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n++; len(t.errs) < 5 {
		t.errs = append(t.errs, err)
	}
}

func (t *tally) err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == 0 {
		return nil
	}
	return fmt.Errorf("%d went wrong: %w", t.n, errors.Join(t.errs...))
}

// several runs so many at once, by their number, and returns what went wrong.
func several(n int, do func(i int) error) error {
	var wrong tally
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { wrong.add(do(i)) })
	}
	group.Wait()
	return wrong.err()
}

// inTurns runs n with so many workers.
func inTurns(n, workers int, do func(worker, i int) error) error {
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	var wrong tally
	_ = several(workers, func(worker int) error { // all that is wrong is in wrong
		for i := range next {
			wrong.add(do(worker, i))
		}
		return nil
	})
	return wrong.err()
}

// A watch is a well-behaved client who calls all the time, and must be served whatever the others do.
type watch struct {
	took  times
	wrong tally
	stop  context.CancelFunc
	done  chan struct{}
}

// patience is what the watch takes for served, on a machine that others make busy, too.
const patience = 5 * time.Second

// watch begins to call a tool as the last of the callers, who shares no limit of a caller with the others if there is more than one.
func (w *world) watch(ctx context.Context, tool string) *watch {
	ctx, cancel := context.WithCancel(ctx)
	o := &watch{stop: cancel, done: make(chan struct{})}
	c := w.client(w.callers - 1)
	go func() {
		defer close(o.done)
		defer c.close()
		for ctx.Err() == nil {
			o.once(ctx, c, tool)
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return o
}

func (o *watch) once(ctx context.Context, c *client, tool string) {
	from := time.Now()
	a, err := c.call(ctx, tool, "{}")
	took := time.Since(from)
	if ctx.Err() != nil {
		return
	}
	o.took.add(took)
	o.wrong.add(good("a bystander", a, err))
	if took > patience {
		o.wrong.add(fmt.Errorf("a bystander waited for %s", took))
	}
}

// end ends the calls and judges them.
func (o *watch) end() (figures string, err error) {
	o.stop()
	<-o.done
	figures = "bystander_" + strings.Join(strings.Fields(o.took.figures()), " bystander_")
	if len(o.took.all) == 0 {
		return figures, errors.New("no call of the bystander has ended")
	}
	return figures, o.wrong.err()
}

// base warms the server up and says what it holds by itself.
func (w *world) base(ctx context.Context) (state, error) {
	err := several(8, func(i int) error {
		c := w.client(i)
		defer c.close()
		a, err := c.open(ctx)
		if err := good("initialize", a, err); err != nil {
			return err
		}
		a, err = c.call(ctx, listTool, "{}")
		return errors.Join(good("tools/call", a, err), c.end(ctx))
	})
	if err != nil {
		return state{}, err
	}
	time.Sleep(300 * time.Millisecond) // connections take a moment to end
	return w.state(ctx)
}
