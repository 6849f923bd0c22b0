package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
)

var (
	refuseNoSession = &refusal{
		status: http.StatusNotFound, code: jsonrpc.CodeInvalidRequest,
		text: "session not found: it has ended, or there never was one; open the event stream again, and POST to the address that it names",
	}
	refuseNotices = &refusal{
		status: http.StatusTooManyRequests, code: codeUnavailable, retryAfter: 5 * time.Second,
		text: "too many notifications that are not handled yet; wait for the answer to a call before the next one",
	}
	refuseUsedID   = badMessage("invalid request: the id is in use by a call in flight")
	refuseMessage  = badMessage("invalid request: this is no message of JSON-RPC 2.0")
	legacyVersions = slices.DeleteFunc(mcp.SupportedProtocolVersions(), func(v string) bool { return v >= firstModern })
)

// post takes a message of a client. That of another caller's session is answered as if there were no such session.
func (s *sse) post(w http.ResponseWriter, r *http.Request, p *auth.Principal) {
	if !reads(w, r) {
		return
	}
	session, ok := s.sse.find(sseKey{callerOf(p), r.URL.Query().Get(sessionQuery)})
	if !ok {
		refuseNoSession.write(w, nil)
		return
	}
	b, refused := s.intake(w, r, callerOf(p))
	if refused != nil {
		refused.write(w, nil)
		return
	}
	data := bytes.Clone(b.buf.Bytes()) // the handler outlives the POST
	s.bodies.release(r, b)
	m, refused := scan(data, s.cfg.MaxDepth)
	if refused != nil {
		refused.write(w, m.id)
		return
	}
	if refusal := s.forbidden(r, &m); refusal != nil {
		auth.Refuse(w, r, s.auth, refusal)
		return
	}
	if refused := s.accept(r, p, session, data, &m); refused != nil {
		refused.write(w, m.id)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusAccepted)
}

// accept passes a message on to its session.
func (s *sse) accept(r *http.Request, p *auth.Principal, session *sseSession, data []byte, m *envelope) *refusal {
	msg, err := jsonrpc.DecodeMessage(data)
	if err != nil {
		return refuseMessage
	}
	req, ok := msg.(*jsonrpc.Request)
	switch {
	case !ok:
		return acceptAnswer(r, p, session, msg)
	case len(data) > maxKept && (m.initialize || !req.IsCall()):
		return tooLarge(maxKept)
	case req.IsCall():
		return s.acceptCall(r, p, session, req, m)
	case isNewer(r, m):
		return s.modern
	}
	if refused := session.notice(p); refused != nil {
		return refused
	}
	if refused := pass(r, session, req); refused != nil {
		session.dropNotice()
		return refused
	}
	return nil
}

func acceptAnswer(r *http.Request, p *auth.Principal, session *sseSession, msg jsonrpc.Message) *refusal {
	if refused := session.answer(p); refused != nil {
		return refused
	}
	if !session.deliver(r.Context(), msg) {
		return refuseNoSession
	}
	return nil
}

// acceptCall takes a place for the call, which it holds until it is answered. Clients that try newer protocols first get their answer on the
// stream, where they look for it: a refused POST would end their connection.
func (s *sse) acceptCall(r *http.Request, p *auth.Principal, session *sseSession, req *jsonrpc.Request, m *envelope) *refusal {
	if s.draining.Err() != nil {
		return refuseShutdown
	}
	place, refused := s.calls.place(callerOf(p))
	if refused != nil {
		return refused
	}
	if refused := session.begin(p, req.ID, place); refused != nil {
		place.leave()
		return refused
	}
	if isNewer(r, m) {
		_ = session.Write(r.Context(), s.unsupported(req.ID, m)) // when it fails, the session has ended
		return nil
	}
	if refused := pass(r.WithContext(context.WithValue(r.Context(), callPlaceKey{}, place)), session, req); refused != nil {
		session.answered(session.answering(req.ID))
		return refused
	}
	return nil
}

// pass hands a request on, with what its POST says of its caller.
func pass(r *http.Request, session *sseSession, req *jsonrpc.Request) *refusal {
	info, err := tokenInfo(r.Context(), "", r)
	if err != nil {
		return refuseNobody
	}
	req.Extra = &mcp.RequestExtra{TokenInfo: info, Header: r.Header}
	if !session.deliver(r.Context(), req) {
		return refuseNoSession
	}
	return nil
}

// isNewer reports whether a message is of a protocol that this transport does not carry.
func isNewer(r *http.Request, m *envelope) bool {
	return m.listen || string(m.version) >= firstModern || r.Header.Get(versionHeader) >= firstModern
}

func (s *sse) unsupported(id jsonrpc.ID, m *envelope) *jsonrpc.Response {
	requested := string(m.version)
	if requested == "" {
		requested = firstModern
	}
	data, err := json.Marshal(mcp.UnsupportedProtocolVersionData{Supported: legacyVersions, Requested: requested})
	if err != nil {
		data = nil
	}
	return &jsonrpc.Response{ID: id, Error: &jsonrpc.Error{Code: mcp.CodeUnsupportedProtocolVersion, Message: s.modern.text, Data: data}}
}
