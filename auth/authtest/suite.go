package authtest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// A Suite says what [TestAuthenticator] must know of an authenticator. Each function gives a request the credential of
// somebody, wherever the authenticator looks for it: in a header, in the state of the connection, in the peer's address.
type Suite struct {
	// New returns an authenticator for one check. The suite closes it where it is an io.Closer.
	New func(t *testing.T) auth.Authenticator
	// Good is the credential of a caller who is admitted, the same one each time.
	Good func(r *http.Request)
	// Other is that of another one, if there can be two.
	Other func(r *http.Request)
	// Wrong are credentials that are refused, by name.
	Wrong map[string]func(r *http.Request)
	// Secrets must not be seen in texts and logs, beside those that stand in the credential headers. Each has at least 8 bytes: a shorter one
	// may be there by chance.
	Secrets []string
}

// A check is one thing that callers of an authenticator rely on.
type check struct {
	name string
	run  func(f *fixture)
}

// TestAuthenticator checks, in subtests, what the callers of an [auth.Authenticator] rely on: that it admits whom it should
// under one name and nobody else, leaves the request alone, reads no credential where RFC 6750 section 5.3 forbids it,
// works for many at once, and keeps secrets out of answers, errors, logs and its own printed form. It opens no connection
// of its own.
func TestAuthenticator(t *testing.T, s Suite) {
	t.Helper()
	if s.New == nil || s.Good == nil || len(s.Wrong) == 0 {
		t.Fatal("authtest: Suite needs New, Good and at least one Wrong")
	}
	for i, secret := range s.Secrets {
		if len(secret) < minSecret {
			t.Fatalf("authtest: Suite.Secrets[%d] has %d bytes; it needs %d", i, len(secret), minSecret)
		}
	}
	for _, checks := range [][]check{identityChecks, requestChecks, wireChecks, abilityChecks} {
		for _, c := range checks {
			t.Run(c.name, func(t *testing.T) {
				f := &fixture{T: t, Suite: s, a: s.New(t)}
				t.Cleanup(f.close)
				c.run(f)
			})
		}
	}
}

// request is an MCP request that bears a credential; nil bears none. Its body must not be read.
func (f *fixture) request(bear func(*http.Request)) *http.Request {
	f.Helper()
	return f.requestWithin(f.Context(), bear)
}

func (f *fixture) requestWithin(ctx context.Context, bear func(*http.Request)) *http.Request {
	f.Helper()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "https://mcp.example.com/mcp", unreadBody{f.T})
	r.Header.Set("Content-Type", "application/json")
	if bear != nil {
		bear(r)
	}
	return r
}
