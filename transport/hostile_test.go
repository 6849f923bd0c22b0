package transport_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/transport"
)

// serveRig serves a rig as the binary does, with limits that a test can wait for.
func serveRig(t *testing.T, cfg transport.Config, hs *http.Server, tools map[string]handler) *rig {
	t.Helper()
	cfg.Server = newServer(tools)
	e, err := transport.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	hs.Handler = e
	ln := listen(t)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- transport.Serve(ctx, hs, ln, e, time.Second) }()
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		client.CloseIdleConnections()
	})
	return &rig{t: t, e: e, url: "http://" + ln.Addr().String(), client: client}
}

// D82: a header that is too large is refused unread, and one below the limit is served.
func TestOversizedHeaders(t *testing.T) {
	rg := serveRig(t, transport.Config{}, &http.Server{ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 8 << 10}, nil)
	for _, header := range map[string]string{
		"one line": "X-A: " + strings.Repeat("a", 16<<10), "many lines": strings.Repeat("X-A: b\r\n", 2<<10) + "X-A: b",
	} {
		w := dial(t, rg.url)
		w.head("POST", len(initialize), header)
		w.answers(http.StatusRequestHeaderFieldsTooLarge)
		w.ends()
	}
	w := dial(t, rg.url)
	w.head("POST", len(initialize), "X-A: "+strings.Repeat("a", 6<<10))
	w.write(initialize)
	if resp := w.read(); resp.StatusCode != http.StatusOK {
		t.Errorf("below the limit: %d", resp.StatusCode)
	}
}

// D82: a body without end is cut at the limit, and what arrives after a body is no part of it.
func TestBodiesThatDoNotKeepToTheirFrame(t *testing.T) {
	rg := newRig(t, transport.Config{MaxBodyBytes: 10_000}, nil)
	chunk := func(text string) string { return strconv.FormatInt(int64(len(text)), 16) + "\r\n" + text + "\r\n" }
	lengths := func(headers string) string {
		return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers + "\r\n"
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, strings.Repeat(" ", 5<<20)+initialize)
	_ = z.Close()
	size := fmt.Sprintf("Content-Length: %d\r\n", len(initialize))
	for _, test := range []struct {
		name, sent string
		status     int
		closed     bool
	}{
		{"whole", lengths(size) + initialize, 200, false},
		{"whole, chunked", lengths("Transfer-Encoding: chunked\r\n") + chunk(initialize) + "0\r\n\r\n", 200, false},
		{"chunked without end", lengths("Transfer-Encoding: chunked\r\n") + strings.Repeat(chunk(strings.Repeat(" ", 1000)), 20), 413, true},
		{"a chunk of 256 EiB", lengths("Transfer-Encoding: chunked\r\n") + "fffffffffffffffff\r\n{", 400, true},
		{"no chunks", lengths("Transfer-Encoding: chunked\r\n") + initialize + "\r\n", 400, true},
		{"a bomb", lengths("Content-Encoding: gzip\r\nContent-Length: "+strconv.Itoa(packed.Len())+"\r\n") + packed.String(), 415, true},
		{"a bomb in the transfer", lengths("Transfer-Encoding: gzip, chunked\r\n") + chunk(packed.String()), 501, true},
		{"two lengths", lengths(size+"Content-Length: 3\r\n") + initialize, 400, true},
		{"a negative length", lengths("Content-Length: -1\r\n") + initialize, 400, true},
		{"no length", lengths("") + initialize + "\r\n\r\n", 400, true},
		{"more than its length", lengths("Content-Length: 2\r\n") + "{}" + initialize + "\r\n\r\n", 400, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := dial(t, rg.url)
			_, _ = io.WriteString(w.conn, test.sent) // the server may end it before
			w.answers(test.status)
			if test.closed {
				w.drains()
			}
		})
	}
}

// answers reads an answer of that status, and as much as comes of its body.
func (w *wire) answers(status int) {
	w.t.Helper()
	resp, err := http.ReadResponse(w.in, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body) // the end of the connection may come before
	if resp.StatusCode != status {
		w.t.Error(resp.Status)
	}
}

// drains reads what is left, and fails unless the server closes the connection.
func (w *wire) drains() {
	w.t.Helper()
	if _, err := io.Copy(io.Discard, w.in); errors.Is(err, os.ErrDeadlineExceeded) {
		w.t.Error("the connection is still open")
	}
}

