package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// idle opens sessions and leaves them alone, some with a stream. Half of them are ended, the others end by themselves.
func idle(ctx context.Context, w *world) error {
	base, err := w.base(ctx)
	if err != nil {
		return err
	}
	begun := time.Now()
	var refused atomic.Int64
	sessions, err := w.openAll(ctx, &refused)
	opened := time.Since(begun)
	defer func() {
		for _, s := range sessions {
			s.leave()
		}
	}()
	if err != nil {
		return err
	}
	full, err := w.state(ctx)
	if err != nil {
		return err
	}
	var took times
	c := w.client(0)
	defer c.close()
	for range 200 {
		from := time.Now()
		a, err := c.post(ctx, "tools/list", "{}")
		if err := good("tools/list beside idle sessions", a, err); err != nil {
			return err
		}
		took.add(time.Since(from))
	}
	if took.at(99) > patience {
		return fmt.Errorf("beside idle sessions an answer takes %s", took.at(99))
	}
	begun = time.Now()
	ended := len(sessions) / 2
	err = inTurns(ended, 16, func(_, i int) error {
		return patient(ctx, "DELETE", &refused, func() (answer, error) { return read(sessions[i].bare(ctx, http.MethodDelete)) })
	})
	if err != nil {
		return err
	}
	deleted := time.Since(begun)
	for _, s := range sessions {
		s.leave() // streams, and connections
	}
	c.close()
	after, err := w.settled(ctx, base, w.o.idle+time.Minute)
	if err != nil {
		return err
	}
	streams := len(sessions) * w.o.streams / 100
	fmt.Printf("idle: sessions=%d streams=%d opened_in=%s refused_and_came_again=%d %s\n", len(sessions), streams, ms(opened), refused.Load(), full.figures())
	fmt.Printf("idle-each: memory=%.1fKiB goroutines=%.1f\n", float64(full.Heap+full.Stacks-base.Heap-base.Stacks)/1024/float64(len(sessions)),
		float64(full.Goroutines-base.Goroutines)/float64(len(sessions)))
	fmt.Printf("idle-others: %s\n", took.figures())
	fmt.Printf("idle-after: deleted=%d deleted_in=%s timed_out=%d base_goroutines=%d base_descriptors=%d base_heap=%s %s\n",
		ended, ms(deleted), len(sessions)-ended, base.Goroutines, base.Descriptors, mib(base.Heap), after.figures())
	return nil
}

// A session is a client that has one, and perhaps a stream.
type session struct {
	*client
	stream io.Closer
}

func (s *session) leave() {
	if s == nil {
		return
	}
	if s.stream != nil {
		_ = s.stream.Close()
		s.stream = nil
	}
	s.close()
}

// openAll opens the sessions. Those without a stream share a few connections.
func (w *world) openAll(ctx context.Context, refused *atomic.Int64) ([]*session, error) {
	const workers = 32
	shared := make([]*client, workers)
	for i := range shared {
		shared[i] = w.client(i)
	}
	sessions := make([]*session, w.o.n)
	return sessions, inTurns(w.o.n, workers, func(worker, i int) error {
		withStream := i%100 < w.o.streams
		c := *shared[worker]
		if withStream {
			c = *w.client(i)
		}
		c.key = w.keyOf(i)
		sessions[i] = &session{client: &c}
		if err := patient(ctx, "initialize", refused, func() (answer, error) { return c.open(ctx) }); err != nil || !withStream {
			return err
		}
		return patient(ctx, "GET", refused, func() (answer, error) {
			resp, err := c.bare(ctx, http.MethodGet)
			if err != nil || resp.StatusCode != http.StatusOK {
				return read(resp, err)
			}
			sessions[i].stream = resp.Body
			return answer{status: resp.StatusCode}, nil
		})
	})
}
