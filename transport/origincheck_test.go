package transport_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

func newOrigins(tb testing.TB, publicHost string, entries ...string) *transport.OriginCheck {
	tb.Helper()
	c, err := transport.NewOriginCheck("", publicHost, entries...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// R8, D77: a check that stands alone in front of a handler: it answers preflights, lets listed pages read answers, and refuses what others send.
func TestOriginCheckAlone(t *testing.T) {
	c := newOrigins(t, "mcp.example.com", app)
	answer := func(method string, headers ...string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), from("192.0.2.1:1", headers...)
		r.Method = method
		c.Wrap(http.NotFoundHandler()).ServeHTTP(w, r)
		return w
	}
	const asks = "Access-Control-Request-Method"
	for _, test := range []struct {
		name, method string
		headers      []string
		want         int
		readable     bool
	}{
		{"a program", "POST", nil, 404, false},
		{"a listed page", "POST", []string{"Origin", app, "Sec-Fetch-Site", "cross-site"}, 404, true},
		{"a preflight of a listed page", "OPTIONS", []string{"Origin", app, asks, "POST"}, 204, true},
		{"OPTIONS that is no preflight", "OPTIONS", []string{"Origin", app}, 404, true},
		{"the endpoint's own page", "POST", []string{"Origin", "https://mcp.example.com"}, 404, false},
		{"a preflight of the endpoint's own page", "OPTIONS", []string{"Origin", "https://mcp.example.com", asks, "POST"}, 404, false},
		{"another page", "POST", []string{"Origin", "https://evil.example"}, 403, false},
		{"a preflight of another page", "OPTIONS", []string{"Origin", "https://evil.example", asks, "POST"}, 403, false},
		{"two origins", "POST", []string{"Origin", app, "Origin", "https://evil.example"}, 403, true},
		{"a preflight of two origins", "OPTIONS", []string{"Origin", app, "Origin", app, asks, "POST"}, 403, true},
		{"a form", "POST", []string{"Origin", "https://evil.example", "Content-Type", "text/plain"}, 403, false}, // a simple request, which no preflight comes before
		{"a form that is posted by a link", "POST", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403, false},
	} {
		w := answer(test.method, test.headers...)
		if h := w.Header(); w.Code != test.want || (h.Get("Access-Control-Allow-Origin") == app) != test.readable || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d %v", test.name, w.Code, h)
		}
	}
}

// Pages of an origin that is added or removed notice with their next request.
func TestOriginsAreReplaced(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, AllowedOrigins: []string{app}}, nil)
	const other = "https://other.example.com"
	status := func(origin string) int { return rg.send(http.MethodPost, initialize, "Origin", origin).status }
	if err := rg.e.Origins().Set("no origin"); err == nil || status(app) != http.StatusUnauthorized {
		t.Errorf("the list has changed: %v", err)
	}
	if err := rg.e.Origins().Set(other); err != nil || status(app) != http.StatusForbidden || status(other) != http.StatusUnauthorized {
		t.Errorf("another list: %v, %d, %d", err, status(app), status(other))
	}
	if err := rg.e.Origins().Set(); err != nil || status(other) != http.StatusForbidden {
		t.Errorf("no list: %v, %d", err, status(other))
	}
	if a := rg.preflight(rg.url, "authorization"); a.status != http.StatusUnauthorized || hasCORS(a) { // of its own page, which need not ask
		t.Errorf("a preflight of the endpoint's own origin: %d %v", a.status, a.header)
	}
	if got := through((&transport.OriginCheck{}).Wrap, from("192.0.2.1:1", "Origin", app)); got != http.StatusForbidden {
		t.Errorf("a check without a list: %d", got)
	}
}

// D77: whatever the rules of net/http for requests of other origins refuse is refused here too, unless the origin is listed.
func TestOriginsAreAsStrictAsTheStandardLibrary(t *testing.T) {
	rules := http.NewCrossOriginProtection()
	if err := rules.AddTrustedOrigin(app); err != nil {
		t.Fatal(err)
	}
	ours := newOrigins(t, "", app)
	refused := 0
	for _, method := range []string{"POST", "DELETE", "PUT"} {
		for _, origin := range []string{"", app, "https://evil.example", "http://example.com", "https://example.com", "https://example.com:8443", "null", "x"} {
			for _, site := range []string{"", "same-origin", "same-site", "cross-site", "none", "x"} {
				for _, host := range []string{"example.com", "evil.example", "app.example.com"} {
					r := from("192.0.2.1:1")
					r.Method, r.Host = method, host
					for name, value := range map[string]string{"Origin": origin, "Sec-Fetch-Site": site} {
						if value != "" {
							r.Header.Set(name, value)
						}
					}
					if rules.Check(r) == nil {
						continue
					}
					if refused++; through(ours.Wrap, r) != http.StatusForbidden {
						t.Errorf("%s from %q, %q at %s passes", method, origin, site, host)
					}
				}
			}
		}
	}
	if refused < 100 {
		t.Errorf("only %d were refused", refused)
	}
}

func TestOriginsAreToldOf(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := newOrigins(t, "mcp.example.com")
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		for range 3 {
			through(c.Wrap, from("192.0.2.1:1", "Origin", "https://evil.example"+strings.Repeat("x", 10_000)))
		}
		if s := log.String(); strings.Count(s, "\n") != 1 || len(s) > 1000 || !strings.Contains(s, "ZSCALER_MCP_ALLOWED_ORIGINS") {
			t.Errorf("log: %s", s)
		}
		time.Sleep(time.Minute)
		if through(c.Wrap, from("192.0.2.1:1", "Origin", "https://again.example")); !strings.Contains(log.String(), "again.example") {
			t.Error("a minute later nobody is told")
		}
	})
}
