package transport_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/transport"
)

// Connections beyond the limit are closed at once, and a place is free again when one has ended.
func TestConnectionsAreLimited(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	ln := transport.BoundConnections(inner, 2, slog.New(slog.NewTextHandler(&log, nil)))
	accepted := make(chan net.Conn, 10)
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			accepted <- conn
		}
	})
	dial := func() net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	isClosed := func(conn net.Conn) bool {
		t.Helper()
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		_, err := conn.Read(make([]byte, 1))
		return err == io.EOF || err != nil && strings.Contains(err.Error(), "reset")
	}
	dial()
	first := <-accepted
	dial()
	second := <-accepted
	for range 2 {
		if !isClosed(dial()) {
			t.Error("a third connection is left open")
		}
	}
	_, _ = first.Close(), first.Close() // the second time counts for nothing
	dial()
	third := <-accepted
	if !isClosed(dial()) {
		t.Error("two places came of one")
	}
	_, _, _ = second.Close(), third.Close(), inner.Close()
	accepting.Wait()
	if strings.Count(log.String(), "limit=2") != 1 {
		t.Errorf("the log has %s", log.String())
	}
}
