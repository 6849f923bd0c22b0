package zscalermcp_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
)

// The transport of protocol 2024-11-05 is served where it is asked for: alone at the public path, or beside the endpoint, below a prefix too.
func TestWhereSSEIsServed(t *testing.T) {
	alone := tenantEnv.with("ZSCALER_MCP_TRANSPORT", "sse", "ZSCALER_MCP_AUTH_API_KEY", testKey)
	const get, post, none = http.MethodGet, http.MethodPost, http.StatusNotFound
	for name, test := range map[string]struct {
		options []zscalermcp.Option
		served  map[string]string // path: method
		missing []string
	}{
		"alone":               {[]zscalermcp.Option{alone.option()}, map[string]string{"/sse": get, "/sse/": get, "/messages": post, "/messages/": post}, []string{"/mcp"}},
		"alone, below a path": {[]zscalermcp.Option{alone.with("ZSCALER_MCP_PUBLIC_URL", "https://svc.example.com/team/events").option()}, map[string]string{"/team/events": get, "/team/messages": post}, []string{"/sse", "/messages"}},
		"beside":              {[]zscalermcp.Option{tenantEnv.option(), withKey(t), zscalermcp.WithSSE()}, map[string]string{"/mcp": post, "/sse": get, "/messages": post}, nil},
		"beside, below a path": {[]zscalermcp.Option{tenantEnv.option(), withKey(t), zscalermcp.WithSSE(), zscalermcp.WithPublicURL("https://svc.example.com/team/mcp")},
			map[string]string{"/team/mcp": post, "/team/sse": get, "/team/messages": post}, []string{"/sse", "/mcp"}},
		"not asked for": {[]zscalermcp.Option{tenantEnv.option(), withKey(t)}, map[string]string{"/mcp": post}, []string{"/sse", "/messages"}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := newServer(t, test.options...)
			mux := http.NewServeMux()
			if err := srv.Mount(mux); err != nil {
				t.Fatal(err)
			}
			for path, method := range test.served {
				if got := status(t, mux, method, "http://svc.example.com"+path, "192.0.2.1"); got != http.StatusUnauthorized {
					t.Errorf("%s: %d", path, got)
				}
			}
			for _, path := range test.missing {
				if got := status(t, mux, get, "http://svc.example.com"+path, "192.0.2.1"); got != none {
					t.Errorf("%s: %d", path, got)
				}
			}
			if shown := srv.Posture().SSE; (shown == "") != (name == "not asked for") {
				t.Errorf("the posture has %q", shown)
			}
		})
	}
}

// An old client works with the tools, below a prefix too.
func TestOldClientOverSSE(t *testing.T) {
	_, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t), zscalermcp.WithSSE(), zscalermcp.WithPublicURL("https://svc.example.com/team/mcp"))...)
	mux := http.NewServeMux()
	if err := srv.Mount(mux); err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(mux)
	defer hs.Close()
	defer srv.Drain()
	client := mcp.NewClient(&mcp.Implementation{Name: "old", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.SSEClientTransport{Endpoint: hs.URL + "/team/sse", HTTPClient: &http.Client{Transport: keyed{testKey}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if text, failed := call(t, session, "zia_list_rule_labels", nil); failed || !strings.Contains(text, "id") {
		t.Errorf("%s", text)
	}
}

// Paths that would be taken twice are a mistake of New.
func TestPathsOfSSEThatAreTaken(t *testing.T) {
	for name, test := range map[string]struct {
		options []zscalermcp.Option
		taken   bool
	}{
		"the stream":         {[]zscalermcp.Option{zscalermcp.WithSSE(), zscalermcp.WithPublicURL("https://svc.example.com/team/sse")}, true},
		"the messages":       {[]zscalermcp.Option{zscalermcp.WithSSE(), zscalermcp.WithPublicURL("https://svc.example.com/messages")}, true},
		"health":             {[]zscalermcp.Option{zscalermcp.WithSSE(), zscalermcp.WithHealth("/sse")}, true},
		"health beside them": {[]zscalermcp.Option{zscalermcp.WithSSE(), zscalermcp.WithHealth("/up")}, false},
		"without SSE":        {[]zscalermcp.Option{zscalermcp.WithPublicURL("https://svc.example.com/messages")}, false},
	} {
		if _, err := zscalermcp.New(append(test.options, tenantEnv.option(), withKey(t))...); (err != nil) != test.taken || err != nil && !strings.Contains(err.Error(), "choose another") {
			t.Errorf("%s: %v", name, err)
		}
	}
	alone := tenantEnv.with("ZSCALER_MCP_TRANSPORT", "sse", "ZSCALER_MCP_AUTH_API_KEY", testKey)
	for url, taken := range map[string]bool{"https://svc.example.com/messages": true, "https://svc.example.com/sse": false} {
		if _, err := zscalermcp.New(alone.with("ZSCALER_MCP_PUBLIC_URL", url).option()); (err != nil) != taken {
			t.Errorf("alone, %s: %v", url, err)
		}
	}
}

// Where an option has SSE beside the endpoint, the posture does not say that it is alone.
func TestPostureOfBothTransports(t *testing.T) {
	alone := tenantEnv.with("ZSCALER_MCP_TRANSPORT", "sse")
	for want, options := range map[string][]zscalermcp.Option{"sse": {alone.option(), withKey(t)}, "streamable-http": {alone.option(), withKey(t), zscalermcp.WithSSE()}} {
		if p := newServer(t, options...).Posture(); p.Transport != want || p.SSE != "/sse" {
			t.Errorf("%q, SSE at %q, want %q", p.Transport, p.SSE, want)
		}
	}
}
