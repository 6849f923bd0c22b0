package transport

import (
	"context"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/org/zscalermcp/auth"
)

// maxNotices is how many notifications of a session may wait for their handlers, which run one after another.
const maxNotices = 32

// An sseSession is a session of the SSE transport, as an [mcp.Transport] and its [mcp.Connection].
type sseSession struct {
	stream      *eventStream
	endpoint    string // for the client's POSTs
	idleTimeout time.Duration
	callTimeout time.Duration

	incoming  chan jsonrpc.Message // from POSTs to Read, without a buffer
	closed    chan struct{}
	closeOnce sync.Once
	drained   chan struct{} // closed when the session drains and no call is open

	mu       sync.Mutex
	caller   *auth.Principal // of the last message
	expires  time.Time       // of the credential that lives longest, zero for never
	active   time.Time       // of the last message, or of the last answer
	calls    map[jsonrpc.ID]*sseCall
	open     int // calls that are not answered to the end
	draining bool
	ended    bool
	waiting  int // notifications that are accepted and not known to be handled
	taken    int // notifications that Read has returned, ever
	handled  int // those of them that are known to be handled
}

// An sseCall is a call of the client that is not answered.
type sseCall struct {
	place *place
	after int // notifications that Read had returned before: they are handled first
}

func newSSESession(e *Endpoint, stream *eventStream, p *auth.Principal, endpoint string) *sseSession {
	return &sseSession{
		stream: stream, endpoint: endpoint, idleTimeout: e.cfg.SessionTimeout, callTimeout: e.cfg.CallTimeout,
		incoming: make(chan jsonrpc.Message),
		closed:   make(chan struct{}),
		drained:  make(chan struct{}),
		caller:   p,
		expires:  p.Expires,
		active:   time.Now(),
		calls:    make(map[jsonrpc.ID]*sseCall),
	}
}

// seen takes note of an accepted message. The caller holds mu.
func (s *sseSession) seen(p *auth.Principal) {
	s.caller, s.active = p, time.Now()
	if p.Expires.IsZero() || !s.expires.IsZero() && p.Expires.After(s.expires) {
		s.expires = p.Expires
	}
}

// check asks whether the caller of the last message may still go on, see recheck.
func (s *sseSession) check(ctx context.Context) error {
	s.mu.Lock()
	p := s.caller
	s.mu.Unlock()
	return p.Check(ctx)
}

// begin accepts a call, which holds place until it is answered or the session ends. It refuses one whose id is in use: the SDK would not answer it.
func (s *sseSession) begin(p *auth.Principal, id jsonrpc.ID, place *place) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch _, used := s.calls[id]; {
	case s.ended:
		return refuseNoSession
	case used:
		return refuseUsedID
	}
	s.seen(p)
	s.calls[id] = &sseCall{place: place}
	s.open++
	return nil
}

// answering takes the call with that id out, since the client may use the id again as soon as it has the answer. It is nil
// when there is none.
func (s *sseSession) answering(id jsonrpc.ID) *sseCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	call := s.calls[id]
	delete(s.calls, id)
	if call != nil {
		s.done(call.after)
	}
	return call
}

// answered gives the place of a call back, and ends a draining session with the last one.
func (s *sseSession) answered(call *sseCall) {
	if call == nil {
		return
	}
	call.place.leave()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active = time.Now()
	s.open--
	s.end()
}

// notice accepts a notification unless too many wait.
func (s *sseSession) notice(p *auth.Principal) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended:
		return refuseNoSession
	case s.waiting >= maxNotices:
		return refuseNotices
	}
	s.seen(p)
	s.waiting++
	return nil
}

// dropNotice takes back that a notification was accepted.
func (s *sseSession) dropNotice() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting--
}

// answer accepts the answer of the client to a call of the server.
func (s *sseSession) answer(p *auth.Principal) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return refuseNoSession
	}
	s.seen(p)
	return nil
}

// done takes note that the first n notifications are handled. The SDK tells of those only that reach their handler; the others
// are gone when a later message is handled. The caller holds mu.
func (s *sseSession) done(n int) {
	if n > s.handled {
		s.waiting -= n - s.handled
		s.handled = n
	}
}

// wait returns when the session is over.
func (s *sseSession) wait(ctx context.Context, draining <-chan struct{}) {
	timer := time.NewTimer(min(s.left(), s.idleTimeout)) // calls may end before
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.closed:
			return
		case <-s.drained:
			return
		case <-draining:
			draining = nil
			s.drain()
		case <-timer.C:
			left := s.left()
			if left <= 0 {
				return
			}
			timer.Reset(min(left, s.idleTimeout))
		}
	}
}

// left is how long the session may go on if no message comes. Calls may take their time, but an answer that the SDK could not
// make does not keep the session for ever.
func (s *sseSession) left() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	until := s.active.Add(s.idleTimeout)
	if s.open > 0 {
		until = until.Add(s.callTimeout)
	}
	if !s.expires.IsZero() && s.expires.Before(until) {
		until = s.expires
	}
	return time.Until(until)
}

// drain refuses further calls, and ends the session when those in flight are answered.
func (s *sseSession) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining = true
	s.end()
}

// end closes drained when it is time. The caller holds mu.
func (s *sseSession) end() {
	if s.draining && s.open == 0 && !s.ended {
		s.ended = true
		close(s.drained)
	}
}

// Close implements [mcp.Connection]. It does not wait for what is being written. Calls without an answer will get none.
func (s *sseSession) Close() error {
	s.closeOnce.Do(func() { close(s.closed) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for id, call := range s.calls {
		call.place.leave()
		delete(s.calls, id)
	}
	return nil
}
