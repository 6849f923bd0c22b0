package safefetch_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/internal/bubble"
)

// ok begins an answer that ends with its connection.
const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"

// head is one with more headers.
func head(headers ...string) string {
	return "HTTP/1.1 200 OK\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n"
}

const jsonType = "Content-Type: application/json"

func bomb() string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(make([]byte, 10<<20))
	_ = z.Close()
	return b.String()
}

var answerRows = []struct {
	name, sent string
	kind       error
}{
	{"good", ok + good, nil},
	{"with its length", head(jsonType, "Content-Length: 2") + "{}", nil},
	{"in chunks", head(jsonType, "Transfer-Encoding: chunked") + "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", nil},
	{"empty", head(jsonType, "Content-Length: 0"), nil},
	{"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}", nil},
	{"after 103", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + good, nil},
	{"after four of 1xx", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 4) + ok + good, nil},

	{"with a charset", head("Content-Type: application/json; charset=utf-8") + good, nil},
	{"+json", head("Content-Type: Application/Client-Metadata+JSON") + good, nil},
	{"HTML", head("Content-Type: text/html") + good, safefetch.ErrDocument},
	{"text/json", head("Content-Type: text/json") + good, safefetch.ErrDocument},
	{"image/svg+json", head("Content-Type: image/svg+json") + good, safefetch.ErrDocument},
	{"application/+json", head("Content-Type: application/+json") + good, safefetch.ErrDocument},
	{"application/jsonp", head("Content-Type: application/jsonp") + good, safefetch.ErrDocument},
	{"application/json-seq", head("Content-Type: application/json-seq") + good, safefetch.ErrDocument},
	{"no type", head("X: y") + good, safefetch.ErrDocument},
	{"two types", head(jsonType, "Content-Type: text/html") + good, safefetch.ErrDocument},
	{"a broken type", head("Content-Type: application/json; charset") + good, safefetch.ErrDocument},

	{"5 KiB", ok + strings.Repeat(" ", 5120), nil},
	{"5 KiB with its length", head(jsonType, "Content-Length: 5120") + strings.Repeat(" ", 5120), nil},
	{"5 KiB and 1", ok + strings.Repeat(" ", 5121), safefetch.ErrDocument},
	{"6 KiB", head(jsonType, "Content-Length: 6144") + strings.Repeat(" ", 6144), safefetch.ErrDocument},
	{"5 KiB and 1 by its length alone", head(jsonType, "Content-Length: 5121"), safefetch.ErrDocument},
	{"6 KiB in chunks", head(jsonType, "Transfer-Encoding: chunked") + "1800\r\n" + strings.Repeat(" ", 6144) + "\r\n0\r\n\r\n", safefetch.ErrDocument},
	{"more than its length", head(jsonType, "Content-Length: 2") + "{}" + strings.Repeat(" ", 9000), nil}, // that is not read
	{"less than its length", head(jsonType, "Content-Length: 3") + "{}", safefetch.ErrUnavailable},
	{"chunks without an end", head(jsonType, "Transfer-Encoding: chunked") + "1\r\n{\r\n", safefetch.ErrUnavailable},
	{"two lengths", head(jsonType, "Content-Length: 2", "Content-Length: 3") + "{}", safefetch.ErrDocument},
	{"a bad chunk", head(jsonType, "Transfer-Encoding: chunked") + "zz-s3cret\r\n{}\r\n", safefetch.ErrDocument},
	{"encoded identity", head(jsonType, "Content-Encoding: Identity") + good, nil},
	{"encoded and not", head(jsonType, "Content-Encoding: identity", "Content-Encoding: br") + good, safefetch.ErrDocument},
	{"gzip bomb", head(jsonType, "Content-Encoding: gzip") + bomb(), safefetch.ErrDocument},
	{"gzip in transfer", head(jsonType, "Transfer-Encoding: gzip, chunked") + bomb(), safefetch.ErrDocument},

	{"201", "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\r\n{}", safefetch.ErrDocument},
	{"204", "HTTP/1.1 204 No Content\r\n\r\n", safefetch.ErrDocument},
	{"206", "HTTP/1.1 206 Partial Content\r\nContent-Type: application/json\r\n\r\n{}", safefetch.ErrDocument},
	{"101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + ok + good, safefetch.ErrDocument},
	{"304", "HTTP/1.1 304 Not Modified\r\n\r\n", safefetch.ErrDocument},
	{"404", "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{}", safefetch.ErrDocument},
	{"403", "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n{}", safefetch.ErrUnavailable},
	{"408", "HTTP/1.1 408 Request Timeout\r\n\r\n", safefetch.ErrUnavailable},
	{"410", "HTTP/1.1 410 Gone\r\n\r\n", safefetch.ErrDocument},
	{"425", "HTTP/1.1 425 Too Early\r\n\r\n", safefetch.ErrUnavailable},
	{"429", "HTTP/1.1 429 Too Many Requests\r\n\r\n", safefetch.ErrUnavailable},
	{"500", "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n\r\n{}", safefetch.ErrUnavailable},
	{"503", "HTTP/1.1 503 Service Unavailable\r\n\r\n", safefetch.ErrUnavailable},
	{"five of 1xx", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 5) + ok + good, safefetch.ErrDocument},
	{"HTTP/2", "HTTP/2.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}", safefetch.ErrDocument},
	{"SSH", "SSH-2.0-s3cret\r\n", safefetch.ErrDocument},
	{"a header without colon", "HTTP/1.1 200 OK\r\ns3cret\r\n\r\n", safefetch.ErrDocument},
	{"nothing", "", safefetch.ErrUnavailable},
	{"half a header", "HTTP/1.1 200 OK\r\nContent-Ty", safefetch.ErrUnavailable},
	{"16 KiB of headers", head(jsonType, "X: "+strings.Repeat("s3cret", 3000)) + good, safefetch.ErrDocument},
	{"8 KiB of headers", head(jsonType, "X: "+strings.Repeat("a", 8192)) + good, nil},
}

