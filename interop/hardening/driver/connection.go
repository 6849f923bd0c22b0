package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
)

// dial opens a connection on which anything may be sent.
func (w *world) dial(ctx context.Context) (*net.TCPConn, error) {
	u, err := url.Parse(w.url)
	if err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return nil, errors.New("no TCP")
	}
	return tcp, nil
}

// host is what a Host header says.
func (w *world) host() string {
	u, _ := url.Parse(w.url) // dial has parsed it
	return u.Host
}

// head is a POST up to the end of its header.
func (w *world) head(length int, key string) string {
	u, _ := url.Parse(w.url) // dial has parsed it
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Accept: application/json, text/event-stream\r\nContent-Length: %d\r\n\r\n", u.Path, u.Host, key, length)
}

// rest reads what comes until the peer closes the connection, and reports whether it did within the limit.
func rest(conn net.Conn, within time.Duration) (content string, closed bool) {
	_ = conn.SetReadDeadline(time.Now().Add(within)) // a closed one fails the read
	var all strings.Builder
	_, err := io.Copy(&all, conn)
	return all.String(), !errors.Is(err, os.ErrDeadlineExceeded)
}

// drip sends a byte at a time until the peer has enough of it or the limit has passed, and returns when that was, and what the peer has said.
func drip(conn net.Conn, content string, every, limit time.Duration) (took time.Duration, said string, closed bool) {
	from := time.Now()
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range len(content) {
			if _, err := io.WriteString(conn, content[i:i+1]); err != nil {
				return
			}
			select {
			case <-stop:
				return
			case <-time.After(every):
			}
		}
	}()
	said, closed = rest(conn, limit)
	took = time.Since(from)
	close(stop)
	_ = conn.Close() // ends a write that waits
	<-done
	return took, said, closed
}
