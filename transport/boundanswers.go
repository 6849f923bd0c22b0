package transport

import (
	"net/http"
	"time"
)

// BoundAnswers returns next with answers over HTTP/2 that end when the client does not take them: each 64 KiB, and what is left of the answer when next has
// returned, have at least limit. In HTTP/2 a client says how much of each answer it takes (RFC 9113 section 5.2), and one that says nothing would else hold the
// handlers of all its requests for ever, on a connection on which nothing is written that [BoundWrites] could notice. [Serve] uses it; for a server of your own
// give it its handler. Answers over HTTP/1 are left to BoundWrites. A limit that is not positive, such as [Off], is none.
func BoundAnswers(next http.Handler, limit time.Duration) http.Handler {
	if limit <= 0 {
		return next
	}
	limit = min(limit, forever)
	writes := &deadlines{limit: limit, open: make(map[pending]time.Time)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			next.ServeHTTP(w, r)
			return
		}
		out := &boundedAnswer{ResponseWriter: w, writes: writes}
		defer func() { out.deadline(time.Now().Add(limit)) }() // what net/http has kept back is written now
		next.ServeHTTP(out, r)
	})
}

// A boundedAnswer has a deadline while something is written, so that streams may rest.
type boundedAnswer struct {
	http.ResponseWriter
	writes *deadlines
}

// Write implements [http.ResponseWriter].
func (a *boundedAnswer) Write(p []byte) (int, error) { return inPieces(p, a.writePiece) }

func (a *boundedAnswer) writePiece(p []byte) (int, error) {
	a.writes.begin(a)
	n, err := a.ResponseWriter.Write(p)
	if !a.writes.end(a) {
		a.deadline(time.Time{})
	}
	return n, err
}

// FlushError serves [http.ResponseController].
func (a *boundedAnswer) FlushError() error {
	a.writes.begin(a)
	err := http.NewResponseController(a.ResponseWriter).Flush()
	if !a.writes.end(a) {
		a.deadline(time.Time{})
	}
	return err
}

// Flush implements [http.Flusher].
func (a *boundedAnswer) Flush() { _ = a.FlushError() }

// Unwrap serves [http.ResponseController].
func (a *boundedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *boundedAnswer) deadline(at time.Time) {
	_ = http.NewResponseController(a.ResponseWriter).SetWriteDeadline(at) // a foreign ResponseWriter may know no deadlines
}
