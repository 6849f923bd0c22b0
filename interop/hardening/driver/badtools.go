package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A badTool is a call of a tool that does what it must not, and what the caller is told.
type badTool struct {
	name, arguments string
	tells           string // a part of the tool error
	atOnce          int    // at most; 0 is as many as there are
}

var badOnes = []badTool{
	{name: "fault_panic", arguments: "{}", tells: "failed inside the server"},
	{name: "fault_hang", arguments: "{}", tells: "did not finish within"},
	{name: "fault_deaf", arguments: `{"milliseconds":6000}`, tells: ""},
	{name: "fault_flood", arguments: `{"mebibytes":50}`, tells: "get only the members that you need", atOnce: 2},
}

// badTools calls them all at once, in both eras, and rows of 50 MiB, which are cut. Others are served meanwhile.
func badTools(ctx context.Context, w *world) error {
	base, err := w.base(ctx)
	if err != nil {
		return err
	}
	watch := w.watch(ctx, listTool)
	var longest times
	err = several(w.o.n, func(i int) error {
		c := w.client(0)
		defer c.close()
		if i%2 == 0 {
			if a, err := c.open(ctx); err != nil || a.status >= 300 {
				return good("initialize", a, err)
			}
			defer func() { _ = c.end(ctx) }()
		}
		var wrong []error
		for k := range badOnes {
			bad := badOnes[(i+k)%len(badOnes)]
			if bad.atOnce > 0 && i >= bad.atOnce {
				continue
			}
			from := time.Now()
			a, err := c.call(ctx, bad.name, bad.arguments)
			longest.add(time.Since(from))
			wrong = append(wrong, bad.judge(a, err))
		}
		return errors.Join(wrong...)
	})
	c := w.client(0)
	defer c.close()
	a, rows := c.call(ctx, "fault_rows", `{"mebibytes":50}`)
	if rows = good("rows of 50 MiB", a, rows); rows == nil && len(a.body) > 1<<20 {
		rows = fmt.Errorf("rows of 50 MiB: %d bytes came", len(a.body))
	}
	figures, served := watch.end()
	if err := errors.Join(err, rows, served); err != nil {
		return err
	}
	c.close()
	after, err := w.settled(ctx, base, 30*time.Second)
	if err != nil {
		return err
	}
	fmt.Printf("bad-tools: calls=%d longest=%s rows_answer=%dB %s %s\n", len(longest.all), ms(longest.at(100)), len(a.body), figures, after.figures())
	return nil
}

// judge wants a tool error that tells what it should, and never what the tool did inside.
func (b badTool) judge(a answer, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", b.name, err)
	case a.message.Result == nil || !a.message.Result.IsError && b.tells != "":
		return fmt.Errorf("%s: no tool error: %d %.300s", b.name, a.status, a.body)
	case !strings.Contains(a.message.text(), b.tells) || strings.Contains(a.message.text(), "on purpose"):
		return fmt.Errorf("%s: the tool error says %.300q", b.name, a.message.text())
	}
	return nil
}
