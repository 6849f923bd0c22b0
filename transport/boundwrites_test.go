package transport_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

// listen returns a listener on loopback.
func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

// A pipeListener has connections without buffers: a write lasts until the peer has read it.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (l *pipeListener) dial() net.Conn {
	ours, theirs := net.Pipe()
	l.conns <- theirs
	return ours
}

// Strangers who read no answer lose their connection, whatever they ask for; a stream that rests stays.
func TestStrangersWhoDoNotReadAreCutOff(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		e, err := transport.New(transport.Config{Server: newServer(nil), Auth: byToken})
		if err != nil {
			t.Fatal(err)
		}
		mux := http.NewServeMux()
		mux.Handle("/mcp", e)
		mux.Handle("/health", e.Bounded(e.Health()))
		mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
			for range 3 {
				_, _ = io.WriteString(w, "x")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(10 * time.Minute)
			}
		})
		ln, closed := newPipeListener(), make(chan struct{}, 1)
		hs := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed {
				closed <- struct{}{}
			}
		}}
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- transport.Serve(ctx, hs, ln, e, time.Second) }()
		request := func(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n" }
		for _, path := range []string{"/mcp", "/health", "/nothing"} {
			conn, begin := ln.dial(), time.Now()
			if _, err := io.WriteString(conn, request(path)); err != nil {
				t.Fatal(err)
			}
			<-closed
			if took := time.Since(begin); took < 30*time.Second || took > 46*time.Second {
				t.Errorf("%s: the connection was closed after %s", path, took)
			}
		}
		conn := ln.dial()
		if _, err := io.WriteString(conn, request("/stream")); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(resp.Body); err != nil || string(text) != "xxx" {
			t.Errorf("a stream that rests is cut: %q, %v", text, err)
		}
		_ = conn.Close()
		<-closed
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

// A deadline that somebody sets counts until it is taken away.
func TestBoundWritesLeavesOtherDeadlines(t *testing.T) {
	inner := listen(t)
	ln := transport.BoundWrites(inner, 500*time.Millisecond) // longer than a busy machine keeps a goroutine waiting
	peer, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = peer.Close() }()
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for name, set := range map[string]func(time.Time) error{"SetWriteDeadline": conn.SetWriteDeadline, "SetDeadline": conn.SetDeadline} {
		if err := set(time.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: a deadline that is over does not count: %v", name, err)
		}
		if err := set(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte("x")); err != nil {
			t.Errorf("%s: a deadline that was taken away counts: %v", name, err)
		}
		time.Sleep(800 * time.Millisecond)
		if _, err := conn.Write([]byte("x")); err != nil {
			t.Errorf("%s: after a rest: %v", name, err)
		}
	}
	begin := time.Now()
	for err = nil; err == nil && time.Since(begin) < 20*time.Second; {
		_, err = conn.Write(make([]byte, 1<<20))
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a peer that reads nothing: %v", err)
	}
}

// Limits that are none, or beyond what time can hold, cut nothing.
func TestBoundWritesOfExtremes(t *testing.T) {
	for _, limit := range []time.Duration{transport.Off, 0, math.MaxInt64} {
		srv := httptest.NewUnstartedServer(http.NotFoundHandler())
		srv.Listener = transport.BoundWrites(srv.Listener, limit)
		srv.Start()
		defer srv.Close()
		resp, err := srv.Client().Get(srv.URL)
		if err != nil {
			t.Errorf("limit %d: %v", limit, err)
			continue
		}
		_ = resp.Body.Close()
	}
}
