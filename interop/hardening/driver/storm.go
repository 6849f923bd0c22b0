package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// storm is a flood of initialize whose sessions nobody uses: with a key until the limit of the caller is reached, then refusals that say when to come again;
// without one only refusals.
func storm(ctx context.Context, w *world) error {
	base, err := w.base(ctx)
	if err != nil {
		return err
	}
	watch := w.watch(ctx, listTool)
	const workers = 32
	clients := make([]*client, workers)
	for i := range clients {
		clients[i] = w.client(0)
		defer clients[i].close()
	}
	var opened, refused, strangers atomic.Int64
	begun := time.Now()
	err = inTurns(w.o.n, workers, func(worker, i int) error {
		c := *clients[worker]
		if i%5 == 4 {
			c.key = "of-nobody"
		}
		a, err := c.post(ctx, "initialize", initialize)
		if err != nil {
			return err
		}
		_, later := a.later()
		switch {
		case i%5 != 4 && a.status == http.StatusOK:
			opened.Add(1)
		case later:
			refused.Add(1)
		case i%5 == 4 && a.status == http.StatusUnauthorized:
			strangers.Add(1)
		default:
			return fmt.Errorf("initialize: %d %.200s", a.status, a.body)
		}
		return nil
	})
	lasted := time.Since(begun)
	figures, served := watch.end()
	if err := errors.Join(err, served); err != nil {
		return err
	}
	full, err := w.state(ctx)
	if err != nil {
		return err
	}
	for _, c := range clients {
		c.close()
	}
	after, err := w.settled(ctx, base, time.Minute)
	if err != nil {
		return err
	}
	fmt.Printf("storm: initialize=%d in=%s opened=%d refused=%d strangers=%d goroutines_then=%d heap_then=%s %s %s\n",
		w.o.n, ms(lasted), opened.Load(), refused.Load(), strangers.Load(), full.Goroutines, mib(full.Heap), figures, after.figures())
	return nil
}
