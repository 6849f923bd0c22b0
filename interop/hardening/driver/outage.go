package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// callLimit is the time of a call of the victim, see scenarios, and a moment more.
const callLimit = 10*time.Second + moment

// outage is a tenant that is down in every way, under load. Its callers are told in time, others do not notice, nothing piles up, and it is over at once.
func outage(ctx context.Context, w *world) error {
	base, err := w.base(ctx)
	if err != nil {
		return err
	}
	load := w.load(ctx)
	defer load.stop()
	for _, trouble := range troubles {
		if err := load.down(ctx, w, trouble.how, w.o.lasts/time.Duration(len(troubles))); err != nil {
			return fmt.Errorf("the tenant %s: %w", trouble.how, err)
		}
		if err := load.back(ctx, w, trouble.how, trouble.over); err != nil {
			return fmt.Errorf("after the tenant %s: %w", trouble.how, err)
		}
	}
	if err := load.end(); err != nil {
		return err
	}
	after, err := w.settled(ctx, base, 30*time.Second)
	if err != nil {
		return err
	}
	fmt.Printf("outage: workers=%d down_for=%s %s\n", w.o.n, w.o.lasts, after.figures())
	return nil
}

// troubles are the ways to be down, and how soon calls succeed when it is over. A request that hangs, for a token or within a call, is given up after a time.
var troubles = []struct {
	how  string
	over time.Duration
}{
	{"errors", 10 * time.Second}, {"drops", 10 * time.Second}, {"hangs", 20 * time.Second},
}

// A load is workers who call a tool of the tenant all the time.
type load struct {
	stop      context.CancelFunc
	done      chan struct{}
	up        atomic.Int64 // since when the tenant must answer, in ns of Unix; 0 while it is down
	recovered atomic.Int64 // when the first call since then has succeeded
	succeeded atomic.Int64
	told      atomic.Int64
	longest   atomic.Pointer[times]
	wrong     tally
}

func (w *world) load(ctx context.Context) *load {
	ctx, cancel := context.WithCancel(ctx)
	l := &load{stop: cancel, done: make(chan struct{})}
	l.longest.Store(new(times))
	go func() {
		defer close(l.done)
		_ = several(w.o.n, func(i int) error { // what is wrong is in l.wrong
			c := w.client(i % max(1, w.callers-1))
			defer c.close()
			for ctx.Err() == nil {
				l.once(ctx, c)
			}
			return nil
		})
	}()
	return l
}

// once calls, and judges the answer. Only calls that began after the first success since the tenant is up must succeed.
func (l *load) once(ctx context.Context, c *client) {
	from, up, recovered := time.Now(), l.up.Load(), l.recovered.Load()
	a, err := c.call(ctx, listTool, "{}")
	if ctx.Err() != nil {
		return
	}
	if wait, later := a.later(); err == nil && later { // of the rate of the caller, which has nothing to do with the tenant
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		return
	}
	took := time.Since(from)
	l.longest.Load().add(took)
	switch {
	case err != nil:
		l.wrong.add(err)
	case a.message.Result == nil:
		l.wrong.add(fmt.Errorf("no answer of a tool: %d %.300s", a.status, a.body))
	case took > callLimit:
		l.wrong.add(fmt.Errorf("an answer after %s", took))
	case !a.message.Result.IsError:
		l.succeeded.Add(1)
		if up != 0 && l.up.Load() == up {
			l.recovered.CompareAndSwap(0, time.Now().UnixNano())
		}
	case a.message.text() == "" || recovered != 0 && l.up.Load() == up:
		l.wrong.add(fmt.Errorf("a tool error while the tenant is up: %.300q", a.message.text()))
	default:
		l.told.Add(1)
	}
	if a.message.Result != nil && a.message.Result.IsError {
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond): // as an agent thinks about it
		}
	}
}

// down makes the tenant fail for a time. Bystanders, who do not need it, are served.
func (l *load) down(ctx context.Context, w *world, how string, lasts time.Duration) error {
	l.up.Store(0)
	l.recovered.Store(0)
	if err := w.tenant(ctx, how); err != nil {
		return err
	}
	told := l.told.Load()
	l.longest.Store(new(times))
	watch := w.watch(ctx, "fault_idle")
	time.Sleep(lasts)
	figures, served := watch.end()
	now, err := w.state(ctx)
	if err := errors.Join(err, served, l.wrong.err()); err != nil {
		return err
	}
	if l.told.Load() == told && lasts > callLimit {
		return errors.New("nobody was told")
	}
	fmt.Printf("outage-%s: lasted=%s told=%d longest=%s goroutines=%d heap=%s %s\n", how, lasts, l.told.Load()-told, ms(l.longest.Load().at(100)), now.Goroutines, mib(now.Heap), figures)
	return nil
}

// back makes the tenant answer again, and wants calls to succeed soon, and from then on all of them.
func (l *load) back(ctx context.Context, w *world, after string, within time.Duration) error {
	if err := w.tenant(ctx, "up"); err != nil {
		return err
	}
	begun, before := time.Now(), l.succeeded.Load()
	l.up.Store(begun.UnixNano())
	err := until(ctx, within, func() (bool, error) { return l.recovered.Load() != 0, nil })
	if err != nil {
		return fmt.Errorf("no call succeeds within %s", within)
	}
	first := time.Unix(0, l.recovered.Load()).Sub(begun)
	time.Sleep(2 * time.Second)
	fmt.Printf("outage-over: after=%s first_success_after=%s succeeded=%d\n", after, ms(first), l.succeeded.Load()-before)
	return l.wrong.err()
}

func (l *load) end() error {
	l.stop()
	<-l.done
	return l.wrong.err()
}
