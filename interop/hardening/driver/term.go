package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// term sends SIGTERM under load. Each call that a tool has begun is answered in full, all others are refused so that a client can tell, and the process ends in time.
func term(ctx context.Context, w *world) error {
	if _, err := w.base(ctx); err != nil {
		return err
	}
	l := &lastCalls{answered: map[string]bool{}, refusals: map[string]int{}}
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.wrong.add(several(w.o.n, func(i int) error { return l.work(ctx, w, i, stop) }))
	}()
	time.Sleep(1500 * time.Millisecond)
	probe := w.probe(ctx)
	signalled := time.Now()
	if err := w.victim.terminate(); err != nil {
		return err
	}
	select {
	case <-w.victim.ended:
	case <-time.After(9*time.Second + moment): // the default grace, the end after it
		return fmt.Errorf("the process has not ended %s after SIGTERM", time.Since(signalled))
	}
	lasted := time.Since(signalled)
	close(stop)
	<-done
	draining := probe()
	if w.victim.outcome != nil {
		l.wrong.add(fmt.Errorf("the process has ended with %w", w.victim.outcome))
	}
	if draining == 0 {
		l.wrong.add(errors.New("nobody was told that the server is not ready"))
	}
	answered, err := l.judge(w.victim.accepted.text())
	if err != nil {
		return err
	}
	fmt.Printf("term: workers=%d accepted_and_answered=%d of_them_after_the_signal=%d refused=%q ended_after=%s ready_503_seen=%d\n",
		w.o.n, answered, l.late, fmt.Sprint(l.refusals), ms(lasted), draining)
	return nil
}

// lastCalls are the calls around the end of a server.
type lastCalls struct {
	mu       sync.Mutex
	answered map[string]bool
	refusals map[string]int // by what they look like
	late     int            // answers that came after the signal
	wrong    tally
}

// work calls until it is refused, in both eras, with connections that are kept and with new ones.
func (l *lastCalls) work(ctx context.Context, w *world, i int, stop chan struct{}) error {
	c := w.client(i)
	defer c.close()
	if i%2 == 0 {
		a, err := c.open(ctx)
		if err := good("initialize", a, err); err != nil {
			return err
		}
	}
	for k := 0; ; k++ {
		select {
		case <-stop:
			return errors.New("a worker was not refused")
		default:
		}
		if i%4 < 2 {
			c.close()
		}
		id := fmt.Sprintf("w%d-%d", i, k)
		a, err := c.call(ctx, "fault_work", fmt.Sprintf(`{"id":%q,"milliseconds":%d}`, id, rand.IntN(1500)))
		if refused, err := l.note(w, id, a, err); refused || err != nil {
			return err
		}
	}
}

// note keeps what became of a call, and reports whether it was refused.
func (l *lastCalls) note(w *world, id string, a answer, err error) (refused bool, wrong error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case errors.Is(err, errCut):
		return false, fmt.Errorf("%s: %w", id, err)
	case err != nil:
		l.refusals[kind(err)]++
		return true, nil
	case a.status == http.StatusServiceUnavailable:
		l.refusals["503"]++
		return true, nil
	case a.message.Result == nil || a.message.Result.IsError || !strings.Contains(a.message.text(), id):
		return false, fmt.Errorf("%s: %d %.300s", id, a.status, a.body)
	}
	l.answered[id] = true
	if w.victim.told.Load() {
		l.late++
	}
	return false, nil
}

// kind of an error of a connection.
func kind(err error) string {
	for _, known := range []string{"connection refused", "connection reset", "broken pipe", "EOF"} {
		if strings.Contains(err.Error(), known) {
			return known
		}
	}
	return err.Error()
}

// judge compares what had begun with what was answered.
func (l *lastCalls) judge(accepted string) (int, error) {
	n := 0
	for line := range strings.Lines(accepted) {
		id := strings.TrimSpace(strings.TrimPrefix(line, "begun "))
		if n++; !l.answered[id] {
			l.wrong.add(fmt.Errorf("%s had begun, and its client has no answer", id))
		}
	}
	if n == 0 {
		l.wrong.add(errors.New("no call had begun"))
	}
	return n, l.wrong.err()
}

// probe asks for readiness all the time, as balancers do, and its end tells how often the answer was 503.
func (w *world) probe(ctx context.Context) (draining func() int) {
	c := w.client(0)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	seen := 0
	url := strings.TrimSuffix(w.url, "/mcp") + "/ready"
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				return
			}
			if a, err := read(c.http.Do(req)); err == nil && a.status == http.StatusServiceUnavailable {
				seen++
			}
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() int { cancel(); <-done; return seen }
}
