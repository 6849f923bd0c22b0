package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// crashed ends Redis at once at every moment of every step, and restarted in order. It keeps what it has written.
func crashed(ctx context.Context, w *world) error {
	return w.withoutRedis(ctx, func() error { w.redis.kill(); return nil })
}

func restarted(ctx context.Context, w *world) error { return w.withoutRedis(ctx, w.redis.end) }

func (w *world) withoutRedis(ctx context.Context, end func() error) error {
	users, err := w.signedIn(ctx, bystanders)
	if err != nil {
		return err
	}
	var later tasks
	defer later.wait()
	for _, m := range moments() {
		f, err1 := w.prepared(ctx, victim+1, m.step)
		form, err2 := w.prepared(ctx, victim+1, atConsent)
		signIn, err3 := w.prepared(ctx, victim+1, atCallback)
		user, err4 := w.prepared(ctx, victim+1, atCall)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			return fmt.Errorf("before %s: %w", m, err)
		}
		result, err := w.during(ctx, f, m, victim)
		if err != nil {
			return err
		}
		if err := end(); err != nil {
			return err
		}
		for i := range w.replicas {
			w.wires[i].release(false)
		}
		err = errors.Join(form.refused(ctx, atConsent), signIn.refused(ctx, atCallback), user.refused(ctx, atCall), user.refused(ctx, atRefresh), w.redis.start(ctx))
		w.idp.release()
		if err != nil {
			return fmt.Errorf("%s: %w", m, err)
		}
		outcome := <-result
		f.at = w.others(victim)
		if err := later.goOn(ctx, f, m, outcome); err != nil {
			return err
		}
		if err := errors.Join(form.finish(ctx, atConsent, allSteps), signIn.finish(ctx, atCallback, allSteps), user.finish(ctx, atCall, allSteps)); err != nil {
			return fmt.Errorf("%s, others: %w", m, err)
		}
		if form.anew+signIn.anew+user.anew > 0 {
			return fmt.Errorf("%s: another user, whose request was answered with 503, had to begin again", m)
		}
	}
	return errors.Join(later.wait(), stillIn(ctx, users))
}

// refused wants 503 at every replica.
func (f *flow) refused(ctx context.Context, step int) error {
	for range f.w.replicas {
		if err := steps[step].do(f, ctx); !isTemporary(err) {
			return fmt.Errorf("%s without Redis: %w", steps[step].name, orNothing(err))
		}
	}
	return nil
}

// orNothing makes an error of success.
func orNothing(err error) error {
	if err == nil {
		return errors.New("it has succeeded")
	}
	return err
}

// stopped keeps Redis from running at every moment of every step, for longer than a command may take. What was sent to it is done late, when nobody waits for
// it any more.
func stopped(ctx context.Context, w *world) error {
	return w.waiting(ctx, w.redis.stop, func() error {
		for _, way := range w.wires {
			way.release(true)
		}
		time.Sleep(w.set.timeout + w.set.timeout/2)
		return w.redis.goOn()
	})
}

// stalled keeps commands from Redis, for longer than they may take; then they are lost.
func stalled(ctx context.Context, w *world) error {
	return w.waiting(ctx, func() error { return nil }, func() error {
		time.Sleep(w.set.timeout + w.set.timeout/2)
		for _, way := range w.wires {
			way.release(false)
		}
		return nil
	})
}

func (w *world) waiting(ctx context.Context, stop, goOn func() error) error {
	users, err := w.signedIn(ctx, bystanders)
	if err != nil {
		return err
	}
	var later tasks
	defer later.wait()
	for _, m := range moments() {
		f, err := w.prepared(ctx, victim+1, m.step)
		if err != nil {
			return fmt.Errorf("before %s: %w", m, err)
		}
		result, err := w.during(ctx, f, m, victim)
		if err == nil {
			err = errors.Join(stop(), goOn())
		}
		w.idp.release()
		if err != nil {
			return err
		}
		outcome := <-result
		f.at = w.others(victim)
		if err := later.goOn(ctx, f, m, outcome); err != nil {
			return err
		}
	}
	return errors.Join(later.wait(), stillIn(ctx, users))
}

// slow makes every command take its time.
func slow(ctx context.Context, w *world) error {
	for _, way := range w.wires {
		way.slow(100 * time.Millisecond)
	}
	return inParallel(4*len(w.replicas), func(i int) error {
		f, err := w.prepared(ctx, i, allSteps)
		if err != nil {
			return err
		}
		return f.retiredAgain(ctx)
	})
}
