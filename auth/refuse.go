package auth

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Refuse answers a request that [Middleware] has let through after all with a refusal, such as insufficient_scope, with the
// challenges of a, and records it as Middleware does.
func Refuse(w http.ResponseWriter, r *http.Request, a Authenticator, e *Error) {
	Record(r.Context(), e)
	refuse(w, r, a, e)
}

// Record makes an event, in the log and the audit sink, of a refusal that somebody else answers: of a tool that is hidden from the caller, for
// example. ctx is that of a request which [Middleware] has let through; with another nothing happens.
func Record(ctx context.Context, e *Error) {
	if c, ok := ctx.Value(admissionKey{}).(*requestContext); ok {
		c.audit.refused(c.request, nil, c.principal, e, c.id[0], time.Now())
	}
}

// refuse writes the answer to a refused request.
func refuse(w http.ResponseWriter, r *http.Request, a Authenticator, e *Error) {
	h := w.Header()
	if wantsChallenge(e.Status) {
		h["Www-Authenticate"] = challengesFor(a, r, e)
	}
	if e.RetryAfter > 0 {
		seconds := (e.RetryAfter-1)/time.Second + 1
		h.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	body, err := json.Marshal(refusalBody{e.Code, e.Description})
	if err != nil { // two strings always marshal
		body = []byte("{}")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(e.Status)
	_, _ = w.Write(body) // the client may be gone
}

type refusalBody struct {
	Error       string `json:"error,omitempty"`
	Description string `json:"error_description"`
}
