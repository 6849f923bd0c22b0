package transport_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// A wire is a raw connection to a server.
type wire struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func dial(t *testing.T, url string) *wire {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(3 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &wire{t: t, conn: conn, in: bufio.NewReader(conn)}
}

func (w *wire) write(text string) {
	w.t.Helper()
	if _, err := io.WriteString(w.conn, text); err != nil {
		w.t.Fatal(err)
	}
}

// head writes the head of a request with a body of that many bytes, -1 for unknown.
func (w *wire) head(method string, length int, headers ...string) {
	w.t.Helper()
	size := "Content-Length: " + strconv.Itoa(length)
	if length < 0 {
		size = "Transfer-Encoding: chunked"
	}
	w.write(method + " / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + size + "\r\n" +
		strings.Join(append(headers, "", ""), "\r\n"))
}

func (w *wire) read() *http.Response {
	w.t.Helper()
	resp, err := http.ReadResponse(w.in, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		w.t.Error(err)
	}
	return resp
}

// ends fails unless the server closes the connection.
func (w *wire) ends() {
	w.t.Helper()
	if _, err := w.in.ReadByte(); err == nil || strings.Contains(err.Error(), "timeout") {
		w.t.Errorf("the connection is still open: %v", err)
	}
}

// net/http would wait for the rest of the body before it sends the answer.
func TestRefusalDoesNotWaitForTheBody(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, nil)
	bounded := func(h http.Handler) string { return newProbe(t, rg.e.Bounded(h)) }
	for _, test := range []struct {
		name, url, method string
		length            int
		header            string
		status            int
	}{
		{"no credential", rg.url, "POST", 1000, "X-A: b", 401},
		{"no credential, chunked", rg.url, "POST", -1, "X-A: b", 401},
		{"GET with a body", rg.url, "GET", 1000, "Authorization: Bearer ann", 400},
		{"method", rg.url, "PUT", 1000, "Authorization: Bearer ann", 405},
		{"not found", bounded(http.NotFoundHandler()), "POST", 1000, "X-A: b", 404},
		{"health", bounded(rg.e.Health()), "GET", 1000, "X-A: b", 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := dial(t, test.url)
			start := time.Now()
			w.head(test.method, test.length, test.header)
			resp := w.read()
			if d := time.Since(start); resp.StatusCode != test.status || d > 400*time.Millisecond {
				t.Errorf("%d after %s", resp.StatusCode, d)
			}
			if !resp.Close {
				t.Error("the answer does not announce the end of the connection")
			}
			w.ends()
		})
	}
}

// What is sent in full keeps its connection, be it refused or not.
func TestBodyThatArrivesKeepsTheConnection(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, nil)
	w := dial(t, rg.url)
	for _, test := range []struct {
		body    string
		chunked bool
		status  int
	}{
		{initialize, false, 200}, {initialize, true, 200}, {"garbage", false, 400}, {"garbage", true, 400}, {initialize, false, 200},
	} {
		if test.chunked {
			w.head("POST", -1, "Authorization: Bearer ann")
			w.write(strconv.FormatInt(int64(len(test.body)), 16) + "\r\n" + test.body + "\r\n0\r\n\r\n")
		} else {
			w.head("POST", len(test.body), "Authorization: Bearer ann")
			w.write(test.body[:5])
			w.write(test.body[5:])
		}
		if resp := w.read(); resp.StatusCode != test.status || resp.Close {
			t.Fatalf("%.10s: %d, close %t", test.body, resp.StatusCode, resp.Close)
		}
	}
}

// A deadlined is a ResponseWriter that notes the read deadlines that it gets, as time from now.
type deadlined struct {
	*httptest.ResponseRecorder
	set []time.Duration
}

func (d *deadlined) SetReadDeadline(at time.Time) error {
	left := time.Duration(0)
	if !at.IsZero() {
		left = time.Until(at).Round(100 * time.Millisecond)
	}
	d.set = append(d.set, left)
	return nil
}

// late is a body that comes after its time, from a server without deadlines.
type late struct{ io.Reader }

func (l late) Read(p []byte) (int, error) {
	time.Sleep(100 * time.Millisecond)
	return l.Reader.Read(p)
}

