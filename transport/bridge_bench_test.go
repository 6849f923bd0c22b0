package transport

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// BenchmarkBridge measures what it costs to tell the SDK who the caller is, beside the context and header of any middleware.
func BenchmarkBridge(b *testing.B) {
	p := &auth.Principal{Issuer: "i", Subject: "s", Method: "m"}
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	r = r.WithContext(auth.ContextWithPrincipal(r.Context(), p))
	for name, value := range map[string]string{
		"Accept": "application/json, text/event-stream", "Content-Type": "application/json", "Mcp-Session-Id": "s", "Mcp-Protocol-Version": "2025-06-18",
		"User-Agent": "client/1.0", "Connection": "keep-alive", "Authorization": redacted,
	} {
		r.Header.Set(name, value)
	}
	bridged := bridge(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w := httptest.NewRecorder()
	for name, do := range map[string]func(){
		"floor": func() {
			clone := r.WithContext(auth.ContextWithPrincipal(r.Context(), p))
			clone.Header = clone.Header.Clone()
		},
		"bridge": func() { bridged.ServeHTTP(w, r) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
}
