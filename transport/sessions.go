package transport

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
)

// sessions counts the legacy sessions. A POST without a session id reserves a slot; initialize keeps
// the slot until its session has ended.
type sessions struct {
	max, maxEach int
	watchers     gauge // goroutines that wait for the end of a session

	mu    sync.Mutex
	total int
	each  map[string]int // by principal key; holds no zeros
}

// A slot is the place of one session.
type slot struct {
	sessions *sessions
	key      string
	counted  bool // guarded by sessions.mu
	kept     bool // guarded by sessions.mu
}

type slotKey struct{}

// opening serves a POST that may open a session.
func (e *Endpoint) opening(w http.ResponseWriter, r *http.Request, m *envelope) {
	p, ok := auth.PrincipalFromContext(r.Context())
	if !ok {
		e.legacy.ServeHTTP(w, r) // the bridge refuses it
		return
	}
	s, refused := e.sessions.reserve(p.Key())
	if refused != nil {
		refused.write(w, m.id)
		return
	}
	defer s.answered()
	e.legacy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), slotKey{}, s)))
}

func (s *sessions) reserve(key string) (*slot, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.each[key] >= s.maxEach:
		return nil, &refusal{
			status: http.StatusTooManyRequests, code: codeUnavailable, retryAfter: time.Minute,
			text: "too many sessions of this caller; end one with DELETE or wait until one times out",
		}
	case s.total >= s.max:
		return nil, &refusal{
			status: http.StatusServiceUnavailable, code: codeUnavailable, retryAfter: time.Minute,
			text: "too many sessions on this server; try again later",
		}
	}
	t := &slot{sessions: s, key: key}
	t.count(1)
	return t, nil
}

// count puts the slot into the count or takes it out. The caller holds sessions.mu.
func (t *slot) count(by int) {
	s := t.sessions
	if s.each == nil {
		s.each = make(map[string]int)
	}
	t.counted = by > 0
	s.total += by
	if s.each[t.key] += by; s.each[t.key] == 0 {
		delete(s.each, t.key)
	}
}

// keep holds the slot until ss has ended. It may come after answered, when the client has gone
// before its answer.
func (t *slot) keep(ss *mcp.ServerSession) {
	t.sessions.mu.Lock()
	defer t.sessions.mu.Unlock()
	if !t.counted {
		t.count(1)
	}
	t.kept = true
	t.sessions.watchers.enter()
	go func() {
		defer t.sessions.watchers.leave()
		_ = ss.Wait() // why it ended is the SDK's to log
		t.sessions.mu.Lock()
		defer t.sessions.mu.Unlock()
		t.count(-1)
	}()
}

// answered ends the reservation; a slot that is kept stays.
func (t *slot) answered() {
	t.sessions.mu.Lock()
	defer t.sessions.mu.Unlock()
	if !t.kept {
		t.count(-1)
	}
}
