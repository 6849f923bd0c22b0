package zscalermcp_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
)

var denyAll = auth.PolicyFunc(func(*auth.Principal, auth.Operation) auth.Decision { return auth.Decision{} })

// readerKey and writerKey are keys with scopes.
const (
	readerKey = "reader-key-0123456789-abcdefghijkl"
	writerKey = "writer-key-0123456789-abcdefghijkl"
)

// scoped serves two keys under a policy by scope; "url categories" are for nobody.
func scoped(t *testing.T, more ...zscalermcp.Option) string {
	t.Helper()
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{
		{Name: "reader", Key: readerKey, Scopes: []string{"zia:read"}}, {Name: "writer", Key: writerKey, Scopes: []string{"zia:write"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	policy, err := auth.NewScopePolicy(auth.ScopePolicyConfig{
		Rules: []auth.ScopeRule{
			{Scope: "zia:read", Toolsets: []string{"zia_rule_labels"}, Effects: []string{"read"}},
			{Scope: "zia:write", Toolsets: []string{"zia_rule_labels"}},
			{Claim: "groups", Values: []string{"netops"}, Toolsets: []string{"zia_url_categories"}},
		},
		Implies: map[string][]string{"zia:write": {"zia:read"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, opts := tenantOptions(t)
	opts = append(opts, zscalermcp.WithAuth(keys), zscalermcp.WithPolicy(policy), zscalermcp.WithWriteTools("zia_*"), zscalermcp.WithToolsets("zia_rule_labels", "zia_url_categories"))
	return serve(t, newServer(t, append(opts, more...)...)) + "/mcp"
}

// R140, R141: what a caller may not use is neither listed nor callable, in both eras.
func TestPolicyDecidesWhatIsThere(t *testing.T) {
	url := scoped(t)
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			reader, writer := connect(t, url, readerKey, version, nil), connect(t, url, writerKey, version, nil)
			if names := strings.Join(toolNames(t, reader), " "); strings.Contains(names, "create") || strings.Contains(names, "url_categor") || !strings.Contains(names, "zia_list_rule_labels") {
				t.Errorf("the reader sees %s", names)
			}
			if names := strings.Join(toolNames(t, writer), " "); !strings.Contains(names, "zia_create_rule_label") || !strings.Contains(names, "zia_list_rule_labels") || strings.Contains(names, "url_categor") {
				t.Errorf("the writer sees %s", names)
			}
			if text, failed := call(t, reader, "zia_list_rule_labels", nil); failed {
				t.Error(text)
			}
			if text, failed := call(t, writer, "zia_create_rule_label", map[string]any{"name": era}); failed {
				t.Error(text)
			}
			for _, session := range []*mcp.ClientSession{reader, writer} { // no scope would help: as if it were not there
				_, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "zia_list_url_categories"})
				if err == nil || !strings.Contains(err.Error(), `unknown tool "zia_list_url_categories"`) || strings.Contains(err.Error(), "zia_get_url_category") {
					t.Errorf("hidden tool: %v", err)
				}
			}
		})
	}
}

// R159: a policy that panics permits nothing, and the value of its panic, which may be anything, is nowhere.
func TestPolicyThatPanics(t *testing.T) {
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Key: readerKey}}})
	if err != nil {
		t.Fatal(err)
	}
	var logs logBuffer
	policy := auth.PolicyFunc(func(_ *auth.Principal, op auth.Operation) auth.Decision {
		if op.Tool == "zia_list_rule_labels" {
			panic("SECRET of " + op.Tool)
		}
		return auth.Decision{Allowed: true}
	})
	_, opts := tenantOptions(t)
	url := serve(t, newServer(t, append(opts, zscalermcp.WithAuth(keys), zscalermcp.WithPolicy(policy), zscalermcp.WithLogger(slog.New(slog.NewTextHandler(&logs, nil))))...)) + "/mcp"
	for era, version := range eras {
		session := connect(t, url, readerKey, version, nil)
		if names := toolNames(t, session); slices.Contains(names, "zia_list_rule_labels") || !slices.Contains(names, "zia_list_url_categories") {
			t.Errorf("%s: listed are %v", era, names)
		}
		if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "zia_list_rule_labels"}); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", era, err)
		}
		if text, failed := call(t, session, "zia_list_url_categories", nil); failed {
			t.Errorf("%s: a tool that the policy permits: %s", era, text)
		}
	}
	if text := logs.String(); !strings.Contains(text, "the policy has panicked") || strings.Contains(text, "SECRET") {
		t.Errorf("the log says %s", text)
	}
}

