package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// A gate is a tool that runs until it is opened or its context ends.
type gate struct{ started, open chan struct{} }

func newGate() *gate { return &gate{started: make(chan struct{}, 10), open: make(chan struct{})} }

func (g *gate) handle(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	g.started <- struct{}{}
	select {
	case <-g.open:
		return text("passed"), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestProbes(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	probe := func(h http.Handler, method string, status int, body string) {
		t.Helper()
		srv := newProbe(t, h)
		req, err := http.NewRequest(method, srv, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != status || !strings.Contains(string(got), body) {
			t.Errorf("%s: %d %s, %v", method, resp.StatusCode, got, err)
		}
	}
	probe(rg.e.Health(), http.MethodGet, 200, `{"status":"ok"}`)
	probe(rg.e.Ready(), http.MethodGet, 200, `{"status":"ok"}`)
	probe(rg.e.Ready(), http.MethodHead, 200, "")
	probe(rg.e.Ready(), http.MethodPost, 405, "not allowed")
	rg.e.Drain()
	probe(rg.e.Health(), http.MethodGet, 200, `{"status":"ok"}`)
	probe(rg.e.Ready(), http.MethodGet, 503, `{"status":"draining"}`)
}

func TestDrainEndsStreamsAndLetsPostsGoOn(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	session := rg.open()
	get, err := rg.start(t.Context(), http.MethodGet, "", "Mcp-Session-Id", session)
	if err != nil {
		t.Fatal(err)
	}
	body, headers := message(modern, "", "subscriptions/listen", "", `"notifications":{"toolsListChanged":true}`)
	listen, err := rg.start(t.Context(), http.MethodPost, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	rg.e.Drain()
	rg.read(get) // returns when the stream ends
	rg.read(listen)
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if a := rg.send(method, "", "Mcp-Session-Id", session); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%s while draining: %d %s", method, a.status, a.body)
		}
	}
	if a := rg.send(http.MethodPost, body, headers...); a.status != http.StatusServiceUnavailable {
		t.Errorf("listen while draining: %d %s", a.status, a.body)
	}
	for _, era := range eras {
		if a := rg.call(era, "echo"); a.status != http.StatusOK {
			t.Errorf("%s while draining: %d %s", era, a.status, a.body)
		}
	}
}

func TestCloseLosesNoAnswerInFlight(t *testing.T) {
	for _, era := range eras {
		g := newGate()
		rg := newRig(t, transport.Config{}, map[string]handler{"gate": g.handle})
		answers := make(chan answer)
		go func() { answers <- rg.call(era, "gate") }()
		<-g.started
		closed := make(chan error)
		go func() { closed <- rg.e.Close(t.Context()) }()
		rg.eventually("Close to refuse new calls", func() bool {
			return rg.send(http.MethodPost, initialize).status == http.StatusServiceUnavailable
		})
		select {
		case err := <-closed:
			t.Errorf("%s: Close returned before the call: %v", era, err)
		default:
		}
		close(g.open)
		if a := <-answers; !strings.Contains(a.body, "passed") {
			t.Errorf("%s: answer in flight: %d %s", era, a.status, a.body)
		}
		if err := <-closed; err != nil {
			t.Errorf("%s: Close: %v", era, err)
		}
	}
}

// While Close waits for a call that asks a human, the answer of the human comes through.
func TestCloseLetsAnswersToElicitationThrough(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"confirms": confirms})
	a := rg.send(http.MethodPost, strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1))
	session := a.header.Get("Mcp-Session-Id")
	body, headers := message(legacy, session, "tools/call", "", `"name":"confirms"`)
	closed := make(chan error, 1)
	var all strings.Builder
	for event := range rg.stream(body, headers...) {
		all.WriteString(event)
		if strings.Contains(event, "elicitation/create") {
			go func() { closed <- rg.e.Close(t.Context()) }()
			rg.eventually("Close to refuse new calls", func() bool {
				return rg.send(http.MethodPost, initialize).status == http.StatusServiceUnavailable
			})
			rg.send(http.MethodPost, `{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{}}}`, headers...)
		}
	}
	if err := <-closed; err != nil || !strings.Contains(all.String(), "human said accept") {
		t.Errorf("Close: %v; %s", err, all.String())
	}
}

