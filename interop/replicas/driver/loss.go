package main

import (
	"context"
	"errors"
	"fmt"
)

// loss empties Redis, while it runs and by a restart: users sign in again, and are told so.
func loss(ctx context.Context, w *world) error {
	for what, lose := range map[string]func() error{
		"FLUSHALL":  func() error { return w.redis.admin.FlushAll(ctx).Err() },
		"a restart": func() error { w.redis.kill(); return errors.Join(w.redis.forget(), w.redis.start(ctx)) },
	} {
		var before []*flow
		for i := range steps {
			f, err := w.prepared(ctx, i, i)
			if err != nil {
				return err
			}
			before = append(before, f)
		}
		if err := lose(); err != nil {
			return err
		}
		if err := afterLoss(ctx, before); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		for i, f := range before { // everybody can sign in, with the client that they have
			from := atAuthorize
			if i <= atAuthorize {
				from = i
			}
			if err := f.finish(ctx, from, allSteps); err != nil {
				return fmt.Errorf("%s, and then: %w", what, err)
			}
		}
	}
	return nil
}

// afterLoss wants success of what needs nothing that was stored, and clear refusals of the rest.
func afterLoss(ctx context.Context, before []*flow) error {
	for i, f := range before {
		err := steps[i].do(f, ctx)
		var e *unexpected
		ok := false
		switch i {
		case atCallback:
			ok = judge(steps[i], err) == anew && errors.As(err, &e) && e.advice != ""
		case atToken, atRefresh:
			ok = isRefused(err, "invalid_grant")
		case atCall:
			ok = isRefused(err, "invalid_token")
		default:
			ok = err == nil || errors.Is(err, errLost)
		}
		if !ok {
			return fmt.Errorf("%s: %w", steps[i].name, orNothing(err))
		}
	}
	return nil
}
