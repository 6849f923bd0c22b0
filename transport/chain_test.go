package transport_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport"
)

// Every check comes before authentication, in this order: who is wrong in several ways is told of the first only.
func TestOrderOfChecks(t *testing.T) {
	asked := 0
	var events eventLog
	cfg := transport.Config{
		Audit: events.add, Sources: newSources(t, auth.Proxies{}, "192.0.2.1"), Hosts: newHosts(t, "mcp.example.com"), AllowedOrigins: []string{app},
		AddressRate: transport.Rate{PerSecond: 0.001, Burst: 1},
		Auth: auth.AuthenticatorFunc(func(r *http.Request) (*auth.Principal, error) {
			asked++
			return byToken.Authenticate(r)
		}),
	}
	e := newEndpoint(t, cfg)
	send := func(method, peer, host, origin string) int {
		w, r := httptest.NewRecorder(), from(peer, "Access-Control-Request-Method", "POST")
		r.Method, r.Host = method, host
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		e.ServeHTTP(w, r)
		return w.Code
	}
	for _, test := range []struct {
		method, peer, host, origin string
		want                       int
		reason                     string
	}{
		{"POST", "192.0.2.9:1", "evil.example", "https://evil.example", 403, auth.ReasonSource},
		{"POST", "192.0.2.1:1", "evil.example", "https://evil.example", 421, auth.ReasonHost},
		{"POST", "192.0.2.1:1", "mcp.example.com", "https://evil.example", 403, auth.ReasonOrigin},
		{"OPTIONS", "192.0.2.1:1", "evil.example", app, 421, auth.ReasonHost},
		{"OPTIONS", "192.0.2.9:1", "mcp.example.com", app, 403, auth.ReasonSource},
		{"OPTIONS", "192.0.2.1:1", "mcp.example.com", app, 204, ""}, // takes the one request of the rate
		{"POST", "192.0.2.1:1", "mcp.example.com", app, 429, auth.ReasonThrottled},
	} {
		before := len(events.of(test.reason))
		if got := send(test.method, test.peer, test.host, test.origin); got != test.want {
			t.Errorf("%+v: %d", test, got)
		}
		if test.reason != "" && len(events.of(test.reason)) != before+1 {
			t.Errorf("%+v: no event", test)
		}
	}
	if asked != 0 {
		t.Errorf("%d of them were asked who calls", asked)
	}
	e.Drain()
	if got := send("GET", "192.0.2.9:1", "evil.example", "https://evil.example"); got != http.StatusServiceUnavailable {
		t.Errorf("while draining: %d", got)
	}
	if got := send("POST", "192.0.2.9:1", "evil.example", ""); got != http.StatusForbidden {
		t.Errorf("a call while draining: %d", got)
	}
}

// An audit sink that panics costs nobody an answer, and a flood does not reach it.
func TestEventsOfChecks(t *testing.T) {
	e := newEndpoint(t, transport.Config{Audit: func(context.Context, auth.Event) { panic("s3cr3t") }, Hosts: newHosts(t, "mcp.example.com")})
	w := httptest.NewRecorder()
	if e.ServeHTTP(w, from("192.0.2.1:1")); w.Code != http.StatusMisdirectedRequest {
		t.Errorf("%d", w.Code)
	}
	var events eventLog
	e = newEndpoint(t, transport.Config{Audit: events.add, Hosts: newHosts(t, "mcp.example.com")})
	for range 10_000 {
		e.ServeHTTP(httptest.NewRecorder(), from("192.0.2.1:1"))
	}
	if n := len(events.of(auth.ReasonHost)); n < 100 || n > 1000 {
		t.Errorf("%d events", n)
	}
}

// R160: lists are replaced while requests are judged by them; each request meets one list or the other.
func TestListsAreReplacedWhileServing(t *testing.T) {
	hosts, sources := newHosts(t, "a.example", "always.example"), newSources(t, auth.Proxies{}, "192.0.2.1", "192.0.2.3")
	e := newEndpoint(t, transport.Config{Auth: byToken, Hosts: hosts, Sources: sources, AllowedOrigins: []string{app}, AddressRate: transport.Rate{PerSecond: -1}})
	done := make(chan struct{})
	var setters, senders sync.WaitGroup
	setters.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			letter := string(rune('a' + i%2))
			if err := hosts.Set(letter+".example", "always.example"); err != nil {
				t.Error(err)
			}
			if err := sources.Set("192.0.2."+string(rune('1'+i%2)), "192.0.2.3"); err != nil {
				t.Error(err)
			}
			if err := e.Origins().Set("https://"+letter+".example", app); err != nil {
				t.Error(err)
			}
		}
	})
	for range 4 {
		senders.Go(func() {
			for i := range 500 {
				peer, host := "192.0.2.3:1", "always.example"
				if i%2 == 0 {
					peer, host = "192.0.2.4:1", "never.example"
				}
				w, r := httptest.NewRecorder(), from(peer, "Origin", app)
				r.Host = host
				e.ServeHTTP(w, r)
				if want := []int{http.StatusForbidden, http.StatusUnauthorized}[i%2]; w.Code != want {
					t.Errorf("%s: %d, want %d", host, w.Code, want)
				}
			}
		})
	}
	senders.Wait()
	close(done)
	setters.Wait()
}

// What is served beside the endpoint has its body bounded like that of the endpoint, and reaches its handler once.
func TestDefended(t *testing.T) {
	e := newEndpoint(t, transport.Config{Auth: byToken, Hosts: newHosts(t, "mcp.example.com"), AllowedOrigins: []string{app}})
	calls := 0
	h := e.Defended(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		w.WriteHeader(http.StatusNoContent)
	}))
	send := func(host string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/token", strings.NewReader("grant_type=x"))
		r.Host = host
		r.Header.Set("Origin", "https://evil.example") // pages of OAuth clients have their own rules
		h.ServeHTTP(w, r)
		return w
	}
	if w := send("mcp.example.com"); w.Code != http.StatusNoContent || calls != 1 || hasCORS(answer{header: w.Header()}) || w.Header().Get("Connection") != "close" {
		t.Errorf("%d, %d calls, %v", w.Code, calls, w.Header())
	}
	if w := send("evil.example"); w.Code != http.StatusMisdirectedRequest || calls != 1 {
		t.Errorf("%d, %d calls", w.Code, calls)
	}
}
