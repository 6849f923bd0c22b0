package transport

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// errCallTimeout is the cause of a context that ended by the deadline of its call.
var errCallTimeout = fmt.Errorf("transport: the call took too long: %w", context.DeadlineExceeded)

// work counts the HTTP requests and handlers that run, and can stop handlers: in the legacy era
// nothing else does, since their contexts outlive the connection.
type work struct {
	gauge
	callsMu sync.Mutex
	calls   map[*call]struct{}
	halted  map[mcp.Session]bool // sessions whose calls are stopped, nil for all
	closing bool
	sweeper *time.Timer // fires at the first deadline or before; nil while there is none
}

// A call is a handler that runs, and its context. One timer serves all calls: a timer for each would
// wake another thread with every call.
type call struct {
	context.Context
	session  mcp.Session
	cancel   context.CancelCauseFunc
	deadline time.Time // zero for none
	stopped  bool      // guarded by work.callsMu
}

// Deadline implements [context.Context]. When it passes, Err is [context.Canceled] and the cause
// wraps [context.DeadlineExceeded].
func (c *call) Deadline() (time.Time, bool) {
	outer, ok := c.Context.Deadline()
	if c.deadline.IsZero() || ok && outer.Before(c.deadline) {
		return outer, ok
	}
	return c.deadline, true
}

// begin registers a handler and returns its context, with a deadline unless limit is 0.
func (w *work) begin(ctx context.Context, session mcp.Session, limit time.Duration) *call {
	c := &call{session: session}
	c.Context, c.cancel = context.WithCancelCause(ctx)
	if limit > 0 {
		c.deadline = time.Now().Add(limit)
	}
	w.enter()
	w.callsMu.Lock()
	defer w.callsMu.Unlock()
	if w.calls == nil {
		w.calls = make(map[*call]struct{})
	}
	w.calls[c] = struct{}{}
	if limit > 0 && w.sweeper == nil {
		w.sweeper = time.AfterFunc(limit, w.sweep)
	}
	if len(w.halted) > 0 && (w.halted[nil] || w.halted[session]) {
		c.stop()
	}
	return c
}

// sweep ends the contexts of calls whose deadline has passed, and comes again at the next deadline.
func (w *work) sweep() {
	w.callsMu.Lock()
	defer w.callsMu.Unlock()
	w.sweeper = nil
	var next time.Time
	now := time.Now()
	for c := range w.calls {
		switch {
		case c.deadline.IsZero():
		case !c.deadline.After(now):
			c.cancel(errCallTimeout)
		case next.IsZero() || c.deadline.Before(next):
			next = c.deadline
		}
	}
	if !next.IsZero() {
		w.sweeper = time.AfterFunc(next.Sub(now), w.sweep)
	}
}

// stop ends the context of the handler. The caller holds work.callsMu.
func (c *call) stop() {
	c.stopped = true
	c.cancel(nil)
}

// end forgets a handler that has returned.
func (w *work) end(c *call) {
	c.cancel(nil)
	w.callsMu.Lock()
	delete(w.calls, c)
	w.callsMu.Unlock()
	w.leave()
}

func (w *work) wasStopped(c *call) bool {
	w.callsMu.Lock()
	defer w.callsMu.Unlock()
	return c.stopped
}

// halt ends the contexts of the handlers of a session, now and later, of all sessions when session
// is nil. It returns how many ran.
func (w *work) halt(session mcp.Session) int {
	w.callsMu.Lock()
	defer w.callsMu.Unlock()
	if w.halted == nil {
		w.halted = make(map[mcp.Session]bool)
	}
	w.halted[session] = true
	n := 0
	for c := range w.calls {
		if session == nil || c.session == session {
			c.stop()
			n++
		}
	}
	return n
}

// forget ends the effect of halt for a session that is gone.
func (w *work) forget(session mcp.Session) {
	w.callsMu.Lock()
	defer w.callsMu.Unlock()
	delete(w.halted, session)
}

// rest stops the timer when no call is left.
func (w *work) rest() {
	w.callsMu.Lock()
	defer w.callsMu.Unlock()
	if w.sweeper != nil && len(w.calls) == 0 {
		w.sweeper.Stop()
		w.sweeper = nil
	}
}

// close makes isClosing true.
func (w *work) close() {
	w.callsMu.Lock()
	defer w.callsMu.Unlock()
	w.closing = true
}

func (w *work) isClosing() bool {
	w.callsMu.Lock()
	defer w.callsMu.Unlock()
	return w.closing
}