func TestCloseTellsCallsThatItCannotWaitFor(t *testing.T) {
	for _, era := range eras {
		g := newGate()
		rg := newRig(t, transport.Config{}, map[string]handler{"gate": g.handle})
		answers := make(chan answer)
		go func() { answers <- rg.call(era, "gate") }()
		<-g.started
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := rg.e.Close(ctx); err == nil || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "1 calls") {
			t.Errorf("%s: Close: %v", era, err)
		}
		if a := <-answers; a.code() != -32603 || !strings.Contains(a.body, "shutting down") {
			t.Errorf("%s: the caller got %d %s", era, a.status, a.body)
		}
		if err := rg.e.Close(t.Context()); err != nil {
			t.Errorf("%s: second Close: %v", era, err)
		}
	}
}

func TestServeShutsDownInOrderAndLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	g := newGate()
	e, err := transport.New(transport.Config{Server: newServer(map[string]handler{"gate": g.handle})})
	if err != nil {
		t.Fatal(err)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("New started %d goroutines", n-before)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	served := make(chan error)
	go func() {
		served <- transport.Serve(ctx, &http.Server{Handler: e, ReadHeaderTimeout: time.Second}, ln, e, 5*time.Second)
	}()
	client := &http.Client{Transport: &http.Transport{}}
	rg := &rig{t: t, e: e, url: "http://" + ln.Addr().String(), client: client}
	get, err := rg.start(t.Context(), http.MethodGet, "", "Mcp-Session-Id", rg.open())
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan answer)
	for _, era := range eras {
		go func() { answers <- rg.call(era, "gate") }()
		<-g.started
	}
	interrupt()
	rg.read(get) // the stream ends although the calls go on
	close(g.open)
	for range eras {
		if a := <-answers; !strings.Contains(a.body, "passed") {
			t.Errorf("answer in flight: %d %s", a.status, a.body)
		}
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	client.CloseIdleConnections()
	settle(t, before)
}

func TestServeReturnsWhenTheListenerFails(t *testing.T) {
	e, err := transport.New(transport.Config{Server: newServer(nil)})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := transport.Serve(t.Context(), &http.Server{Handler: e}, ln, e, time.Second); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve: %v", err)
	}
}

// Deeper than this the decoders behind the check are not trusted.
func TestDepthHasALimit(t *testing.T) {
	for depth, allowed := range map[int]bool{500: true, 501: false} {
		e, err := transport.New(transport.Config{Server: newServer(nil), MaxDepth: depth})
		if (err == nil) != allowed {
			t.Errorf("%d: %v", depth, err)
		}
		if e != nil {
			_ = e.Close(t.Context())
		}
	}
}

func TestNewJoinsMistakes(t *testing.T) {
	_, err := transport.New(transport.Config{MaxSessions: -2, MaxCalls: -2, MaxCallsPerPrincipal: -2, MaxAnswerBytes: -2, BodyTimeout: -2, CallTimeout: -2, Heartbeat: -2})
	for _, name := range []string{"Server", "MaxSessions", "MaxCalls", "MaxCallsPerPrincipal", "MaxAnswerBytes", "BodyTimeout", "CallTimeout", "Heartbeat"} {
		if err == nil || !strings.Contains(err.Error(), "Config."+name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

// While an endpoint drains, clients are told to leave their connections, before those are closed while something is on its way.
func TestDrainingConnectionsAreGivenUp(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"noop": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return text("done"), nil }})
	for _, draining := range []bool{false, true} {
		if draining {
			rg.e.Drain()
		}
		body, headers := message(modern, "", "tools/call", "noop", `"name":"noop","arguments":{}`)
		resp, err := rg.start(t.Context(), http.MethodPost, body, headers...)
		if err != nil {
			t.Fatal(err)
		}
		if a := rg.read(resp); a.status != http.StatusOK || !strings.Contains(a.body, "done") || resp.Close != draining {
			t.Errorf("draining %t: %d %s, connection ends: %t", draining, a.status, a.body, resp.Close)
		}
	}
}
