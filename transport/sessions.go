package transport

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// sessions counts the legacy sessions. A POST without a session id takes a place; initialize keeps
// it until its session has ended.
type sessions struct {
	quota
	watchers gauge // goroutines that wait for the end of a session

	openMu sync.Mutex
	open   map[string]openSession // by id
}

// An openSession is a session and whose it is.
type openSession struct {
	caller
	*mcp.ServerSession
}

type sessionPlaceKey struct{}

// opening serves a POST that may open a session.
func (e *Endpoint) opening(w http.ResponseWriter, r *http.Request, c caller, m *envelope) {
	p, refused := e.sessions.place(c)
	if refused != nil {
		refused.write(w, m.id)
		return
	}
	defer p.leave()
	e.legacy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sessionPlaceKey{}, p)))
}

// keep holds the place of a session until it has ended. It may come after the end of the POST, when
// the client has gone before its answer.
func (s *sessions) keep(p *place, ss *mcp.ServerSession) {
	p.hold()
	s.watchers.enter()
	s.openMu.Lock()
	defer s.openMu.Unlock()
	if s.open == nil {
		s.open = make(map[string]openSession)
	}
	s.open[ss.ID()] = openSession{p.caller, ss}
	go func() {
		defer s.watchers.leave()
		_ = ss.Wait() // why it ended is the SDK's to log
		s.openMu.Lock()
		delete(s.open, ss.ID())
		s.openMu.Unlock()
		p.leave()
	}()
}

// ending ends what runs in the session that a DELETE of its own caller names: the SDK answers only when all handlers have returned, and one of
// them may wait for a human. Call the returned function when the request is answered.
func (e *Endpoint) ending(r *http.Request, c caller) (answered func()) {
	e.sessions.openMu.Lock()
	id := r.Header.Get(sessionHeader)
	o, ok := e.sessions.open[id]
	e.sessions.openMu.Unlock()
	version := r.Header.Get(versionHeader)
	refused := version != "" && !slices.Contains(legacyVersions, version)             // by the SDK, and the session goes on
	if r.Method != http.MethodDelete || id == "" || !ok || o.caller != c || refused { // those of the SSE transport have no id
		return func() {}
	}
	e.work.halt(o.ServerSession)
	return func() { e.work.forget(o.ServerSession) }
}
