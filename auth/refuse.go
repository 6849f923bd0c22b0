package auth

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Refuse answers a request that [Middleware] has let through after all with a refusal, such as insufficient_scope, with the
// challenges of a, and records it as Middleware does.
func Refuse(w http.ResponseWriter, r *http.Request, a Authenticator, e *Error) {
	if audit, ok := r.Context().Value(auditorKey{}).(*auditor); ok {
		p, _ := PrincipalFromContext(r.Context())
		audit.refused(r, a, p, e, RequestID(r.Context()), time.Now())
	}
	refuse(w, a, e)
}

// refuse writes the answer to a refused request.
func refuse(w http.ResponseWriter, a Authenticator, e *Error) {
	h := w.Header()
	if wantsChallenge(e.Status) {
		h["Www-Authenticate"] = challengesFor(a, e)
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
