package transport

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/org/zscalermcp/auth"
)

// sessionQuery is the query parameter that names a session of the SSE transport.
const sessionQuery = "sessionid"

var refuseNoStream = &refusal{
	status: http.StatusInternalServerError, code: codeUnavailable, text: "internal error: the server cannot stream its answer",
}

// An sse is the HTTP+SSE transport of protocol 2024-11-05: a client opens an event stream with GET, is told on it where to POST its
// messages, and gets everything but the refusals of its POSTs on the stream.
type sse struct {
	*Endpoint
	messages string   // path of the POSTs
	modern   *refusal // of messages of newer clients
}

// sseSessions are the open sessions of the SSE transport.
type sseSessions struct {
	mu   sync.Mutex
	open map[sseKey]*sseSession
}

// An sseKey finds a session. The caller is a part of it: for everyone but the caller who has opened it, a session is not there.
type sseKey struct {
	caller caller
	id     string
}

// SSE returns the handlers of the HTTP+SSE transport of MCP 2024-11-05, for clients that speak no newer one: stream, for GET, is the event stream
// of a session, and messages, for POST, takes the messages of its client. Both have in front of them what the endpoint has, authentication included,
// and share its limits. messagesPath is the path of messages under which clients reach it, prefixes of proxies included, as in [url.URL]; clients are
// sent there. streamablePath is that of the endpoint itself, "" where it is not served; clients that speak newer protocols are told of it.
//
// A session belongs to the principal that opened it; for others it does not exist. A message is handled as its own POST was authenticated,
// whoever opened the stream before. A session ends with its stream: when the client has gone or takes nothing of what is written, after
// Config.SessionTimeout without a message, when the last credential that was presented in it has expired or its caller may no longer go on, and
// when the endpoint drains, as soon as the calls in flight are answered. A POST is answered with 202 when its message is accepted. JSON-RPC errors
// in the answer to the POST itself, with the statuses of the endpoint, say why it is not.
func (e *Endpoint) SSE(messagesPath, streamablePath string) (stream, messages http.Handler) {
	s := &sse{Endpoint: e, messages: messagesPath}
	newer := "the streamable HTTP endpoint is " + streamablePath
	if streamablePath == "" {
		newer = "this server is set to that transport alone"
	}
	s.modern = badMessage("unsupported protocol version: this is the HTTP+SSE transport of protocol 2024-11-05; clients of protocol " + firstModern +
		" and newer cannot use it; " + newer)
	onlyGet := &refusal{
		status: http.StatusMethodNotAllowed, code: jsonrpc.CodeInvalidRequest,
		text: "method not allowed: this is the HTTP+SSE transport of protocol 2024-11-05, whose clients begin with GET; " + newer,
	}
	onlyPost := &refusal{
		status: http.StatusMethodNotAllowed, code: jsonrpc.CodeInvalidRequest,
		text: "method not allowed: clients of the HTTP+SSE transport POST their messages here, to the address that its event stream gives them",
	}
	return s.only(http.MethodGet, onlyGet, s.serveStream), s.only(http.MethodPost, onlyPost, s.post)
}

// only serves known callers, and one method.
func (s *sse) only(method string, refused *refusal, next func(http.ResponseWriter, *http.Request, *auth.Principal)) http.Handler {
	return s.behind(func(w http.ResponseWriter, r *http.Request, _ caller) {
		if r.Method != method {
			w.Header().Set("Allow", method)
			refused.write(w, nil)
			return
		}
		p, _ := auth.PrincipalFromContext(r.Context()) // admit has seen it
		next(w, r, p)
	})
}

// serveStream is the life of a session.
func (s *sse) serveStream(w http.ResponseWriter, r *http.Request, p *auth.Principal) {
	if r.ContentLength != 0 { // see get
		refuseContent.write(w, nil)
		return
	}
	c := callerOf(p)
	if refused := s.streams.take(c); refused != nil {
		refused.write(w, nil)
		return
	}
	defer s.streams.give(c)
	place, refused := s.sessions.place(c)
	if refused != nil {
		refused.write(w, nil)
		return
	}
	defer place.leave()
	out := s.answers(w, nil)
	defer out.end()
	stream := &eventStream{w: out}
	switch err := stream.begin(); {
	case errors.Is(err, http.ErrNotSupported):
		s.log.ErrorContext(r.Context(), "cannot stream: a handler in front hides http.Flusher; let its ResponseWriter have it, or Unwrap")
		refuseNoStream.write(w, nil)
	case err == nil:
		s.run(r.Context(), stream, p, place)
	}
	stream.end()
}

// run connects a session to its stream and returns when it is over.
func (s *sse) run(ctx context.Context, stream *eventStream, p *auth.Principal, place *place) {
	key := sseKey{callerOf(p), rand.Text()}
	session := newSSESession(s.Endpoint, stream, p, s.endpointOf(key.id))
	s.sse.add(key, session)
	defer s.sse.remove(key)
	defer func() { _ = session.Close() }() // it has no error
	ss, err := s.cfg.Server.Connect(ctx, session, nil)
	if err != nil {
		return // the client is gone before the first event
	}
	s.sessions.keep(place, ss)
	ctx, cancel := context.WithCancel(auth.ContextWithPrincipal(ctx, p.WithCheck(session.check)))
	defer cancel()
	defer recheck(ctx, cancel)()
	session.wait(ctx, s.draining.Done())
}

func (s *sse) endpointOf(id string) string {
	u := url.URL{Path: s.messages, RawQuery: url.Values{sessionQuery: {id}}.Encode()}
	return u.String()
}

func (s *sseSessions) add(key sseKey, session *sseSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = make(map[sseKey]*sseSession)
	}
	s.open[key] = session
}

func (s *sseSessions) remove(key sseKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, key)
}

func (s *sseSessions) find(key sseKey) (*sseSession, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	session, ok := s.open[key]
	return session, ok
}
