package auth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// A recorder keeps the audit events of a middleware, and its log at debug level.
type recorder struct {
	log     logBuffer
	proxies auth.Proxies

	mu     sync.Mutex
	events []auth.Event
}

func (c *recorder) audit(_ context.Context, e auth.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, e)
}

// all are the events so far.
func (c *recorder) all() []auth.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.events[:len(c.events):len(c.events)]
}

// last is the newest event.
func (c *recorder) last(t testing.TB) auth.Event {
	t.Helper()
	all := c.all()
	if len(all) == 0 {
		t.Fatal("no event")
	}
	return all[len(all)-1]
}

// guard puts a in front of next.
func (c *recorder) guard(a auth.Authenticator, next http.HandlerFunc) http.Handler {
	return auth.Middleware(a, auth.MiddlewareConfig{Logger: debugLog(&c.log), Audit: c.audit, Proxies: c.proxies})(next)
}

// serve sends r through the middleware, and returns the answer and the request that the next handler saw, nil if none.
func (c *recorder) serve(a auth.Authenticator, r *http.Request) (*httptest.ResponseRecorder, *http.Request) {
	var seen *http.Request
	w := httptest.NewRecorder()
	c.guard(a, func(_ http.ResponseWriter, r *http.Request) { seen = r }).ServeHTTP(w, r)
	return w, seen
}

// callerOf is the subject of the caller that r is taken for, and the status.
func callerOf(a auth.Authenticator, r *http.Request) (string, int) {
	w, seen := new(recorder).serve(a, r)
	if seen == nil {
		return "", w.Code
	}
	p, _ := auth.PrincipalFromContext(seen.Context())
	return p.Subject, w.Code
}

// sentFrom is a request from a peer with lines such as "Name: value".
func sentFrom(peer string, lines ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, resource, nil)
	r.RemoteAddr = peer
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	return r
}

// holdsNone fails the test if text has one of the secrets.
func holdsNone(t testing.TB, what, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("%s holds %q: %s", what, secret, text)
		}
	}
}

// saysAll fails the test unless text has each of the parts.
func saysAll(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s does not say %q:\n%s", what, part, text)
		}
	}
}

// A counted is an authenticator of the host's own that counts how often it is asked.
type counted struct {
	calls int
	judge func(*http.Request) (*auth.Principal, error)
}

// Authenticate implements [auth.Authenticator].
func (c *counted) Authenticate(r *http.Request) (*auth.Principal, error) {
	c.calls++
	if c.judge == nil {
		return nil, auth.ErrNotMine
	}
	return c.judge(r)
}

// stepUp refuses a request that a has let through, for want of scopes.
func stepUp(t testing.TB, a auth.Authenticator, r *http.Request, scopes ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	passed := false
	new(recorder).guard(a, func(w http.ResponseWriter, r *http.Request) {
		passed = true
		auth.Refuse(w, r, a, &auth.Error{Status: http.StatusForbidden, Code: "insufficient_scope", Description: "More.", Scopes: scopes})
	}).ServeHTTP(w, r)
	if !passed {
		t.Fatalf("not let through: %d %s", w.Code, w.Body)
	}
	return w
}
