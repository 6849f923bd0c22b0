package zscalermcp_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
)

// Readiness has details for this machine and for callers who authenticate; strangers, and what a proxy hands on, get the bare word.
func TestDetailsOfReadiness(t *testing.T) {
	asked := 0
	counting := auth.AuthenticatorFunc(func(r *http.Request) (*auth.Principal, error) {
		asked++
		if r.Header.Get("Authorization") != "Bearer "+testKey {
			return nil, &auth.Error{Status: http.StatusUnauthorized, Code: "invalid_token", Description: "no"}
		}
		return &auth.Principal{Issuer: "test", Subject: "ann", Method: "test"}, nil
	})
	common := []zscalermcp.Option{tenantEnv.option(), zscalermcp.WithAuth(counting), zscalermcp.WithSourceIPs("10.0.0.0/8")}
	srv := newServer(t, append(common, zscalermcp.WithAllowedHosts("mcp.example.com"))...)
	h, err := srv.Handler()
	if err != nil {
		t.Fatal(err)
	}
	public := handlerOf(t, append(common, zscalermcp.WithPublicURL("https://mcp.example.com/mcp"))...) // without TLS: a proxy must be in front
	proxied := handlerOf(t, append(common, zscalermcp.WithTrustedProxies(auth.Proxies{Prefixes: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}))...)
	key := []string{"Authorization", "Bearer " + testKey}
	for name, test := range map[string]struct {
		host, from string
		headers    []string
		status     int
		details    bool
	}{
		"this machine":                      {"127.0.0.1:8000", "127.0.0.1", nil, 200, true},
		"a proxy that must be in front":     {"127.0.0.1:8000", "127.0.0.1", []string{"for", "public"}, 200, false},
		"a proxy that is named":             {"127.0.0.1:8000", "127.0.0.1", []string{"for", "proxied"}, 200, false},
		"an old proxy":                      {"127.0.0.1:8000", "127.0.0.1", []string{"for", "1.0"}, 200, false},
		"this machine, by name":             {"localhost", "127.0.0.1", nil, 200, true},
		"this machine, IPv6":                {"[::1]:8000", "[::1]", nil, 200, true},
		"a page that names itself":          {"evil.example", "127.0.0.1", nil, 200, false},
		"the public host":                   {"mcp.example.com", "127.0.0.1", nil, 200, false},
		"a proxy on it":                     {"127.0.0.1:8000", "127.0.0.1", []string{"X-Forwarded-For", "192.0.2.1"}, 200, false},
		"a proxy on it, otherwise":          {"127.0.0.1:8000", "127.0.0.1", []string{"Via", "1.1 proxy"}, 200, false},
		"another machine":                   {"127.0.0.1", "10.0.0.1", nil, 200, false},
		"a caller":                          {"mcp.example.com", "10.0.0.1", key, 200, true},
		"a wrong key":                       {"mcp.example.com", "10.0.0.1", []string{"Authorization", "Bearer wrong"}, 401, false},
		"a caller who may not come":         {"mcp.example.com", "192.0.2.1", key, 403, false},
		"a caller by another name":          {"evil.example", "10.0.0.1", key, 421, false},
		"a stranger who shows no key there": {"evil.example", "192.0.2.1", nil, 200, false},
	} {
		t.Run(name, func(t *testing.T) {
			asked = 0
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+test.host+"/ready", nil)
			r.RemoteAddr = test.from + ":4711"
			asks := h
			for i := 0; i < len(test.headers); i += 2 {
				switch test.headers[i+1] {
				case "public":
					asks = public
				case "proxied":
					asks = proxied
				case "1.0":
					r.Proto, r.ProtoMinor = "HTTP/1.0", 0
				default:
					r.Header.Set(test.headers[i], test.headers[i+1])
				}
			}
			w := httptest.NewRecorder()
			asks.ServeHTTP(w, r)
			var told map[string]any
			if err := json.Unmarshal(w.Body.Bytes(), &told); err != nil {
				t.Fatal(err)
			}
			if _, ok := told["sessions"]; w.Code != test.status || ok != test.details {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if len(test.headers) == 0 && asked > 0 {
				t.Error("somebody was asked for a probe")
			}
			if strings.Contains(w.Body.String(), "acme") {
				t.Errorf("the tenant is told: %s", w.Body)
			}
		})
	}
	srv.Drain()
	for host, from := range map[string]string{"127.0.0.1": "127.0.0.1", "mcp.example.com": "192.0.2.1"} {
		if got := status(t, h, http.MethodGet, "http://"+host+"/ready", from); got != http.StatusServiceUnavailable {
			t.Errorf("draining, %s: %d", host, got)
		}
		if got := status(t, h, http.MethodGet, "http://"+host+"/health", from); got != http.StatusOK {
			t.Errorf("health while draining, %s: %d", host, got)
		}
	}
	if got := status(t, h, http.MethodPost, "http://127.0.0.1/ready", "127.0.0.1"); got != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got)
	}
}

// Where nobody authenticates nobody but this machine is told more.
func TestReadinessWithoutAuthentication(t *testing.T) {
	h := handlerOf(t, tenantEnv.option(), zscalermcp.WithoutAuth())
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://mcp.example.com/ready", nil)
	r.Header.Set("Authorization", "Bearer anything")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "sessions") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
