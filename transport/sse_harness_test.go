package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/transport"
)

// sseMux serves an endpoint as a server does whose public URL has a prefix.
func sseMux(e *transport.Endpoint) http.Handler {
	stream, messages := e.SSE("/team/messages", "/team/mcp")
	mux := http.NewServeMux()
	mux.Handle("/team/mcp", e)
	mux.Handle("/team/sse", stream)
	mux.Handle("/team/messages", messages)
	return mux
}

func newSSERig(t *testing.T, cfg transport.Config, tools map[string]handler) *rig {
	t.Helper()
	rg := newRigOf(t, cfg, tools, sseMux)
	rg.url += "/team/mcp"
	return rg
}

// at sends to another path.
func (rg *rig) at(path string) *rig {
	other := *rg
	other.url = strings.TrimSuffix(rg.url, "/team/mcp") + path
	return &other
}

// A stream is what a client of the SSE transport has open.
type stream struct {
	rg       *rig
	resp     *http.Response
	events   chan string // "name data"; closed at the end of the stream
	endpoint string
	end      context.CancelFunc
}

// connect opens a stream and returns when it is told where to POST.
func (rg *rig) connect(headers ...string) *stream {
	rg.t.Helper()
	s := rg.try(headers...)
	if s.resp.StatusCode != http.StatusOK {
		rg.t.Fatalf("GET: %d", s.resp.StatusCode)
	}
	name, endpoint, _ := strings.Cut(s.next(), " ")
	if name != "endpoint" {
		rg.t.Fatalf("first event: %s", name)
	}
	s.endpoint = endpoint
	return s
}

// try sends the GET.
func (rg *rig) try(headers ...string) *stream {
	rg.t.Helper()
	ctx, cancel := context.WithCancel(rg.t.Context())
	resp, err := rg.at("/team/sse").start(ctx, http.MethodGet, "", headers...)
	if err != nil {
		rg.t.Fatal(err)
	}
	s := &stream{rg: rg, resp: resp, events: make(chan string, 100), end: cancel}
	go s.read()
	rg.t.Cleanup(cancel)
	return s
}

func (s *stream) read() {
	defer close(s.events)
	defer s.resp.Body.Close()
	lines := bufio.NewReader(s.resp.Body)
	name := ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "event":
			name = value
		case "data":
			s.events <- name + " " + value
		}
	}
}

// next is the next event, "" at the end of the stream.
func (s *stream) next() string {
	s.rg.t.Helper()
	select {
	case event := <-s.events:
		return event
	case <-time.After(10 * time.Second):
		s.rg.t.Fatal("no event comes")
		return ""
	}
}

// wants fails unless the next event contains the text.
func (s *stream) wants(text string) string {
	s.rg.t.Helper()
	event := s.next()
	if !strings.Contains(event, text) {
		s.rg.t.Fatalf("event %q, want %q", event, text)
	}
	return event
}

// post sends a message to the session.
func (s *stream) post(body string, headers ...string) answer {
	s.rg.t.Helper()
	return s.rg.at(s.endpoint).send(http.MethodPost, body, headers...)
}

// accepted posts a message that must be accepted.
func (s *stream) accepted(body string, headers ...string) {
	s.rg.t.Helper()
	if a := s.post(body, headers...); a.status != http.StatusAccepted || a.body != "" {
		s.rg.t.Fatalf("%s: %d %s", body, a.status, a.body)
	}
}

const initialized = `{"jsonrpc":"2.0","method":"notifications/initialized"}`

var initialize2024 = strings.Replace(strings.Replace(initialize, "2025-11-25", "2024-11-05", 1), `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1)

// session opens a stream and initializes.
func (rg *rig) session(headers ...string) *stream {
	rg.t.Helper()
	s := rg.connect(headers...)
	s.accepted(initialize2024, headers...)
	s.wants(`"protocolVersion":"2024-11-05"`)
	s.accepted(initialized, headers...)
	return s
}

// An inProcess is a stream and its messages without a network, for the clock of a bubble.
type inProcess struct {
	t        *testing.T
	e        *transport.Endpoint
	messages http.Handler
	out      *flushed
	endpoint string
	ended    chan struct{} // closed when the stream has ended
}

// A flushed is a ResponseWriter that can stream.
type flushed struct {
	header http.Header
	events chan string
	buf    bytes.Buffer
}

func (f *flushed) Header() http.Header         { return f.header }
func (f *flushed) WriteHeader(int)             {}
func (f *flushed) Write(p []byte) (int, error) { return f.buf.Write(p) }

func (f *flushed) Flush() {
	if f.buf.Len() > 0 {
		f.events <- f.buf.String()
		f.buf.Reset()
	}
}

func newInProcess(t *testing.T, cfg transport.Config, tools map[string]handler, headers ...string) *inProcess {
	t.Helper()
	cfg.Server, cfg.Heartbeat = newServer(tools), transport.Off // the events are counted
	e, err := transport.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	stream, messages := e.SSE("/messages", "/mcp")
	p := &inProcess{
		t: t, e: e, messages: messages, ended: make(chan struct{}),
		out: &flushed{header: make(http.Header), events: make(chan string, 100)},
	}
	go func() {
		defer close(p.ended)
		stream.ServeHTTP(p.out, newRequest(t, http.MethodGet, "/sse", "", headers...))
	}()
	p.endpoint = strings.TrimSpace(strings.TrimPrefix(<-p.out.events, "event: endpoint\ndata: "))
	p.post(initialize, headers...)
	<-p.out.events
	return p
}

func newRequest(t *testing.T, method, url, body string, headers ...string) *http.Request {
	r, err := http.NewRequestWithContext(t.Context(), method, "http://localhost"+url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	} else {
		r.Body = http.NoBody
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// post posts a message that must be accepted.
func (p *inProcess) post(body string, headers ...string) {
	p.t.Helper()
	w := &flushed{header: make(http.Header)}
	p.messages.ServeHTTP(w, newRequest(p.t, http.MethodPost, p.endpoint, body, headers...))
	if w.buf.Len() > 0 {
		p.t.Fatalf("%s: %s", body, w.buf.String())
	}
}
