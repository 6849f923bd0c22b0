package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// A slow is a way to occupy a connection, and when the server must have ended it.
type slow struct {
	name  string
	limit func(options) time.Duration
	do    func(w *world, conn *net.TCPConn, limit time.Duration) (took time.Duration, said string, closed bool)
	says  string // what the server says before
}

const moment = 5 * time.Second // more than a deadline may take on a busy machine

var slows = []slow{
	{"nothing", func(o options) time.Duration { return o.header }, func(_ *world, conn *net.TCPConn, limit time.Duration) (time.Duration, string, bool) {
		return drip(conn, "", 0, limit)
	}, ""},
	{"headers", func(o options) time.Duration { return o.header }, func(w *world, conn *net.TCPConn, limit time.Duration) (time.Duration, string, bool) {
		return drip(conn, w.head(10, w.key)[:60]+strings.Repeat("x", 1000), 200*time.Millisecond, limit)
	}, ""},
	{"bodies", func(o options) time.Duration { return o.body }, func(w *world, conn *net.TCPConn, limit time.Duration) (time.Duration, string, bool) {
		_, _ = io.WriteString(conn, w.head(100000, w.key)) // a closed one fails the next
		return drip(conn, strings.Repeat(" ", 1000), 200*time.Millisecond, limit)
	}, "408"},
	{"strangers' bodies", func(options) time.Duration { return time.Second }, func(w *world, conn *net.TCPConn, limit time.Duration) (time.Duration, string, bool) {
		_, _ = io.WriteString(conn, w.head(100000, "wrong"))
		return drip(conn, strings.Repeat(" ", 1000), 200*time.Millisecond, limit)
	}, "401"},
	{"half-closed in a header", func(o options) time.Duration { return o.header }, func(w *world, conn *net.TCPConn, limit time.Duration) (time.Duration, string, bool) {
		_, _ = io.WriteString(conn, w.head(10, w.key)[:40])
		_ = conn.CloseWrite()
		return drip(conn, "", 0, limit)
	}, ""},
	{"half-closed in a body", func(options) time.Duration { return time.Second }, func(w *world, conn *net.TCPConn, limit time.Duration) (time.Duration, string, bool) {
		_, _ = io.WriteString(conn, w.head(100, w.key)+"{")
		_ = conn.CloseWrite()
		return drip(conn, "", 0, limit)
	}, "400"},
	{"half-closed after a request", func(options) time.Duration { return 10 * time.Second }, func(w *world, conn *net.TCPConn, limit time.Duration) (time.Duration, string, bool) {
		_, _ = io.WriteString(conn, w.head(len(ping), w.key)+ping)
		_ = conn.CloseWrite()
		return drip(conn, "", 0, limit)
	}, ""},
	{"answers that nobody takes", func(o options) time.Duration { return o.body * 3 / 2 }, func(w *world, conn *net.TCPConn, limit time.Duration) (time.Duration, string, bool) {
		return untaken(w, conn, limit)
	}, ""},
}

const ping = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":` + initialize + `}`

// untaken sends requests and reads nothing, until the server takes no more of them, and then until it gives up.
func untaken(w *world, conn *net.TCPConn, limit time.Duration) (took time.Duration, said string, closed bool) {
	_ = conn.SetReadBuffer(4096) // a larger one only takes longer to fill
	body := `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":` + withMeta("{}") + `}`
	head := strings.Replace(w.head(len(body), w.key), "\r\n\r\n", "\r\nMcp-Protocol-Version: "+modernVersion+"\r\nMcp-Method: tools/list\r\n\r\n", 1)
	from := time.Now()
	_ = conn.SetWriteDeadline(from.Add(limit))
	for {
		if _, err := io.WriteString(conn, head+body); err != nil {
			timeout, ok := err.(net.Error) //nolint:errorlint // of the connection itself
			return time.Since(from), "", !(ok && timeout.Timeout())
		}
	}
}

// slowloris occupies connections in all these ways at once. Each is ended at its deadline, and others are served meanwhile.
func slowloris(ctx context.Context, w *world) error {
	base, err := w.base(ctx)
	if err != nil {
		return err
	}
	watch := w.watch(ctx, listTool)
	each := max(1, w.o.n/len(slows))
	took := make([]times, len(slows))
	err = several(each*len(slows), func(i int) error {
		s := &slows[i%len(slows)]
		conn, err := w.dial(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		lasted, said, closed := s.do(w, conn, s.limit(w.o)+moment)
		took[i%len(slows)].add(lasted)
		switch {
		case !closed:
			return fmt.Errorf("%s: the connection is open after %s", s.name, lasted)
		case s.says != "" && !strings.HasPrefix(said, "HTTP/1.1 "+s.says):
			return fmt.Errorf("%s: the server said %.100q, not %s", s.name, said, s.says)
		}
		return nil
	})
	figures, served := watch.end()
	if err != nil || served != nil {
		return fmt.Errorf("%w; others: %w", err, served)
	}
	after, err := w.settled(ctx, base, time.Minute)
	if err != nil {
		return err
	}
	for i := range slows {
		fmt.Printf("slowloris-%s: connections=%d ended_after_p50=%s ended_after_max=%s\n", strings.ReplaceAll(slows[i].name, " ", "-"), each, ms(took[i].at(50)), ms(took[i].at(100)))
	}
	fmt.Printf("slowloris: connections=%d %s %s\n", each*len(slows), figures, after.figures())
	return nil
}
