package oidcproxy

import (
	"net/http"
	"slices"
	"strings"

	"github.com/org/zscalermcp/auth"
)

// allowedHeaders are those that MCP clients in browsers send (R8).
const allowedHeaders = "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, Last-Event-ID, Mcp-Method, Mcp-Name"

// A machine is an endpoint for programs: JSON, for pages of every origin, without cookies.
type machine struct {
	p       *Provider
	methods []string // beside OPTIONS
	rate    *rates   // nil: none
	public  bool     // the answer may be cached
	serve   func(w http.ResponseWriter, r *http.Request) *oauthError
}

func (m machine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(auth.ContextWithRequestID(r.Context(), auth.NewRequestID()))
	h := w.Header()
	h.Set("X-Request-Id", auth.RequestID(r.Context()))
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Content-Type-Options", "nosniff")
	if !m.public {
		h.Set("Cache-Control", "no-store")
		h.Set("Pragma", "no-cache")
	}
	defer m.p.recovered(w, r, func(w http.ResponseWriter) { errInternal.write(w) })
	methods := append(slices.Clone(m.methods), http.MethodOptions)
	switch {
	case r.Method == http.MethodOptions:
		h.Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
		h.Set("Access-Control-Allow-Headers", allowedHeaders)
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
		return
	case !slices.Contains(m.methods, r.Method):
		h.Set("Allow", strings.Join(methods, ", "))
		writeJSON(w, http.StatusMethodNotAllowed, map[string]string{
			"error": "invalid_request", "error_description": "Use " + strings.Join(m.methods, " or ") + ".",
		})
		return
	case len(r.RequestURI) > maxQuery:
		errURITooLong.write(w)
		return
	}
	if wait, ok := m.p.takeOne(r, m.rate); !ok {
		m.p.record(r, event{name: EventThrottled, reason: "rate"})
		throttled := *errTooMany
		throttled.retryAfter = wait
		throttled.write(w)
		return
	}
	if e := m.serve(w, r); e != nil {
		m.p.refused(r, e)
		e.write(w)
	}
}
