package zscalertest

import (
	"net/http"
	"time"
)

func (t *Tenant) serveToken(w http.ResponseWriter, r *http.Request) {
	defer func() {
		t.tokens.mu.Lock()
		t.tokens.served++
		t.tokens.mu.Unlock()
	}()
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Ratelimit-Limit", "500, 500;w=1, 10000;w=60")
	t.faulty(w, r, func(w http.ResponseWriter) {
		writeReply(w, t.answerToken(w, r))
	})
}

func (t *Tenant) answerToken(w http.ResponseWriter, r *http.Request) reply {
	if r.Method != http.MethodPost {
		return reply{status: http.StatusMethodNotAllowed}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenForm)
	if err := r.ParseForm(); err != nil {
		return reply{status: http.StatusBadRequest, body: object{"error": "invalid_request", "error_description": "the body is not a form"}}
	}
	if bad := t.tokens.check(r.PostForm); bad != nil {
		return reply{status: bad.status, body: object{"error": bad.code, "error_description": bad.description}}
	}
	token, err := t.tokens.issue(r.PostForm.Get("client_id"))
	if err != nil {
		return reply{status: http.StatusInternalServerError}
	}
	return ok(object{"access_token": token, "token_type": "Bearer", "expires_in": int(t.tokens.lifetime / time.Second)})
}