// R32, D60, D61: what counts as a document, and what does not. No error holds what was sent.
func TestAnswers(t *testing.T) {
	for _, row := range answerRows {
		t.Run(row.name, func(t *testing.T) {
			w := raw(t, func(conn net.Conn) {
				_, _ = io.WriteString(conn, row.sent)
				_ = conn.Close() // with a close_notify
			})
			doc, err := w.fetcher().Get(t.Context(), document)
			demand(t, row.name, err, row.kind)
			if err != nil && (strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), document)) {
				t.Errorf("error: %v", err)
			}
			if err == nil && doc.Body == nil {
				t.Error("no body")
			}
			w.servers.Wait()
		})
	}
}

// R33, D60: no redirect is followed, wherever it leads and whatever came before.
func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308, 300} {
		for _, to := range []string{"https://169.254.169.254/", "https://client.example.com/next", "http://localhost/", "/next", ""} {
			requests := 0
			w, _ := web(t, func(w http.ResponseWriter, _ *http.Request) {
				requests++
				w.Header().Set("Location", to)
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, good)
			})
			_, err := w.fetcher().Get(t.Context(), document)
			demand(t, to, err, safefetch.ErrDocument)
			if requests != 1 || len(w.dialled) != 1 || len(w.lookups) != 1 {
				t.Errorf("%d to %q: %d requests, dialled %v, lookups %q", status, to, requests, w.dialled, w.lookups)
			}
		}
	}
}

// D61: what never ends is not read for long: little of it leaves the server.
func TestEndlessAnswers(t *testing.T) {
	for name, row := range map[string]struct{ head, more string }{
		"small chunks":     {head(jsonType, "Transfer-Encoding: chunked"), "1;abcdefghijk\r\na\r\n"},
		"body":             {ok, strings.Repeat("a", 4096)},
		"chunks":           {head(jsonType, "Transfer-Encoding: chunked"), "1000\r\n" + strings.Repeat("a", 4096) + "\r\n"},
		"chunk extensions": {head(jsonType, "Transfer-Encoding: chunked"), "1;" + strings.Repeat("a", 2000) + "\r\na\r\n"},
		"one chunk line":   {head(jsonType, "Transfer-Encoding: chunked") + "1;", strings.Repeat("a", 4096)},
		"trailers":         {head(jsonType, "Transfer-Encoding: chunked") + "0\r\n", "a: b\r\n"},
		"a vast length":    {head(jsonType, "Content-Length: 9223372036854775807"), strings.Repeat("a", 4096)},
		"headers":          {"HTTP/1.1 200 OK\r\n", "a: b\r\n"},
		"one header":       {"HTTP/1.1 200 OK\r\na: ", strings.Repeat("a", 4096)},
		"a status line":    {"HTTP/1.1 ", strings.Repeat("a", 4096)},
		"informational":    {"", "HTTP/1.1 100 Continue\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				sent := 0
				w := raw(t, func(conn net.Conn) {
					text, err := row.head, error(nil)
					for ; err == nil; text = row.more {
						_, err = io.WriteString(conn, text)
						sent += len(text)
					}
				})
				began := time.Now()
				_, err := w.fetcher().Get(t.Context(), document)
				demand(t, name, err, safefetch.ErrDocument)
				w.servers.Wait()
				most := 32 << 10
				if name == "small chunks" { // which are lawful, and refused for how many they are
					most = 64 << 10
				}
				if sent > most || time.Since(began) != 0 {
					t.Errorf("%d bytes in %s", sent, time.Since(began))
				}
			})
		})
	}
}

// R34, D61: the time is for everything together, and who sends slowly does not get more of it.
func TestDeadline(t *testing.T) {
	for name, row := range map[string]struct{ head, drip string }{
		"slow body":    {ok, " "},
		"slow headers": {"HTTP/1.1 200 OK\r\n", "a: b\r\n"},
		"slow chunks":  {head(jsonType, "Transfer-Encoding: chunked"), "1\r\n \r\n"},
		"silence":      {"", ""},
		"a stall":      {head(jsonType, "Content-Length: 10") + "{", ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				w := raw(t, func(conn net.Conn) {
					_, err := io.WriteString(conn, row.head)
					for err == nil {
						time.Sleep(500 * time.Millisecond)
						_, err = io.WriteString(conn, row.drip)
						if row.drip == "" {
							_, err = conn.Read(make([]byte, 1))
						}
					}
				})
				began := time.Now()
				_, err := w.fetcher().Get(t.Context(), document)
				demand(t, name, err, safefetch.ErrUnavailable)
				if took := time.Since(began); took != 5*time.Second || !strings.Contains(err.Error(), "within 5s") {
					t.Errorf("%s, %v", took, err)
				}
				w.servers.Wait()
			})
		})
	}
}

// The error of a fetch that its caller gave up tells so.
func TestCallerGivesUp(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		w := raw(t, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) })
		ctx, cancel := contextFor(t, time.Second)
		defer cancel()
		began := time.Now()
		_, err := w.fetcher().Get(ctx, document)
		demand(t, "given up", err, safefetch.ErrUnavailable)
		if time.Since(began) != time.Second || !errors.Is(err, ctx.Err()) {
			t.Errorf("%s, %v", time.Since(began), err)
		}
		w.servers.Wait()
	})
}
