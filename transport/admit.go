package transport

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/org/zscalermcp/auth"
)

// maxKept is the limit of messages that the SDK keeps longer than a call: for the life of a session
// or stream.
const maxKept = 64 << 10

var (
	refuseNobody = &refusal{
		status: http.StatusInternalServerError, code: codeUnavailable, text: "internal error: a request without a principal",
	}
	refuseListen = &refusal{
		status: http.StatusBadRequest, code: jsonrpc.CodeMethodNotFound,
		text: "method not found: " + methodListen + " is for protocol " + firstModern + " and newer; name the version in the " + versionHeader + " header",
	}
	refuseContent = badMessage("invalid request: a GET request has no body")
)

// admit serves authenticated requests. Their header is a copy of auth.Middleware, which has taken
// the credential out.
func (e *Endpoint) admit(next func(http.ResponseWriter, *http.Request, caller)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, ok := auth.PrincipalFromContext(r.Context())
		if !ok {
			refuseNobody.write(w, nil)
			return
		}
		c := callerOf(p)
		if refused := e.often(r.Context(), c); refused != nil {
			refused.write(w, nil)
			return
		}
		r.Header.Set("Authorization", redacted)
		next(w, r, c)
	})
}

// dispatch serves a request that has passed everything which is decided by its header alone.
func (e *Endpoint) dispatch(w http.ResponseWriter, r *http.Request, c caller) {
	switch r.Method {
	case http.MethodPost:
		e.post(w, r, c)
	case http.MethodGet:
		e.get(w, r, c)
	default:
		out := e.answers(w, nil)
		defer out.end()
		defer e.ending(r, c)()
		e.pick(isModern(r.Header, &envelope{})).ServeHTTP(out, r)
	}
}

// get opens a stream. Behind a body that is not read, the end of the connection would go unnoticed. (The length tells: over HTTP/2
// there is a Body always.)
func (e *Endpoint) get(w http.ResponseWriter, r *http.Request, c caller) {
	switch {
	case r.ContentLength != 0:
		refuseContent.write(w, nil)
		return
	case isModern(r.Header, &envelope{}):
		w.Header().Set("Allow", "POST")
		refuseGetModern.write(w, nil)
		return
	case !accepts(r.Header["Accept"], mediaStream):
		w.Header().Set("Allow", "POST, GET, DELETE")
		refuseGet.write(w, nil)
		return
	}
	out := e.answers(w, nil)
	defer out.end()
	e.stream(out, r, c, nil, e.legacy)
}

// stream serves a request whose answer has no end of its own.
func (e *Endpoint) stream(w http.ResponseWriter, r *http.Request, c caller, id json.RawMessage, next http.Handler) {
	if refused := e.streams.take(c); refused != nil {
		refused.write(w, id)
		return
	}
	defer e.streams.give(c)
	ctx, cancel := e.longLived(r.Context())
	defer cancel()
	defer recheck(ctx, cancel)()
	next.ServeHTTP(w, r.WithContext(ctx))
}

// intake reads the body of r to its end. Release it when the request is answered.
func (e *Endpoint) intake(w http.ResponseWriter, r *http.Request, c caller) (*body, *refusal) {
	if refused := e.reads.take(c); refused != nil {
		return nil, refused
	}
	defer e.reads.give(c)
	return e.bodies.read(w, r, e.cfg.MaxBodyBytes)
}

func (e *Endpoint) post(w http.ResponseWriter, r *http.Request, c caller) {
	if !reads(w, r) {
		return
	}
	asJSON, asStream := wants(r.Header)
	b, refused := e.intake(w, r, c)
	if refused != nil {
		refused.write(w, nil)
		return
	}
	defer e.bodies.release(r, b)
	m, refused := scan(b.buf.Bytes(), e.cfg.MaxDepth)
	switch {
	case refused != nil:
	case b.buf.Len() > maxKept && (m.initialize || m.listen):
		refused = tooLarge(maxKept)
	case !asJSON && !asStream:
		refused = refuseAccept
	case m.listen && !asStream:
		refused = refuseListenAsJSON
	default:
		refused = e.shutdownRefusal(&m)
	}
	if refused != nil {
		refused.write(w, m.id)
		return
	}
	if refusal := e.forbidden(r, &m); refusal != nil {
		auth.Refuse(w, r, e.auth, refusal)
		return
	}
	out := e.answers(w, m.id)
	defer out.end()
	out.single = !asStream
	e.route(out, r, c, &m)
}

// forbidden asks whether the caller may call the tool that the message names. The body decides: the SDK refuses messages
// whose headers name another tool.
func (e *Endpoint) forbidden(r *http.Request, m *envelope) *auth.Error {
	if e.cfg.Permit == nil || !m.callsTool {
		return nil
	}
	p, _ := auth.PrincipalFromContext(r.Context()) // admit has seen it
	return e.cfg.Permit(r.Context(), p, string(m.tool))
}

func (e *Endpoint) route(w *jsonWriter, r *http.Request, c caller, m *envelope) {
	modern := isModern(r.Header, m)
	switch {
	case m.listen && !modern: // its handler would outlive the connection
		refuseListen.write(w, m.id)
		return
	case m.listen:
		e.stream(w, r, c, m.id, e.pick(modern))
		return
	case m.calls:
		p, refused := e.calls.place(c)
		if refused != nil {
			refused.write(w, m.id)
			return
		}
		defer p.leave()
		w.place = p
		r = r.WithContext(context.WithValue(r.Context(), answerKey{}, w))
	}
	if modern || r.Header.Get(sessionHeader) != "" {
		e.pick(modern).ServeHTTP(w, r)
		return
	}
	e.opening(w, r, c, m)
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
