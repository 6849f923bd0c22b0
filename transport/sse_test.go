package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport"
)

// The address is that under which clients reach the server, prefix included, and the id cannot be guessed.
func TestSSEBeginsWithTheEndpoint(t *testing.T) {
	for _, version := range []int{1, 2} {
		e, err := transport.New(transport.Config{Server: newServer(nil)})
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewUnstartedServer(sseMux(e))
		srv.EnableHTTP2 = version == 2
		srv.StartTLS()
		seen := map[string]bool{}
		for range 2 {
			resp, err := srv.Client().Get(srv.URL + "/team/sse")
			if err != nil {
				t.Fatal(err)
			}
			want := regexp.MustCompile(`^event: endpoint\ndata: (/team/messages\?sessionid=[A-Z2-7]{26})\n\n$`)
			first := make([]byte, len("event: endpoint\ndata: /team/messages?sessionid=\n\n")+26)
			if _, err := io.ReadFull(resp.Body, first); err != nil {
				t.Fatal(err)
			}
			match := want.FindSubmatch(first)
			if match == nil || seen[string(match[1])] {
				t.Fatalf("HTTP/%d: %q", version, first)
			}
			seen[string(match[1])] = true
			for name, value := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"} {
				if got := resp.Header.Get(name); got != value || resp.ProtoMajor != version || resp.StatusCode != http.StatusOK {
					t.Errorf("%s %d: %s: %q", resp.Proto, resp.StatusCode, name, got)
				}
			}
			ping, err := srv.Client().Post(srv.URL+string(match[1]), "application/json", strings.NewReader(`{"jsonrpc":"2.0","id":"a","method":"ping"}`))
			if err != nil || ping.StatusCode != http.StatusAccepted || ping.Header.Get("Cache-Control") != "no-store" {
				t.Fatalf("HTTP/%d: POST: %v, %v", version, ping, err)
			}
			ping.Body.Close()
			const pong = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{}}\n\n"
			got := make([]byte, len(pong))
			if _, err := io.ReadFull(resp.Body, got); err != nil || string(got) != pong {
				t.Errorf("HTTP/%d: %q, %v", version, got, err)
			}
			resp.Body.Close()
		}
		if err := e.Close(t.Context()); err != nil {
			t.Error(err)
		}
		srv.Close()
	}
}

// Over HTTP/2 every request has a Body, and GET is a GET without one all the same.
func TestStreamsOverHTTP2(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	srv := httptest.NewUnstartedServer(rg.e)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	for body, want := range map[string]int{"": http.StatusOK, "x": http.StatusBadRequest} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Mcp-Session-Id", rg.open())
		req.Header.Set("Accept", "text/event-stream")
		resp, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want || resp.ProtoMajor != 2 {
			t.Errorf("GET with body %q: %s %s", body, resp.Proto, resp.Status)
		}
	}
}

// A client written elsewhere, which tries the newest protocol first unless it is told otherwise.
func TestSSEConversation(t *testing.T) {
	for _, version := range []string{"", "2024-11-05", "2025-11-25"} {
		for _, action := range []string{"accept", "decline"} {
			t.Run(version+" "+action, func(t *testing.T) { converse(t, version, action) })
		}
	}
}

func converse(t *testing.T, version, action string) {
	rg := newSSERig(t, transport.Config{}, map[string]handler{"confirms": confirms, "reports": reports})
	told := make(chan string, 2)
	client := mcp.NewClient(&mcp.Implementation{Name: "c", Version: "1"}, &mcp.ClientOptions{
		ElicitationHandler: func(_ context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return &mcp.ElicitResult{Action: action, Content: map[string]any{}}, nil
		},
		ProgressNotificationHandler: func(_ context.Context, req *mcp.ProgressNotificationClientRequest) {
			told <- fmt.Sprint(req.Params.ProgressToken, req.Params.Message)
		},
	})
	cs, err := client.Connect(t.Context(), &mcp.SSEClientTransport{Endpoint: rg.at("/team/sse").url}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	defer cs.Close()
	if version == "" {
		version = legacy
	}
	if got := cs.InitializeResult().ProtocolVersion; got != version {
		t.Errorf("protocol %s", got)
	}
	tools, err := cs.ListTools(t.Context(), nil)
	if err != nil || len(tools.Tools) != 2 {
		t.Errorf("%v, %v", tools, err)
	}
	params := &mcp.CallToolParams{Name: "reports"}
	params.SetProgressToken("p")
	if res, err := cs.CallTool(t.Context(), params); err != nil || res.Content[0].(*mcp.TextContent).Text != "reported" {
		t.Errorf("%v, %v", res, err)
	}
	if got := <-told; got != "p half" {
		t.Errorf("progress %q", got)
	}
	res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "confirms"})
	if err != nil || res.Content[0].(*mcp.TextContent).Text != "human said "+action {
		t.Errorf("%v, %v", res, err)
	}
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "nothing"}); err == nil {
		t.Error("an unknown tool has answered")
	}
}

