package main

import (
	"context"
	"errors"
	"sync"
)

// tasks run while others do. The zero value has none.
type tasks struct {
	all  sync.WaitGroup
	mu   sync.Mutex
	errs []error
}

// goOn goes on after a moment: with a refresh later, since it may have to wait for a lease to end, and else at once.
func (t *tasks) goOn(ctx context.Context, f *flow, m moment, outcome error) error {
	if m.step != atRefresh {
		return f.goesOn(ctx, m, outcome)
	}
	t.add(func() error { return f.goesOn(ctx, m, outcome) })
	return nil
}

func (t *tasks) add(do func() error) {
	t.all.Go(func() {
		err := do()
		t.mu.Lock()
		defer t.mu.Unlock()
		t.errs = append(t.errs, err)
	})
}

// wait waits for all, and returns their errors.
func (t *tasks) wait() error {
	t.all.Wait()
	return errors.Join(t.errs...)
}
