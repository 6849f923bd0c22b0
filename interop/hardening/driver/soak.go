package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// soak is all of it, mixed, for a while. After that the server holds what it held before.
func soak(ctx context.Context, w *world) error {
	base, err := w.base(ctx)
	if err != nil {
		return err
	}
	watch := w.watch(ctx, listTool)
	var did [10]atomic.Int64
	var refused atomic.Int64
	until := time.Now().Add(w.o.lasts)
	err = several(w.o.n, func(worker int) error {
		for i := worker; time.Now().Before(until); i++ {
			if err := w.disturb(ctx, worker%max(1, w.callers-1), i%len(did), &refused); err != nil {
				return err
			}
			did[i%len(did)].Add(1)
		}
		return nil
	})
	figures, served := watch.end()
	if err := errors.Join(err, served); err != nil {
		return err
	}
	after, err := w.settled(ctx, base, time.Minute)
	if err != nil {
		return err
	}
	total := int64(0)
	for i := range did {
		total += did[i].Load()
	}
	fmt.Printf("soak: lasted=%s workers=%d deeds=%d refused_and_came_again=%d %s base_goroutines=%d base_descriptors=%d base_heap=%s %s\n",
		w.o.lasts, w.o.n, total, refused.Load(), figures, base.Goroutines, base.Descriptors, mib(base.Heap), after.figures())
	return nil
}

// disturb is one deed of a worker.
func (w *world) disturb(ctx context.Context, caller, deed int, refused *atomic.Int64) error {
	switch deed {
	case 0, 1, 2, 3:
		c := w.client(caller)
		defer c.close()
		return visit(ctx, c, deed%2 == 0, refused)
	case 4, 5:
		return w.impatient(ctx, caller, deed == 4)
	case 6:
		return w.misuse(ctx, caller, badOnes[0])
	case 7:
		return w.misuse(ctx, caller, badTool{name: "fault_flood", arguments: `{"mebibytes":2}`, tells: "get only the members that you need"})
	case 8:
		return w.halfSent(ctx, caller)
	default:
		return w.unused(ctx, caller)
	}
}

// impatient calls and is gone before the answer.
func (w *world) impatient(ctx context.Context, caller int, legacy bool) error {
	c := w.client(caller)
	defer c.close()
	if legacy {
		a, err := c.open(ctx)
		if _, later := a.later(); err != nil || later {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if a, err := c.call(ctx, "fault_hang", "{}"); err == nil && a.status == http.StatusOK {
		return fmt.Errorf("fault_hang was answered: %.200s", a.body)
	}
	return nil
}

// misuse calls a bad tool.
func (w *world) misuse(ctx context.Context, caller int, bad badTool) error {
	c := w.client(caller)
	defer c.close()
	a, err := c.call(ctx, bad.name, bad.arguments)
	if _, later := a.later(); err == nil && later {
		return nil
	}
	return bad.judge(a, err)
}

// halfSent leaves a body unfinished.
func (w *world) halfSent(ctx context.Context, caller int) error {
	conn, err := w.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, w.head(1000, w.keyOf(caller))+"{")
	return err
}

// unused opens a session and a stream, and forgets both.
func (w *world) unused(ctx context.Context, caller int) error {
	c := w.client(caller)
	defer c.close()
	a, err := c.open(ctx)
	if _, later := a.later(); err != nil || later {
		return err
	}
	if err := good("initialize", a, nil); err != nil {
		return err
	}
	resp, err := c.bare(ctx, http.MethodGet)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") && resp.StatusCode != http.StatusTooManyRequests {
		return fmt.Errorf("GET: %s", resp.Status)
	}
	return nil
}
