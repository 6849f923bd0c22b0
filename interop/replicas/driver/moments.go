package main

import (
	"context"
	"fmt"
	"time"
)

// A moment is when something happens in a step: when a command is on its way to Redis, or its answer back, or while the identity provider is asked and has
// not yet acted.
type moment struct {
	step, nth    int
	answer, asks bool
}

func (m moment) String() string {
	switch name := steps[m.step].name; {
	case m.asks:
		return name + ", while the identity provider is asked"
	case m.answer:
		return fmt.Sprintf("%s, after Redis command %d", name, m.nth)
	default:
		return fmt.Sprintf("%s, before Redis command %d", name, m.nth)
	}
}

// moments are all of them. Those at the identity provider come first, since it cannot tell by whom it is asked, and later others are under way too.
func moments() []moment {
	var asking, all []moment
	for i, s := range steps {
		for nth := 1; nth <= s.stored; nth++ {
			all = append(all, moment{step: i, nth: nth}, moment{step: i, nth: nth, answer: true})
		}
		if s.asks {
			asking = append(asking, moment{step: i, asks: true})
		}
	}
	return append(asking, all...)
}

// isWindow reports whether the identity provider has acted, and what it has answered is with this replica alone. If the process dies then, its refresh token
// at the provider is lost, which nobody can prevent: the client's next refresh is refused, and the user signs in again.
func (m moment) isWindow() bool { return m.step == atRefresh && m.nth == 3 && !m.answer }

// during does a step at a replica, and returns when the moment is there. What becomes of the step comes later.
func (w *world) during(ctx context.Context, f *flow, m moment, replica int) (<-chan error, error) {
	before := f.at
	f.at = only(replica)
	arrived := w.idp.waiting
	if m.asks {
		w.idp.hold()
	} else {
		arrived = w.wires[replica].set(m.nth, m.answer).caught
	}
	result := make(chan error, 1)
	go func() {
		err := steps[m.step].do(f, ctx)
		f.at = before
		result <- err
	}()
	select {
	case <-arrived:
		return result, nil
	case err := <-result:
		return nil, fmt.Errorf("%s: it is over already: %w", m, err)
	case <-time.After(startTime):
		return nil, fmt.Errorf("%s: it does not come so far", m)
	}
}

// goesOn is for what comes after a moment: from the step of the moment on, until a refresh with what is retired then. A step that has succeeded all the
// same is not done again.
func (f *flow) goesOn(ctx context.Context, m moment, result error) error {
	from := m.step
	switch judge(steps[from], result) {
	case goOn:
		from++
	case anew:
		f.anew++
		from = atAuthorize
	case wrong:
		return fmt.Errorf("%s: %w", m, result)
	}
	if err := f.finish(ctx, from, allSteps); err != nil {
		return fmt.Errorf("%s, and then: %w", m, err)
	}
	if err := f.retiredAgain(ctx); err != nil {
		return fmt.Errorf("%s, and then: %w", m, err)
	}
	if f.anew > 1 || f.anew > 0 && !steps[m.step].instead {
		return fmt.Errorf("%s: the user had to begin %d times again", m, f.anew)
	}
	return nil
}
