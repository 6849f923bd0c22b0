package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// crowd is many clients at once. None may fail but with a refusal that says when to come again, and then it succeeds.
func crowd(ctx context.Context, w *world) error {
	base, err := w.base(ctx)
	if err != nil {
		return err
	}
	var took times
	var refused atomic.Int64
	start := make(chan struct{})
	clients := make([]*client, w.o.n)
	for i := range clients {
		clients[i] = w.client(i)
	}
	begun := time.Now()
	time.AfterFunc(200*time.Millisecond, func() { close(start) })
	err = several(len(clients), func(i int) error {
		<-start
		from := time.Now()
		defer func() { took.add(time.Since(from)); clients[i].close() }()
		return visit(ctx, clients[i], i%2 == 0, &refused)
	})
	lasted := time.Since(begun)
	if err != nil {
		return err
	}
	after, err := w.settled(ctx, base, 30*time.Second)
	if err != nil {
		return err
	}
	fmt.Printf("crowd: clients=%d in=%s refused_and_came_again=%d visits_%s %s\n", w.o.n, ms(lasted), refused.Load(), took.figures(), after.figures())
	return nil
}

// visit is what a client does: tools/list and a call, in a session or without.
func visit(ctx context.Context, c *client, legacy bool, refused *atomic.Int64) error {
	if legacy {
		if err := patient(ctx, "initialize", refused, func() (answer, error) { return c.open(ctx) }); err != nil {
			return err
		}
	}
	err := patient(ctx, "tools/list", refused, func() (answer, error) { return c.post(ctx, "tools/list", "{}") })
	if err != nil {
		return err
	}
	err = patient(ctx, "tools/call", refused, func() (answer, error) { return c.call(ctx, listTool, "{}") })
	if err != nil || !legacy {
		return err
	}
	return c.end(ctx)
}

// patient comes again when it was told to, at most so many times.
func patient(ctx context.Context, what string, refused *atomic.Int64, do func() (answer, error)) error {
	for range 30 {
		a, err := do()
		wait, ok := a.later()
		if err != nil || !ok {
			return good(what, a, err)
		}
		refused.Add(1)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait + rand.N(wait)): // not all at the same moment
		}
	}
	return fmt.Errorf("%s: refused 30 times", what)
}