func reports(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: req.Params.GetProgressToken(), Progress: 0.5, Message: " half"})
	return text("reported"), err
}

// What newer clients send is refused where they look for it, so that they can go on with an older protocol.
func TestSSERefusesNewerProtocols(t *testing.T) {
	rg := newSSERig(t, transport.Config{}, map[string]handler{"echo": echo})
	s := rg.session()
	body, headers := message(modern, "", "tools/call", "echo", `"name":"echo"`)
	for _, h := range [][]string{headers, nil} {
		s.accepted(body, h...)
		event := s.wants(`"code":-32022`)
		for _, text := range []string{`"id":7`, "2024-11-05", "/team/mcp", `"supported":["2025-11-25",`, `"requested":"2026-07-28"`} {
			if !strings.Contains(event, text) {
				t.Errorf("%s lacks %s", event, text)
			}
		}
	}
	s.accepted(toolCall("8", "echo"), "Mcp-Protocol-Version", modern)
	s.wants("/team/mcp")
	s.accepted(`{"jsonrpc":"2.0","id":9,"method":"subscriptions/listen","params":{"notifications":{}}}`)
	s.wants("/team/mcp")
	if a := s.post(initialized, "Mcp-Protocol-Version", modern); a.status != http.StatusBadRequest || !strings.Contains(a.body, "/team/mcp") {
		t.Errorf("notification: %d %s", a.status, a.body)
	}
	s.accepted(toolCall("8", "echo"), "Mcp-Protocol-Version", "2024-11-05")
	s.wants("done")
}

// Clients that try the streamable transport first go on with GET after a 405.
func TestSSEMethods(t *testing.T) {
	rg := newSSERig(t, transport.Config{}, nil)
	for _, test := range []struct{ path, method, allow, text string }{
		{"/team/sse", http.MethodPost, "GET", "/team/mcp"},
		{"/team/sse", http.MethodHead, "GET", ""},
		{"/team/sse", http.MethodDelete, "GET", "2024-11-05"},
		{"/team/sse", http.MethodOptions, "GET", "2024-11-05"},
		{"/team/messages", http.MethodGet, "POST", "POST"},
		{"/team/messages", http.MethodHead, "POST", ""},
		{"/team/messages", http.MethodPut, "POST", "POST"},
	} {
		body := ""
		if test.method == http.MethodPost {
			body = initialize
		}
		a := rg.at(test.path).send(test.method, body)
		if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != test.allow || !strings.Contains(a.body, test.text) {
			t.Errorf("%s %s: %d, Allow %q, %s", test.method, test.path, a.status, a.header.Get("Allow"), a.body)
		}
	}
	if a := rg.at("/team/sse").send(http.MethodGet, "x"); a.status != http.StatusBadRequest {
		t.Errorf("GET with a body: %d %s", a.status, a.body)
	}
}