// D83: a body that trickles in is cut at its deadline, however regularly it comes. Others are served meanwhile.
func TestSlowlorisOnTheBody(t *testing.T) {
	rg := serveRig(t, transport.Config{BodyTimeout: 400 * time.Millisecond}, &http.Server{ReadHeaderTimeout: 5 * time.Second}, map[string]handler{"echo": echo})
	var slow []*wire
	for range 20 {
		w := dial(t, rg.url)
		w.head("POST", len(initialize))
		slow = append(slow, w)
		go trickle(w.conn, initialize, 10*time.Millisecond)
	}
	for _, era := range eras {
		if a := rg.call(era, "echo"); a.status != http.StatusOK {
			t.Errorf("%s: meanwhile: %d %s", era, a.status, a.body)
		}
	}
	for _, w := range slow {
		if resp := w.read(); resp.StatusCode != http.StatusRequestTimeout || !resp.Close {
			t.Errorf("%d, close %t", resp.StatusCode, resp.Close)
		}
		w.ends()
	}
	w := dial(t, rg.url)
	w.head("POST", len(initialize))
	go trickle(w.conn, initialize, 100*time.Microsecond)
	if resp := w.read(); resp.StatusCode != http.StatusOK {
		t.Errorf("a body that comes in small pieces, in time: %d", resp.StatusCode)
	}
}

// trickle sends text byte by byte until it has, or the peer has enough.
func trickle(to io.Writer, text string, pause time.Duration) {
	for i := range len(text) {
		if _, err := io.WriteString(to, text[i:i+1]); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

// D83: the same of the header, which the host's server limits.
func TestSlowlorisOnTheHeader(t *testing.T) {
	rg := serveRig(t, transport.Config{}, &http.Server{ReadHeaderTimeout: 400 * time.Millisecond}, map[string]handler{"echo": echo})
	head := "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(initialize)) + "\r\n\r\n"
	var slow []*wire
	for range 20 {
		w := dial(t, rg.url)
		slow = append(slow, w)
		go trickle(w.conn, head+initialize, 10*time.Millisecond)
	}
	silent := dial(t, rg.url)
	for _, era := range eras {
		if a := rg.call(era, "echo"); a.status != http.StatusOK {
			t.Errorf("%s: meanwhile: %d %s", era, a.status, a.body)
		}
	}
	for _, w := range append(slow, silent) {
		w.drains()
	}
	w := dial(t, rg.url)
	go trickle(w.conn, head+initialize, 100*time.Microsecond)
	if resp := w.read(); resp.StatusCode != http.StatusOK {
		t.Errorf("a header that comes byte by byte, in time: %d", resp.StatusCode)
	}
}

// D83: who sends no more, and keeps the connection half open, gives its places back.
func TestHalfClosedConnections(t *testing.T) {
	g := newGate()
	rg := serveRig(t, transport.Config{MaxSessions: 1, MaxCalls: 1}, &http.Server{ReadHeaderTimeout: 5 * time.Second}, map[string]handler{"gate": g.handle, "echo": echo})
	halfClose := func(method, body string, headers []string) {
		w := dial(t, rg.url)
		lines := []string{"Accept: application/json, text/event-stream"}
		for i := 0; i < len(headers); i += 2 {
			lines = append(lines, headers[i]+": "+headers[i+1])
		}
		w.write(method + " / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n" +
			strings.Join(lines, "\r\n") + "\r\n\r\n" + body)
		if err := w.conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
			t.Error(err)
		}
		_, _ = io.Copy(io.Discard, w.in)
	}
	body, headers := message(modern, "", "tools/call", "gate", `"name":"gate"`)
	halfClose("POST", body, headers)
	rg.eventually("the place of the call", func() bool { return rg.call(modern, "echo").status == http.StatusOK })
	body, headers = message(modern, "", "subscriptions/listen", "", `"notifications":{"toolsListChanged":true}`)
	halfClose("POST", body, headers)
	session := rg.open()
	halfClose("GET", "", []string{"Mcp-Session-Id", session})
	rg.eventually("the place of the stream", func() bool { return rg.streamIsFree(session) })
	halfClose("POST", body[:10], headers) // shorter than it says: never comes
	if a := rg.call(modern, "echo"); a.status != http.StatusOK {
		t.Errorf("at the end: %d %s", a.status, a.body)
	}
}
