package transport

import (
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

var refuseMethod = &refusal{
	status: http.StatusMethodNotAllowed, code: jsonrpc.CodeInvalidRequest, text: "method not allowed: use GET or HEAD",
}

// Health answers liveness probes: 200 as long as the process can answer at all.
func (e *Endpoint) Health() http.Handler {
	return probe(func() (int, string) { return http.StatusOK, "ok" })
}

// Ready answers readiness probes: 200, or 503 once [Endpoint.Drain] was called.
func (e *Endpoint) Ready() http.Handler {
	return probe(func() (int, string) {
		if e.draining.Err() != nil {
			return http.StatusServiceUnavailable, "draining"
		}
		return http.StatusOK, "ok"
	})
}

// A Load is what an endpoint has to do.
type Load struct {
	Draining bool // [Endpoint.Drain] was called
	Sessions int  // open ones of clients older than protocol 2026-07-28
	Streams  int  // without an end of their own
	Calls    int  // in flight
}

// Load returns what the endpoint has to do now.
func (e *Endpoint) Load() Load {
	return Load{Draining: e.draining.Err() != nil, Sessions: e.sessions.used(), Streams: e.streams.used(), Calls: e.calls.used()}
}

func probe(state func() (status int, text string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refuseMethod.write(w, nil)
			return
		}
		status, text := state()
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"status":"` + text + `"}` + "\n")) // a prober that is gone needs no answer
	})
}