// net/http forgets the deadline of a body at its end; other servers need not. A body that comes at
// once needs none.
func TestReadDeadlines(t *testing.T) {
	rg := newRig(t, transport.Config{BodyTimeout: 50 * time.Millisecond, Auth: byToken}, nil)
	for _, test := range []struct {
		name, credential string
		body             io.Reader
		want             []time.Duration
	}{
		{"read", "Bearer ann", strings.NewReader(initialize), nil},
		{"not read", "", strings.NewReader(initialize), []time.Duration{500 * time.Millisecond}},
		{"late, then read", "Bearer ann", late{strings.NewReader(initialize)}, []time.Duration{0, 0}},
		{"none", "", http.NoBody, nil},
	} {
		req := httptest.NewRequest(http.MethodPost, "/", test.body)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", test.credential)
		w := &deadlined{ResponseRecorder: httptest.NewRecorder()}
		rg.e.ServeHTTP(w, req)
		if diff := cmp.Diff(test.want, w.set); diff != "" {
			t.Errorf("%s: %d, deadlines (-want +got):\n%s", test.name, w.Code, diff)
		}
	}
}

func TestBodyMustArriveInTime(t *testing.T) {
	rg := newRig(t, transport.Config{BodyTimeout: 100 * time.Millisecond}, map[string]handler{"slow": slowly(300 * time.Millisecond)})
	session := rg.open()
	body, headers := message(legacy, session, "tools/call", "slow", `"name":"slow"`)
	lines := []string{headers[0] + ": " + headers[1], headers[2] + ": " + headers[3]}

	late := dial(t, rg.url)
	late.head("POST", len(body), lines...)
	late.write(body[:20])
	if resp := late.read(); resp.StatusCode != http.StatusRequestTimeout || !resp.Close {
		t.Errorf("a body that stops: %d, close %t", resp.StatusCode, resp.Close)
	}
	late.ends()

	// The limit is that of the body, not of the answer.
	inTime := dial(t, rg.url)
	inTime.head("POST", len(body), lines...)
	inTime.write(body[:20])
	time.Sleep(20 * time.Millisecond)
	inTime.write(body[20:])
	resp, err := http.ReadResponse(inTime.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer := rg.read(resp); !strings.Contains(answer.body, "slept") {
		t.Errorf("a call that outlives the limit: %d %s", answer.status, answer.body)
	}
}

// slowly is a tool that takes its time, unless its context ends.
func slowly(d time.Duration) handler {
	return func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		select {
		case <-time.After(d):
			return text("slept"), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// A stream lives longer than a body may take, and than the ReadTimeout of a foreign server.
func TestStreamOutlivesTheLimitsOfBodies(t *testing.T) {
	rg := newRig(t, transport.Config{BodyTimeout: 50 * time.Millisecond}, map[string]handler{"slow": slowly(200 * time.Millisecond)})
	foreign := httptest.NewUnstartedServer(rg.e)
	foreign.Config.ReadTimeout = 100 * time.Millisecond
	foreign.Start()
	t.Cleanup(foreign.Close)
	rg.url = foreign.URL
	for _, era := range eras {
		if a := rg.call(era, "slow"); !strings.Contains(a.body, "slept") {
			t.Errorf("%s: %d %s", era, a.status, a.body)
		}
	}
}

// A foreign ResponseWriter need not know deadlines.
func TestResponseWriterWithoutDeadlines(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(initialize))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	rg.e.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK || rec.Header().Get("Connection") == "close" {
		t.Errorf("%d, Connection %q: %s", rec.Code, rec.Header().Get("Connection"), rec.Body)
	}
}

// In HTTP/2 a Connection header would end all requests of the connection.
func TestRefusalKeepsAnHTTP2Connection(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, nil)
	srv := httptest.NewUnstartedServer(rg.e)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	for i := range 3 {
		reused := false
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused }})
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, strings.NewReader(initialize))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized || resp.ProtoMajor != 2 || reused != (i > 0) {
			t.Errorf("request %d: %s %d, connection reused: %t", i, resp.Proto, resp.StatusCode, reused)
		}
	}
}
