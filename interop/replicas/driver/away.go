package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// away keeps commands from Redis for longer than a refresh waits to save what the identity provider has answered. The replica saves it when Redis is there
// again, and the client's next try, at another replica, finds it.
func away(ctx context.Context, w *world) error {
	const longer = 9 * time.Second
	m := moment{step: atRefresh, nth: 3}
	f, err := w.prepared(ctx, victim+1, m.step)
	if err != nil {
		return err
	}
	result, err := w.during(ctx, f, m, victim)
	if err != nil {
		return err
	}
	time.Sleep(longer)
	w.wires[victim].release(false)
	outcome := <-result
	if !isTemporary(outcome) {
		return fmt.Errorf("%s: %w", m, orNothing(outcome))
	}
	f.at = w.others(victim)
	err = f.goesOn(ctx, m, outcome)
	f.at = w.inTurn(victim)
	return errors.Join(err, stillIn(ctx, []*flow{f}))
}