// The errors of a POST are in its own answer, and the session goes on.
func TestSSEBadMessages(t *testing.T) {
	rg := newSSERig(t, transport.Config{}, map[string]handler{"echo": echo})
	s := rg.session()
	ping := `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	pad := func(body string, size int) string { return body + strings.Repeat(" ", size-len(body)) }
	for _, test := range []struct {
		name, body string
		status     int
		code       int
	}{
		{"empty", "", 400, -32700},
		{"garbage", "garbage", 400, -32700},
		{"batch", "[" + ping + "]", 400, -32600},
		{"no JSON-RPC 2.0", `{"id":1,"method":"ping"}`, 400, -32600},
		{"neither call nor answer", `{"jsonrpc":"2.0"}`, 400, -32600},
		{"id that no answer can bear", `{"jsonrpc":"2.0","id":1.5,"method":"ping"}`, 400, -32600},
		{"method twice", `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}`, 400, -32600},
		{"nested 65 deep", nested(65), 400, -32600},
		{"5 MiB", pad(ping, 5<<20), 413, -32600},
		{"initialize over 64 KiB", pad(initialize, 64<<10+1), 413, -32600},
		{"notification over 64 KiB", pad(initialized, 64<<10+1), 413, -32600},
	} {
		if a := s.post(test.body); a.status != test.status || a.code() != test.code {
			t.Errorf("%s: %d, code %d: %.200s", test.name, a.status, a.code(), a.body)
		}
	}
	for _, body := range []string{ping, nested(64), pad(ping, 3<<20)} {
		s.accepted(body)
		s.wants(`"result":{}`)
	}
	s.accepted(pad(initialized, 64<<10))
	for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded"} { // as pages of others can send
		if a := s.post(ping, "Content-Type", contentType); a.status != http.StatusUnsupportedMediaType {
			t.Errorf("Content-Type %q: %d", contentType, a.status)
		}
	}
	s.accepted(ping, "Content-Type", "application/json; charset=utf-8")
	s.wants(`"result":{}`)
	s.accepted(`{"jsonrpc":"2.0","id":1,"method":"no/such"}`)
	s.wants("-32601")
}

// A second call with the id of one in flight would never be answered.
func TestSSEIDInUse(t *testing.T) {
	g := newGate()
	rg := newSSERig(t, transport.Config{}, map[string]handler{"gate": g.handle})
	s := rg.session()
	s.accepted(toolCall("2", "gate"))
	<-g.started
	if a := s.post(toolCall("2", "gate")); a.status != http.StatusBadRequest || !strings.Contains(a.body, "in use") {
		t.Errorf("%d %s", a.status, a.body)
	}
	s.accepted(toolCall(`"2"`, "gate"))
	<-g.started
	close(g.open)
	s.wants("passed")
	s.wants("passed")
	s.accepted(toolCall("2", "gate"))
	s.wants("passed")
}

// The chain in front of the endpoint is in front of both handlers.
func TestSSEIsBehindTheSameChain(t *testing.T) {
	rg := newSSERig(t, transport.Config{Auth: byToken, AllowedOrigins: []string{"https://app.example"}}, nil)
	s := rg.session(as("ann")...)
	for path, method := range map[string]string{"/team/sse": http.MethodGet, s.endpoint: http.MethodPost} {
		body := ""
		if method == http.MethodPost {
			body = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
		}
		if a := rg.at(path).send(method, body); a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s without a credential: %d", path, a.status)
		}
		if a := rg.at(path).send(method, body, append(as("ann"), "Origin", "https://evil.example")...); a.status != http.StatusForbidden {
			t.Errorf("%s from a foreign page: %d", path, a.status)
		}
		if a := rg.at(path).send(method, body, append(as("ann"), "Host", "evil.example")...); a.status != http.StatusMisdirectedRequest {
			t.Errorf("%s by DNS rebinding: %d", path, a.status)
		}
		a := rg.at(path).send(http.MethodOptions, "", "Origin", "https://app.example", "Access-Control-Request-Method", method)
		if a.status != http.StatusNoContent || a.header.Get("Access-Control-Allow-Origin") != "https://app.example" {
			t.Errorf("%s: preflight: %d", path, a.status)
		}
	}
}

// A tool that a wider scope would permit is refused over HTTP, before anything runs.
func TestSSEStepUp(t *testing.T) {
	permit := func(_ context.Context, p *auth.Principal, tool string) *auth.Error {
		if tool == "whoami" && p.Scopes[0] != "wide" {
			return &auth.Error{Status: http.StatusForbidden, Code: "insufficient_scope", Description: "More scope is needed.", Scopes: []string{"wide"}}
		}
		return nil
	}
	rg := newSSERig(t, transport.Config{Auth: byToken, Permit: permit}, map[string]handler{"whoami": whoami})
	s := rg.session(append(as("ann"), "X-Scope", "wide")...)
	resp, err := rg.at(s.endpoint).start(t.Context(), http.MethodPost, toolCall("2", "whoami"), append(as("ann"), "X-Scope", "narrow")...)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || !strings.Contains(resp.Header.Get("WWW-Authenticate"), `scope="wide"`) {
		t.Errorf("%s %s", resp.Status, resp.Header)
	}
	s.accepted(toolCall("2", "whoami"), append(as("ann"), "X-Scope", "wide")...)
	s.wants("test/ann scopes=wide")
}

// A session is opened with one credential, and each message comes with its own.
func TestSSEPrincipalIsThatOfThePost(t *testing.T) {
	ids := func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		h, err := json.Marshal(req.Extra.Header)
		return text(auth.RequestID(ctx) + string(h)), err
	}
	rg := newSSERig(t, transport.Config{Auth: byToken}, map[string]handler{"whoami": whoami, "ids": ids})
	s := rg.session(append(as("ann"), "X-Scope", "first")...)
	for _, scope := range []string{"second", "third"} {
		s.accepted(toolCall("2", "whoami"), append(as("ann"), "X-Scope", scope)...)
		s.wants("test/ann scopes=" + scope)
	}
	a := s.post(toolCall("3", "ids"), append(as("ann"), "Traceparent", "00-trace")...)
	event := s.wants("00-trace")
	if id := a.header.Get("X-Request-Id"); id == "" || !strings.Contains(event, id) || strings.Contains(event, "Bearer ann") {
		t.Errorf("request %q: %s", id, event)
	}
}

// A stream that cannot be flushed would leave the client waiting.
func TestSSENeedsAFlusher(t *testing.T) {
	rg := newSSERig(t, transport.Config{}, nil)
	hidden := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sseMux(rg.e).ServeHTTP(struct{ http.ResponseWriter }{w}, r)
	}))
	defer hidden.Close()
	resp, err := http.Get(hidden.URL + "/team/sse")
	if err != nil {
		t.Fatal(err)
	}
	if a := rg.read(resp); a.status != http.StatusInternalServerError || a.code() == 0 {
		t.Errorf("%d %s", a.status, a.body)
	}
}
