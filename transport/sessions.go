package transport

import (
	"context"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// sessions counts the legacy sessions. A POST without a session id takes a place; initialize keeps
// it until its session has ended.
type sessions struct {
	quota
	watchers gauge // goroutines that wait for the end of a session
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
	go func() {
		defer s.watchers.leave()
		_ = ss.Wait() // why it ended is the SDK's to log
		p.leave()
	}()
}
