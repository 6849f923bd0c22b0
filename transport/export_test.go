package transport

import (
	"context"
	"net/http"
)

// WatchStream is a stream of nothing: it ends when its caller may no longer go on.
func WatchStream(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer recheck(ctx, cancel)()
	<-ctx.Done()
}

// Hollow takes out of e what decides who calls, whom requests must bring along, and what happens to them in the end: they go to next.
func (e *Endpoint) Hollow(next http.Handler) {
	admitted := e.admit(func(w http.ResponseWriter, r *http.Request, _ caller) { next.ServeHTTP(w, r) })
	e.entry = e.Bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { e.serve(w, r, admitted) }))
}

// Answer is what the SDK answers to. End it.
func (e *Endpoint) Answer(w http.ResponseWriter) (out http.ResponseWriter, end func()) {
	j := e.answers(w, nil)
	return j, j.end
}

// OpenSSE is how many sessions of the SSE transport are known.
func OpenSSE(e *Endpoint) int {
	e.sse.mu.Lock()
	defer e.sse.mu.Unlock()
	return len(e.sse.open)
}

// Await says that the handler whose answer w is begins.
func Await(w http.ResponseWriter) { w.(*jsonWriter).await() }
