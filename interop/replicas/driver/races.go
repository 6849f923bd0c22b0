package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"
	"time"
)

const racers = 60

// races uses one refresh token, and one code, many times at once at all replicas.
func races(ctx context.Context, w *world) error {
	for range 5 {
		if err := errors.Join(w.raceRefresh(ctx), w.raceCode(ctx)); err != nil {
			return err
		}
	}
	const families = 20 // several races at once
	return inParallel(families, func(int) error { return w.raceRefreshOf(ctx, racers/10) })
}

// raceRefresh wants one successor for all, which the identity provider was asked about once.
func (w *world) raceRefresh(ctx context.Context) error {
	asked := w.idp.refreshes()
	if err := w.raceRefreshOf(ctx, racers); err != nil {
		return err
	}
	if n := w.idp.refreshes() - asked; n != 2 { // the one after the race, too
		return fmt.Errorf("%d refreshes at once: the identity provider was asked %d times", racers, n-1)
	}
	return nil
}

func (w *world) raceRefreshOf(ctx context.Context, n int) error {
	f, err := w.prepared(ctx, 0, atRefresh)
	if err != nil {
		return err
	}
	all := make([]*flow, n)
	err = inParallel(n, func(i int) error {
		one := *f
		one.at, all[i] = only(i%len(w.replicas)), &one
		return one.renew(ctx)
	})
	if err != nil {
		return fmt.Errorf("%d refreshes at once: %w", n, err)
	}
	for _, one := range all {
		if one.refresh != all[0].refresh {
			return fmt.Errorf("%d refreshes at once have two successors", n)
		}
	}
	return all[0].finish(ctx, atCall, allSteps)
}

// raceCode wants tokens for one of all who have the code. The user stays signed in.
func (w *world) raceCode(ctx context.Context) error {
	f, err := w.prepared(ctx, 0, atToken)
	if err != nil {
		return err
	}
	var winner atomic.Pointer[flow]
	var winners atomic.Int32
	err = inParallel(racers, func(i int) error {
		one := *f
		one.at = only(i % len(w.replicas))
		switch err := one.redeem(ctx); {
		case err == nil:
			winners.Add(1)
			winner.Store(&one)
		case !isRefused(err, "invalid_grant"):
			return err
		}
		return nil
	})
	if n := winners.Load(); err != nil || n != 1 {
		return fmt.Errorf("%d uses of a code at once gave %d tokens: %w", racers, n, err)
	}
	return winner.Load().finish(ctx, atCall, allSteps)
}

// revocation ends a grant at one replica; the others see it within the time that they remember its status.
func revocation(ctx context.Context, w *world) error {
	const remembered = 5 * time.Second
	for at := range w.replicas {
		f, err := w.prepared(ctx, at, atCall)
		if err != nil {
			return err
		}
		for i := range w.replicas {
			if f.at = only(i); true {
				err = errors.Join(err, f.call(ctx))
			}
		}
		f.at = only(at)
		if err := errors.Join(err, f.revoke(ctx)); err != nil {
			return err
		}
		if err := f.call(ctx); !isRefused(err, "invalid_token") {
			return fmt.Errorf("revoked at this replica: %w", orNothing(err))
		}
		for i := range w.replicas {
			f.at = only(i)
			err := until(ctx, remembered+time.Second, fmt.Sprintf("revoked at replica %d, and replica %d still lets the token in", at, i), func() (bool, error) {
				err := f.call(ctx)
				if err != nil && !isRefused(err, "invalid_token") {
					return false, err
				}
				return err != nil, nil
			})
			if err != nil {
				return err
			}
			if err := f.renew(ctx); !isRefused(err, "invalid_grant") {
				return fmt.Errorf("refreshed after its revocation: %w", orNothing(err))
			}
		}
	}
	return nil
}

// commands counts what one sign-in and one refresh ask of Redis. What scripts do inside it does not count: that is one round trip.
func commands(ctx context.Context, w *world) error {
	if _, err := w.prepared(ctx, 0, allSteps); err != nil { // the server has all scripts then
		return err
	}
	w.counted()
	f, err := w.prepared(ctx, 0, atCall)
	if err != nil {
		return err
	}
	signIn := w.counted()
	if err := f.call(ctx); err != nil {
		return err
	}
	call := w.counted()
	if err := f.renew(ctx); err != nil {
		return err
	}
	refresh := w.counted()
	for what, row := range map[string]struct {
		counts map[string]int
		most   int
	}{"a sign-in": {signIn, 6}, "a call": {call, 1}, "a refresh": {refresh, 3}} {
		sum := 0
		for _, n := range row.counts {
			sum += n
		}
		fmt.Println(what, "asks", sum, row.counts)
		if sum > row.most || sum == 0 {
			return fmt.Errorf("%s asks Redis %v, want 1 to %d", what, row.counts, row.most)
		}
	}
	return nil
}

// counted is what all replicas have asked of Redis since the last time.
func (w *world) counted() map[string]int {
	all := map[string]int{}
	for _, way := range w.wires {
		for name, n := range maps.All(way.counted()) {
			all[name] += n
		}
	}
	return all
}
