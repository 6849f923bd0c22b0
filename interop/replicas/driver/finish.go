package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	manyTimes = 5
	stuckTime = 100 * time.Second // the lease of a replica that died, and a request that waits for it, and some more
)

// A verdict is what a client or user does after an answer.
type verdict int

const (
	goOn   verdict = iota
	again          // the same request, a moment later
	anew           // the sign-in
	wrong          // and the scenario fails
	pacing = 200 * time.Millisecond
)

// judge says what an answer to a step means.
func judge(s step, err error) verdict {
	var e *unexpected
	switch {
	case err == nil:
		return goOn
	case errors.Is(err, errLost):
		return again
	case !errors.As(err, &e):
		return wrong
	case isTemporary(err):
		return again
	case !s.instead:
		return wrong
	case e.status == http.StatusSeeOther && e.code == "temporarily_unavailable", e.status == http.StatusBadRequest && e.code == "invalid_grant":
		return anew
	case (e.status == http.StatusBadRequest || e.status == http.StatusGone) && e.advice != "":
		return anew
	}
	return wrong
}

// isTemporary reports whether an answer is 503, and says what to do.
func isTemporary(err error) bool {
	var e *unexpected
	return errors.As(err, &e) && e.status == http.StatusServiceUnavailable && (e.code == "temporarily_unavailable" || e.advice != "")
}

// finish does all steps from one on, as a client and its user do: what gets no answer, or 503, is tried again, and where a page or the client says so the
// user begins the sign-in again.
func (f *flow) finish(ctx context.Context, from, to int) error {
	deadline := time.Now().Add(stuckTime)
	for i := from; i < to; {
		err := steps[i].do(f, ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch judge(steps[i], err) {
		case goOn:
			i++
		case again:
			time.Sleep(pacing)
		case anew:
			if f.anew++; f.anew > manyTimes {
				return fmt.Errorf("the user has to begin again and again: %w", err)
			}
			i = atAuthorize
		case wrong:
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("stuck at %s: %w", steps[i].name, err)
		}
	}
	return nil
}

// prepared is a flow before a step. from is the first replica that it was at; nothing has gone wrong so far.
func (w *world) prepared(ctx context.Context, from, before int) (*flow, error) {
	f := w.newFlow(from)
	if err := f.finish(ctx, 0, before); err != nil {
		return nil, err
	}
	if f.anew > 0 {
		return nil, errors.New("a sign-in had to begin again, although nothing was wrong")
	}
	return f, nil
}

// signedIn makes users who are signed in.
func (w *world) signedIn(ctx context.Context, n int) ([]*flow, error) {
	all := make([]*flow, n)
	err := inParallel(n, func(i int) (err error) {
		all[i], err = w.prepared(ctx, i, atRefresh)
		return err
	})
	return all, err
}

// stillIn says whether all of them still are, at whatever replica: their tokens work, can be refreshed, and the retired ones have the same answer.
func stillIn(ctx context.Context, all []*flow) error {
	return inParallel(len(all), func(i int) error {
		f := all[i]
		if err := f.finish(ctx, atCall, allSteps); err != nil {
			return fmt.Errorf("a user who was signed in: %w", err)
		}
		return f.retiredAgain(ctx)
	})
}

// retiredAgain uses the retired refresh token again, as a client does that has lost the answer. The ledger sees whether it gets another successor.
func (f *flow) retiredAgain(ctx context.Context) error {
	late := *f
	late.refresh = f.retired
	if err := late.finish(ctx, atRefresh, allSteps); err != nil {
		return fmt.Errorf("a retired refresh token within its grace: %w", err)
	}
	return nil
}

// inParallel does something n times at once, and returns some of the errors.
func inParallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = do(i) })
	}
	all.Wait()
	const some = 3
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	return errors.Join(errs[:min(some, len(errs))]...)
}
