package auth_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
)

// A sink is a response that costs nothing.
type sink struct{ header http.Header }

func (s sink) Header() http.Header         { return s.header }
func (s sink) Write(p []byte) (int, error) { return len(p), nil }
func (s sink) WriteHeader(int)             {}

// typical is a request with the headers that an MCP client sends.
func typical(authorization string) *http.Request {
	r := bearing("")
	for name, value := range map[string]string{
		"Accept": "application/json, text/event-stream", "Content-Type": "application/json", "Mcp-Session-Id": "s",
		"Mcp-Protocol-Version": "2025-06-18", "User-Agent": "client/1.0", "Connection": "keep-alive", "Authorization": authorization,
	} {
		r.Header.Set(name, value)
	}
	return r
}

// behind is the middleware as a service has it, with an audit sink that discards.
func behind(a auth.Authenticator) http.Handler {
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	return auth.Middleware(a, auth.MiddlewareConfig{Logger: slog.New(slog.NewJSONHandler(io.Discard, nil)), Audit: func(context.Context, auth.Event) {}})(next)
}

// credentialed are authenticators with a request that each accepts, and remembers if it remembers anything.
func credentialed(tb testing.TB) map[string]struct {
	auth.Authenticator
	r *http.Request
} {
	tb.Helper()
	zscaler, err := auth.NewZscaler(auth.ZscalerConfig{Verify: func(context.Context, string, auth.Secret) (auth.ZscalerGrant, error) {
		return auth.ZscalerGrant{Expires: time.Now().Add(24 * time.Hour)}, nil
	}})
	if err != nil {
		tb.Fatal(err)
	}
	rsa, ecdsa := newIDP(tb, "RS256"), newIDP(tb, "ES256")
	all := map[string]struct {
		auth.Authenticator
		r *http.Request
	}{
		"api-key":   {newKeys(tb, auth.APIKey{Key: goodKey}), typical("Bearer " + goodKey)},
		"zscaler":   {zscaler, typical("Basic Y2xpZW50LWlkOmEtc2VjcmV0LW9mLTMyLWNoYXJhY3RlcnMtMDEyMw==")},
		"jwt RS256": {newJWT(tb, jwtConfig(rsa)), typical("Bearer " + rsa.Mint(typicalClaims))},
		"jwt ES256": {newJWT(tb, jwtConfig(ecdsa)), typical("Bearer " + ecdsa.Mint(typicalClaims))},
	}
	for name, each := range all {
		if _, err := each.Authenticate(each.r); err != nil {
			tb.Fatalf("%s: %v", name, err)
		}
	}
	return all
}

func TestAcceptedRequestAllocates(t *testing.T) {
	for name, each := range credentialed(t) {
		h, w := behind(each.Authenticator), sink{http.Header{}}
		if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, each.r) }); n > 10 {
			t.Errorf("%s: %v allocations for an accepted request, at most 10", name, n)
		}
	}
}

// BenchmarkAuthenticate measures accepted requests of callers who are known, and one that is refused, beside the floor of
// any such middleware: a request with another context and a copy of the header. The floors are measured with the request
// of each mode, since tokens make no difference to them.
func BenchmarkAuthenticate(b *testing.B) {
	p := &auth.Principal{}
	floor := func(r *http.Request) {
		clone := r.WithContext(auth.ContextWithPrincipal(r.Context(), p))
		clone.Header = clone.Header.Clone()
	}
	measure := func(name string, do func() func()) {
		b.Run(name+"/serial", func(b *testing.B) {
			one := do()
			b.ReportAllocs()
			for b.Loop() {
				one()
			}
		})
		b.Run(name+"/parallel", func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				one := do()
				for pb.Next() {
					one()
				}
			})
		})
	}
	request := typical("Bearer " + goodKey)
	measure("floor", func() func() { return func() { floor(request) } })
	serve := func(h http.Handler, r *http.Request) func() func() {
		return func() func() {
			w := sink{http.Header{}}
			return func() { h.ServeHTTP(w, r) }
		}
	}
	for name, each := range credentialed(b) {
		measure(name, serve(behind(each.Authenticator), each.r))
	}
	measure("wrong key", serve(behind(newKeys(b, auth.APIKey{Key: goodKey})), typical("Bearer wrongkey-0123456789abcdef")))
}
