package transport

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// lastWait is how long handlers have to return after their contexts have ended.
const lastWait = 3 * time.Second

// Drain makes the endpoint not ready and ends the streams that have no end of their own (GET and
// subscriptions/listen). It refuses new ones and everything but POST with 503; other POSTs are
// served as before. Sessions of the SSE transport end when their calls in flight are answered, and take no
// new ones. It does not wait and may be called more than once.
func (e *Endpoint) Drain() { e.drain() }

// Close drains, refuses new calls with 503, and waits until the calls in flight are answered. When
// ctx ends before, it ends their contexts and the reading of bodies, so that callers are told, and gives them three seconds.
// Then it closes the sessions that are left. The error says how many calls were stopped, or that some
// could not be: handlers that ignore their context. Close may be called more than once.
func (e *Endpoint) Close(ctx context.Context) error {
	e.Drain()
	e.work.close()
	var stopped error
	if e.work.wait(ctx) != nil {
		e.intakes.expire()
		e.writes.expire()
		if n := e.work.halt(nil); n > 0 {
			stopped = fmt.Errorf("transport: %d calls in flight were stopped: %w", n, context.Cause(ctx))
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWait)
	defer cancel()
	if e.work.wait(last) != nil {
		stopped = errors.Join(stopped, errors.New("transport: calls are left: of handlers that ignore their context, or of clients that do not take their answers"))
	}
	e.work.rest()
	e.intakes.rest()
	e.writes.rest()
	e.beats.rest()
	return errors.Join(stopped, e.closeSessions(last))
}

// closeSessions ends all sessions at once, since each may wait for its handlers.
func (e *Endpoint) closeSessions(ctx context.Context) error {
	for ss := range e.cfg.Server.Sessions() {
		e.sessions.watchers.enter()
		go func() {
			defer e.sessions.watchers.leave()
			_ = ss.Close() // what is lost with it was logged by the SDK
		}()
	}
	if e.sessions.watchers.wait(ctx) != nil {
		return errors.New("transport: sessions that do not end are left")
	}
	return nil
}
