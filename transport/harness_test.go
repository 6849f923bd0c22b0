package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport"
)

const modern, legacy = "2026-07-28", "2025-11-25"

var eras = []string{modern, legacy}

// byToken admits "Bearer <name>" as that name, in a fresh principal each time; others get 401.
var byToken = auth.AuthenticatorFunc(func(r *http.Request) (*auth.Principal, error) {
	name, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, &auth.Error{Status: http.StatusUnauthorized, Description: "credential missing"}
	}
	return &auth.Principal{Issuer: "test", Subject: name, Method: "test", Scopes: []string{r.Header.Get("X-Scope")}}, nil
})

var anyObject = json.RawMessage(`{"type":"object"}`)

// A handler is a tool of a test server.
type handler = func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error)

func text(s string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: s}}}
}

func newServer(tools map[string]handler) *mcp.Server {
	var o mcp.ServerOptions
	transport.ServerOptions(&o)
	s := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, &o)
	for name, h := range tools {
		s.AddTool(&mcp.Tool{Name: name, InputSchema: anyObject}, h)
	}
	return s
}

// A rig is an endpoint with its HTTP server.
type rig struct {
	t      *testing.T
	e      *transport.Endpoint
	url    string
	client *http.Client
	log    *bytes.Buffer
}

func newRig(t *testing.T, cfg transport.Config, tools map[string]handler) *rig {
	t.Helper()
	return newRigOf(t, cfg, tools, func(e *transport.Endpoint) http.Handler { return e })
}

// newRigOf serves what is made of the endpoint.
func newRigOf(t *testing.T, cfg transport.Config, tools map[string]handler, made func(*transport.Endpoint) http.Handler) *rig {
	t.Helper()
	if cfg.Server == nil {
		cfg.Server = newServer(tools)
	}
	rg := &rig{t: t, log: new(bytes.Buffer)}
	cfg.Logger = slog.New(slog.NewTextHandler(rg.log, nil))
	e, err := transport.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(made(e))
	rg.e, rg.url, rg.client = e, srv.URL, srv.Client()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
		srv.Close()
	})
	return rg
}

// An answer is an HTTP response with the JSON-RPC message in it, if there is one.
type answer struct {
	status int
	header http.Header
	body   string
	rpc    struct {
		ID     json.RawMessage
		Result json.RawMessage
		Error  *struct {
			Code    int
			Message string
		}
	}
}

// send sends a request; headers come in pairs, and an empty value takes a default header away.
func (rg *rig) send(method, body string, headers ...string) answer {
	rg.t.Helper()
	req, err := http.NewRequestWithContext(rg.t.Context(), method, rg.url, strings.NewReader(body))
	if err != nil {
		rg.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json, text/event-stream")
	for i := 0; i < len(headers); i += 2 {
		switch {
		case headers[i] == "Host":
			req.Host = headers[i+1]
		case headers[i+1] == "":
			req.Header.Del(headers[i])
		default:
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	resp, err := rg.client.Do(req)
	if err != nil {
		rg.t.Fatal(err)
	}
	return rg.read(resp)
}

func (rg *rig) read(resp *http.Response) answer {
	rg.t.Helper()
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		rg.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(raw)}
	message := a.body
	if i := strings.LastIndex(message, "data: {"); i >= 0 {
		message = message[i+len("data: "):]
	}
	if strings.HasPrefix(message, "{") {
		if err := json.NewDecoder(strings.NewReader(message)).Decode(&a.rpc); err != nil {
			rg.t.Fatalf("answer %q: %v", a.body, err)
		}
	}
	return a
}

const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`

// open initializes a legacy session and returns its id.
func (rg *rig) open(headers ...string) string {
	rg.t.Helper()
	a := rg.send(http.MethodPost, initialize, headers...)
	id := a.header.Get("Mcp-Session-Id")
	if a.status != http.StatusOK || id == "" {
		rg.t.Fatalf("initialize: %d %s", a.status, a.body)
	}
	return id
}

const modernMeta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`

// message builds a request of an era, with the headers that go with it.
func message(era, session, method, name, params string) (body string, headers []string) {
	if era == modern {
		if params != "" {
			params += ","
		}
		params += modernMeta
		headers = []string{"Mcp-Protocol-Version", modern, "Mcp-Method", method}
		if name != "" {
			headers = append(headers, "Mcp-Name", name)
		}
	} else {
		headers = []string{"Mcp-Protocol-Version", legacy, "Mcp-Session-Id", session}
	}
	return `{"jsonrpc":"2.0","id":7,"method":"` + method + `","params":{` + params + `}}`, headers
}

// ask sends a request in an era, in a session of its own if the era has some.
func (rg *rig) ask(era, method, name, params string, headers ...string) answer {
	rg.t.Helper()
	session := ""
	if era == legacy {
		session = rg.open(headers...)
	}
	body, h := message(era, session, method, name, params)
	return rg.send(http.MethodPost, body, append(h, headers...)...)
}

// call calls a tool in an era.
func (rg *rig) call(era, tool string, headers ...string) answer {
	rg.t.Helper()
	return rg.ask(era, "tools/call", tool, `"name":"`+tool+`","arguments":{}`, headers...)
}

func (a answer) code() int {
	if a.rpc.Error == nil {
		return 0
	}
	return a.rpc.Error.Code
}

// settle fails if there are more goroutines than before, after giving them time to end.
func settle(t *testing.T, before int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}

// post calls a tool and drops the answer.
func (rg *rig) post(ctx context.Context, era, session, tool string) error {
	body, headers := message(era, session, "tools/call", tool, `"name":"`+tool+`"`)
	resp, err := rg.start(ctx, http.MethodPost, body, headers...)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// start sends a request and returns when its headers are answered.
func (rg *rig) start(ctx context.Context, method, body string, headers ...string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, rg.url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return rg.client.Do(req)
}

// stream sends a POST and yields the lines of its answer as they come.
func (rg *rig) stream(body string, headers ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		resp, err := rg.start(rg.t.Context(), http.MethodPost, body, headers...)
		if err != nil {
			rg.t.Error(err)
			return
		}
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() && yield(lines.Text()) {
			continue
		}
	}
}

func newProbe(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
