package auth_test

import (
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// A sink is a response that costs nothing.
type sink struct{ header http.Header }

func (s sink) Header() http.Header         { return s.header }
func (s sink) Write(p []byte) (int, error) { return len(p), nil }
func (s sink) WriteHeader(int)             {}

// typical is a request with the headers that an MCP client sends.
func typical(key string) *http.Request {
	r := bearer(key)
	for name, value := range map[string]string{
		"Accept": "application/json, text/event-stream", "Content-Type": "application/json", "Mcp-Session-Id": "s",
		"Mcp-Protocol-Version": "2025-06-18", "User-Agent": "client/1.0", "Connection": "keep-alive",
	} {
		r.Header.Set(name, value)
	}
	return r
}

func guarded(tb testing.TB) http.Handler {
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	return auth.Middleware(newKeys(tb, auth.APIKey{Key: goodKey}), auth.MiddlewareConfig{Logger: log})(next)
}

func TestAcceptedRequestAllocates(t *testing.T) {
	h, w, r := guarded(t), sink{http.Header{}}, typical(goodKey)
	if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n > 10 {
		t.Errorf("%v allocations for an accepted request, at most 10", n)
	}
}

// BenchmarkAuthenticate compares with its floor: the copies that any such middleware must make.
func BenchmarkAuthenticate(b *testing.B) {
	h, w := guarded(b), sink{http.Header{}}
	good, wrong := typical(goodKey), typical("wrongkey-0123456789abcdef")
	p := &auth.Principal{Subject: "s"}
	for name, do := range map[string]func(){
		"floor": func() {
			r := good.WithContext(auth.ContextWithPrincipal(good.Context(), p))
			r.Header = r.Header.Clone()
		},
		"accepted": func() { h.ServeHTTP(w, good) },
		"refused":  func() { h.ServeHTTP(w, wrong) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
}
