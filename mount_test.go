package zscalermcp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

func TestMountBesideOtherRoutesBelowAPrefix(t *testing.T) {
	_, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t), zscalermcp.WithPublicURL("https://svc.example.com/zscaler/mcp"), zscalermcp.WithHealth("/mcp-ready"))...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the host") })
	mux.HandleFunc("/zscaler/other", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the host") })
	if err := srv.Mount(mux); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"/": 200, "/zscaler/other": 200, "/mcp-ready": 200,
		"/zscaler/mcp": 401, "/zscaler/mcp/": 401,
		"/mcp": 404, "/zscaler": 404, "/zscaler/mcp/below": 404, "/health": 404, "/healthz": 404, "/ready": 404,
		"/.well-known/oauth-protected-resource": 404,
	} {
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "http://svc.example.com"+path, nil))
		if answer.Code != want {
			t.Errorf("GET %s: %d, want %d", path, answer.Code, want)
		}
	}
	hs := httptest.NewServer(mux)
	defer hs.Close()
	defer srv.Drain()
	for _, path := range []string{"/zscaler/mcp", "/zscaler/mcp/"} {
		session := connect(t, hs.URL+path, testKey, "", nil)
		if tools, err := session.ListTools(t.Context(), nil); err != nil || len(tools.Tools) == 0 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestMountConflictNamesThePatternAndServesNothing(t *testing.T) {
	_, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t))...)
	mux := http.NewServeMux()
	mux.HandleFunc("/mcp", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the host") })
	err := srv.Mount(mux)
	if err == nil || !strings.Contains(err.Error(), `"/mcp"`) {
		t.Fatalf("Mount on a taken pattern: %v", err)
	}
	for path, want := range map[string]string{"/mcp": "the host", "/mcp/": "not_found"} {
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, path, nil))
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("POST %s after the failed Mount: %q", path, answer.Body)
		}
	}
	if err := srv.Mount(http.NewServeMux()); err != nil {
		t.Errorf("Mount on a free mux: %v", err)
	}
}

// ServeMux prefers narrower patterns without a word; those that would take an endpoint away are named.
func TestMountNamesPatternsThatTakeRequestsAway(t *testing.T) {
	for pattern, want := range map[string]string{
		"POST /mcp": `"POST /mcp"`, "svc.example.com/mcp": `"svc.example.com/mcp"`, "GET svc.example.com/mcp": `"GET svc.example.com/mcp"`, "POST /mcp/{$}": `"POST /mcp/{$}"`,
		"svc.example.com/": `"svc.example.com/"`, "svc.example.com/{path...}": `"svc.example.com/{path...}"`, "POST svc.example.com/{x}": `"POST svc.example.com/{x}"`,
		"POST /mcp/below": "", "GET /other/mcp": "", "other.example.com/mcp": "", "/": "", "GET /{any}": `conflicts with pattern "GET /{any}"`,
	} {
		_, opts := tenantOptions(t)
		srv := newServer(t, append(opts, withKey(t), zscalermcp.WithPublicURL("https://svc.example.com/mcp"))...)
		mux := http.NewServeMux()
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the host") })
		err := srv.Mount(mux)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", pattern, err)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodDelete, "https://svc.example.com/mcp/", nil))
		if err == nil && w.Code != http.StatusUnauthorized || err != nil && w.Code == http.StatusUnauthorized {
			t.Errorf("%s: the endpoint answers %d", pattern, w.Code)
		}
	}
}

func TestHandlerAnswersEverything(t *testing.T) {
	_, opts := tenantOptions(t)
	url := serve(t, newServer(t, append(opts, withKey(t), zscalermcp.WithHealth("/ready"))...))
	for path, want := range map[string]int{
		"/health": 200, "/healthz": 200, "/ready": 200, "/mcp": 401, "/mcp/": 401,
		"/mcp/unknown": 401, "/.well-known/oauth-authorization-server": 404, "/": 404,
	} {
		resp, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != want || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
			t.Errorf("GET %s: %d %s %s, want %d and JSON", path, resp.StatusCode, resp.Header.Get("Content-Type"), body, want)
		}
	}
}

func TestHTTPWithoutAuthenticationIsRefused(t *testing.T) {
	_, opts := tenantOptions(t)
	srv := newServer(t, opts...)
	_, handlerErr := srv.Handler()
	_, routesErr := srv.Routes()
	for name, err := range map[string]error{"Handler": handlerErr, "Routes": routesErr, "Mount": srv.Mount(http.NewServeMux()), "Run": srv.Run(t.Context())} {
		if !errors.Is(err, zscalermcp.ErrNoAuthentication) {
			t.Errorf("%s without authentication: %v", name, err)
		}
		for _, way := range []string{"ZSCALER_MCP_AUTH_API_KEY", "WithAuth", "WithoutAuth", "ZSCALER_MCP_AUTH_ENABLED=false"} {
			if err != nil && !strings.Contains(err.Error(), way) {
				t.Errorf("%s does not name %s: %v", name, way, err)
			}
		}
	}
	open := newServer(t, append(opts, zscalermcp.WithoutAuth())...)
	session := connect(t, serve(t, open)+"/mcp", "", "", nil)
	if _, err := session.ListTools(context.Background(), nil); err != nil {
		t.Errorf("WithoutAuth: %v", err)
	}
}
