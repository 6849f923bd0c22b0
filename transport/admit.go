package transport

import (
	"context"
	"net/http"

	"github.com/org/zscalermcp/auth"
)

// admit serves an authenticated request. The header is a copy of auth.Middleware, which has taken
// the credential out.
func (e *Endpoint) admit(w http.ResponseWriter, r *http.Request) {
	normalise(r.Header)
	if r.Method == http.MethodPost {
		e.post(w, r)
		return
	}
	if r.Method == http.MethodGet {
		ctx, cancel := e.longLived(r.Context())
		defer cancel()
		r = r.WithContext(ctx)
	}
	e.pick(isModern(r.Header, &envelope{})).ServeHTTP(w, r)
}

// normalise puts in what lenient clients leave out. A missing Content-Type stays a 415: browsers
// send such requests across origins without asking first.
func normalise(h http.Header) {
	h.Set("Authorization", redacted)
	if len(h["Accept"]) == 0 { // RFC 9110 section 12.5.1: anything
		h.Set("Accept", "application/json, text/event-stream")
	}
}

func (e *Endpoint) post(w http.ResponseWriter, r *http.Request) {
	b, refused := e.bodies.read(w, r, e.cfg.MaxBodyBytes)
	if refused != nil {
		refused.write(w, nil)
		return
	}
	defer e.bodies.release(r, b)
	m, refused := scan(b.buf.Bytes(), e.cfg.MaxDepth)
	if refused == nil {
		refused = e.shutdownRefusal(&m)
	}
	if refused != nil {
		refused.write(w, m.id)
		return
	}
	e.route(w, r, &m)
}

func (e *Endpoint) route(w http.ResponseWriter, r *http.Request, m *envelope) {
	if m.listen {
		ctx, cancel := e.longLived(r.Context())
		defer cancel()
		r = r.WithContext(ctx)
	}
	modern := isModern(r.Header, m)
	if modern || r.Header.Get(sessionHeader) != "" {
		e.pick(modern).ServeHTTP(w, r)
		return
	}
	e.opening(w, r, m)
}

func (e *Endpoint) pick(modern bool) http.Handler {
	if modern {
		return e.modern
	}
	return e.legacy
}

// shutdownRefusal refuses new streams while draining, and new calls while closing; answers to the
// server's questions still come through, so that calls in flight can end.
func (e *Endpoint) shutdownRefusal(m *envelope) *refusal {
	if m.listen && e.draining.Err() != nil || m.calls && e.work.isClosing() {
		return refuseShutdown
	}
	return nil
}

// longLived returns a context for a stream without an end of its own: it ends with the caller's
// credential and when the endpoint drains.
func (e *Endpoint) longLived(ctx context.Context) (context.Context, context.CancelFunc) {
	var cancel context.CancelFunc
	if p, ok := auth.PrincipalFromContext(ctx); ok && !p.Expires.IsZero() {
		ctx, cancel = context.WithDeadline(ctx, p.Expires)
	} else {
		ctx, cancel = context.WithCancel(ctx)
	}
	stop := context.AfterFunc(e.draining, cancel)
	return ctx, func() { stop(); cancel() }
}
