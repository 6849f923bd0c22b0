package main

import (
	"context"
	"errors"
	"fmt"
)

const (
	bystanders = 6
	victim     = 0 // the replica whose steps are disturbed
)

// killed ends a replica at once at every moment of every step, the one in which nobody can help apart. The client tries again at the others.
func killed(ctx context.Context, w *world) error {
	users, err := w.signedIn(ctx, bystanders)
	if err != nil {
		return err
	}
	var later tasks
	defer later.wait()
	for _, m := range moments() {
		if m.isWindow() {
			continue
		}
		f, err := w.prepared(ctx, 1, m.step)
		if err != nil {
			return fmt.Errorf("before %s: %w", m, err)
		}
		result, err := w.during(ctx, f, m, victim)
		if err != nil {
			return err
		}
		w.replicas[victim].kill()
		if m.asks {
			<-w.idp.left
		}
		w.idp.release()
		w.wires[victim].release(false)
		outcome := <-result
		if !errors.Is(outcome, errLost) {
			return fmt.Errorf("%s: the replica is killed, and the answer is %w", m, outcome)
		}
		f.at = w.others(victim)
		if err := errors.Join(later.goOn(ctx, f, m, outcome), w.replicas[victim].start(ctx)); err != nil {
			return err
		}
	}
	return errors.Join(later.wait(), w.killedBetween(ctx), stillIn(ctx, users))
}

// killedBetween ends the replica that has answered a step, before the next: it goes there, to nobody, and then on to the others.
func (w *world) killedBetween(ctx context.Context) error {
	for i, s := range steps {
		last := i % len(w.replicas)
		f, err := w.prepared(ctx, last+1, i)
		if err != nil {
			return fmt.Errorf("before %s: %w", s.name, err)
		}
		f.at = only(last)
		if err := s.do(f, ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		w.replicas[last].kill()
		f.at = w.inTurn(last)
		if err := f.finish(ctx, i+1, allSteps); err != nil || f.anew > 0 {
			return fmt.Errorf("%s was answered, and the replica then killed: the user began %d times again: %w", s.name, f.anew, err)
		}
		if err := errors.Join(f.retiredAgain(ctx), w.replicas[last].start(ctx)); err != nil {
			return err
		}
	}
	return nil
}