// Whoever asks for a tool that is hidden leaves an event.
func TestHiddenToolsLeaveAnEvent(t *testing.T) {
	var mu sync.Mutex
	var events []auth.Event
	url := scoped(t, zscalermcp.WithAudit(func(_ context.Context, e auth.Event) {
		mu.Lock()
		defer mu.Unlock()
		if e.Name == auth.EventRefused {
			events = append(events, e)
		}
	}))
	for _, version := range eras {
		session := connect(t, url, readerKey, version, nil)
		for _, name := range []string{"zia_list_url_categories", "zia_no_such_tool", "zia_list_rule_labels"} {
			_, _ = session.CallTool(t.Context(), &mcp.CallToolParams{Name: name})
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(events) != len(eras) {
		t.Fatalf("events %+v", events)
	}
	for _, e := range events {
		if e.Reason != auth.ReasonForbidden || e.Operation != "zia_list_url_categories" || e.Subject != "reader" || e.RequestID == "" {
			t.Errorf("event %+v", e)
		}
	}
}

// R121, R141, D93: a call that a wider scope would permit is answered with 403 before anything runs, whatever headers and body claim.
func TestStepUp(t *testing.T) {
	var mu sync.Mutex
	var events []auth.Event
	url := scoped(t, zscalermcp.WithAudit(func(_ context.Context, e auth.Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, e)
	}))
	session := connect(t, url, readerKey, "2025-11-25", nil)
	body := func(name string) string {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":` + name + `,"arguments":{"name":"x"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`
	}
	for name, test := range map[string]struct {
		key, body string
		header    http.Header
		want      int
	}{
		"new era":                  {readerKey, body(`"zia_create_rule_label"`), modernHeader("zia_create_rule_label"), 403},
		"new era, escaped":         {readerKey, body(`"zia\u005fcreate_rule_label"`), modernHeader("zia_create_rule_label"), 403},
		"header of a lawful tool":  {readerKey, body(`"zia_create_rule_label"`), modernHeader("zia_list_rule_labels"), 403},
		"body of a lawful tool":    {readerKey, body(`"zia_list_rule_labels"`), modernHeader("zia_create_rule_label"), 400},
		"legacy session":           {readerKey, body(`"zia_create_rule_label"`), http.Header{"Mcp-Session-Id": {session.ID()}, "Mcp-Protocol-Version": {"2025-11-25"}}, 403},
		"legacy without a session": {readerKey, body(`"zia_create_rule_label"`), http.Header{}, 403},
		"another case of the name": {readerKey, body(`"ZIA_CREATE_RULE_LABEL"`), modernHeader("ZIA_CREATE_RULE_LABEL"), 400},
		"with the scope":           {writerKey, body(`"zia_create_rule_label"`), modernHeader("zia_create_rule_label"), 200},
		"a lawful call":            {readerKey, body(`"zia_list_rule_labels"`), modernHeader("zia_list_rule_labels"), 200},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header = test.header.Clone()
			r.Header.Set("Authorization", "Bearer "+test.key)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json, text/event-stream")
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			text, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != test.want && !(test.want == 400 && strings.Contains(string(text), `"error"`)) {
				t.Fatalf("status %d, want %d: %s", resp.StatusCode, test.want, text)
			}
			if test.want != 403 {
				return
			}
			const challenge = `Bearer realm="zscaler-mcp", error="insufficient_scope", error_description="The credential does not cover this tool; ask for the scopes named in the challenge.", scope="zia:write"`
			if got := resp.Header.Get("WWW-Authenticate"); got != challenge {
				t.Errorf("challenge %s", got)
			}
			var refusal struct{ Error string }
			if json.Unmarshal(text, &refusal) != nil || refusal.Error != "insufficient_scope" {
				t.Errorf("body %s", text)
			}
			mu.Lock()
			defer mu.Unlock()
			last := events[len(events)-1]
			if last.Name != auth.EventRefused || last.Reason != auth.ReasonInsufficientScope || last.Subject != "reader" || last.Operation != "zia_create_rule_label" || last.RequestID != resp.Header.Get("X-Request-Id") {
				t.Errorf("event %+v", last)
			}
		})
	}
}

func modernHeader(tool string) http.Header {
	return http.Header{"Mcp-Protocol-Version": {"2026-07-28"}, "Mcp-Method": {"tools/call"}, "Mcp-Name": {tool}}
}

// The policy is about callers over HTTP: on stdio the operating system isolates.
func TestPolicyDoesNotConcernStdio(t *testing.T) {
	_, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t), zscalermcp.WithPolicy(denyAll))...)
	in, client := io.Pipe()
	out, server := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- srv.ServeStdio(t.Context(), in, server) }()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test"}, nil).Connect(t.Context(), &mcp.IOTransport{Reader: out, Writer: client}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(toolNames(t, session)) == 0 {
		t.Error("nothing is listed")
	}
	_ = session.Close()
	_ = client.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Nobody over HTTP is taken for a caller on stdio or inside the program, whatever an Authenticator calls its callers.
func TestNobodyOverHTTPIsTakenForLocal(t *testing.T) {
	for _, p := range []auth.Principal{
		{Issuer: "stdio", Subject: "stdio", Method: "stdio"}, {Issuer: "local", Subject: "local", Method: "none"},
	} {
		named := zscalermcp.WithAuth(auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { return &p, nil }))
		for era, version := range eras {
			_, opts := tenantOptions(t)
			denied := connect(t, serve(t, newServer(t, append(opts, named, zscalermcp.WithPolicy(denyAll))...))+"/mcp", "", version, nil)
			if list, err := denied.ListTools(t.Context(), nil); err != nil || len(list.Tools) > 0 {
				t.Errorf("%s, %s: a policy that denies everything shows %v, %v", p.Issuer, era, list, err)
			}
			own := connect(t, serve(t, newServer(t, append(opts, named, zscalermcp.WithCallerCredentials())...))+"/mcp", "", version, nil)
			result, err := own.CallTool(t.Context(), &mcp.CallToolParams{Name: "zia_list_rule_labels"})
			if err == nil && !result.IsError {
				t.Errorf("%s, %s: called with the credentials of the server", p.Issuer, era)
			}
			free := connect(t, serve(t, newServer(t, append(opts, named)...))+"/mcp", "", version, nil)
			if text, failed := call(t, free, "zia_list_rule_labels", nil); failed {
				t.Errorf("%s, %s: without a policy: %s", p.Issuer, era, text)
			}
		}
	}
}
