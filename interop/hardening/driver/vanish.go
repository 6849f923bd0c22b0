package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// vanish is clients that are gone in the middle of something, some with a farewell of TCP and some without. What they had begun ends.
func vanish(ctx context.Context, w *world) error {
	base, err := w.base(ctx)
	if err != nil {
		return err
	}
	watch := w.watch(ctx, listTool)
	each := max(2, w.o.n/len(vanishings))
	begun := time.Now()
	err = several(each*len(vanishings), func(i int) error {
		v := &vanishings[i%len(vanishings)]
		if err := v.do(ctx, w, i/len(vanishings)%2 == 0); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
		return nil
	})
	if err != nil {
		watch.stop()
		return err
	}
	figures, err := watch.end()
	if err != nil {
		return err
	}
	within := time.Minute
	if w.o.leave {
		within += humanTime
	}
	after, err := w.settled(ctx, base, within)
	if err != nil {
		return err
	}
	fmt.Printf("vanish: clients=%d come_back=%t all_ended_after=%s %s %s\n", each*len(vanishings), !w.o.leave, ms(time.Since(begun)), figures, after.figures())
	return nil
}

// humanTime is how long the product waits for a human, who may have a client that comes back.
const humanTime = 5 * time.Minute

// vanishings are what a client can be in the middle of.
var vanishings = []struct {
	name string
	do   func(ctx context.Context, w *world, reset bool) error
}{
	{"in an elicitation", func(ctx context.Context, w *world, reset bool) error {
		v, err := w.vanishing(ctx, true)
		if err != nil {
			return err
		}
		if err := v.until(ctx, "zia_delete_rule_label", `{"label_id":"2401002"}`, "elicitation/create", reset); err != nil || w.o.leave {
			return err
		}
		defer v.close()
		return v.end(ctx) // on another connection
	}},
	{"in a call of a session", func(ctx context.Context, w *world, reset bool) error {
		v, err := w.vanishing(ctx, true)
		if err != nil {
			return err
		}
		return v.until(ctx, "fault_hang", "{}", "", reset)
	}},
	{"in a call", func(ctx context.Context, w *world, reset bool) error {
		v, err := w.vanishing(ctx, false)
		if err != nil {
			return err
		}
		return v.until(ctx, "fault_hang", "{}", "", reset)
	}},
	{"in a stream", func(ctx context.Context, w *world, reset bool) error {
		v, err := w.vanishing(ctx, true)
		if err != nil {
			return err
		}
		resp, err := v.bare(ctx, http.MethodGet)
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		return v.gone(reset)
	}},
}

// A vanishing is a client with one connection, which it can lose.
type vanishing struct {
	*client
	conns chan *net.TCPConn
}

// vanishing makes one, with a session or without.
func (w *world) vanishing(ctx context.Context, legacy bool) (*vanishing, error) {
	v := &vanishing{client: w.client(0), conns: make(chan *net.TCPConn, 16)}
	v.http.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		conn, err := w.dial(ctx)
		if err == nil {
			v.conns <- conn
		}
		return conn, err
	}}
	if !legacy {
		return v, nil
	}
	a, err := v.open(ctx)
	return v, good("initialize", a, err)
}

// until calls a tool and vanishes when the stream tells something, or a moment after the call has been sent.
func (v *vanishing) until(ctx context.Context, tool, arguments, tells string, reset bool) error {
	req, err := v.request(ctx, "tools/call", `{"name":"`+tool+`","arguments":`+arguments+`}`)
	if err != nil {
		return err
	}
	told := make(chan error, 1)
	go func() {
		resp, err := v.http.Do(req)
		if err != nil {
			told <- err
			return
		}
		defer func() { _ = resp.Body.Close() }()
		told <- find(resp.Body, tells)
	}()
	select {
	case err = <-told:
		if tells == "" {
			return fmt.Errorf("%s was answered: %w", tool, err)
		}
	case <-time.After(time.Second):
		if tells != "" {
			err = <-told
		}
	}
	if err != nil {
		return err
	}
	return v.gone(reset)
}

// find reads a stream until it tells something.
func find(stream io.Reader, what string) error {
	lines := bufio.NewScanner(stream)
	for lines.Scan() {
		if what != "" && strings.Contains(lines.Text(), what) {
			return nil
		}
	}
	return errors.New("the stream ends without " + what)
}

// gone ends all connections, without the farewell of TCP if reset.
func (v *vanishing) gone(reset bool) error {
	for {
		select {
		case conn := <-v.conns:
			if reset {
				_ = conn.SetLinger(0) // a closed one is as gone
			}
			_ = conn.Close()
		default:
			return nil
		}
	}
}
