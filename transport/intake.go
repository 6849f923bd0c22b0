package transport

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// lingering is how long a client may go on to send a body that nobody wants, before its connection
// is closed: closed at once, it might lose the answer.
const lingering = 500 * time.Millisecond

// Bounded keeps requests to next from occupying their connection with a body that does not come.
// The body must arrive within [Config].BodyTimeout. When next answers without having read it to its
// end, the answer goes out at once, where net/http waits for the body first, and an HTTP/1 connection
// is closed. No deadline outlives the body, so that answers may be streams. The endpoint itself is
// bounded already.
func (e *Endpoint) Bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 1 && e.draining.Err() != nil { // clients go elsewhere before the connection is closed while they send
			w.Header().Set("Connection", "close")
		}
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		if in, ok := r.Body.(*intake); ok && in.intakes == &e.intakes { // bounded already, further out
			next.ServeHTTP(w, r)
			return
		}
		in := &intake{ReadCloser: r.Body, w: w, intakes: &e.intakes}
		e.intakes.begin(in)
		// net/http waits for the body before it answers, unless the connection is to be closed. In
		// HTTP/2 it never waits, and the header would end the connection for all its requests.
		if r.ProtoMajor == 1 && w.Header().Get("Connection") == "" {
			w.Header().Set("Connection", "close")
			in.closes = true
		}
		defer in.end()
		bounded := *r
		bounded.Body = in
		next.ServeHTTP(w, &bounded)
	})
}

// An intake is the body of a request that may come slowly or never.
type intake struct {
	io.ReadCloser
	w        http.ResponseWriter
	intakes  *deadlines
	closes   bool // the Connection header of the answer is the intake's
	complete bool
}

// Read implements [io.Reader]. At the end of the body it takes the limits away.
func (in *intake) Read(p []byte) (int, error) {
	n, err := in.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) && !in.complete {
		in.complete = true
		if !in.intakes.end(in) {
			in.deadline(time.Time{})
		}
		if in.closes {
			in.w.Header().Del("Connection")
		}
	}
	return n, err
}

// end lets a client who still sends hear the answer before the connection is closed.
func (in *intake) end() {
	if !in.complete {
		in.intakes.end(in)
		in.deadline(time.Now().Add(lingering))
	}
}

func (in *intake) deadline(at time.Time) {
	_ = http.NewResponseController(in.w).SetReadDeadline(at) // a foreign ResponseWriter may know no deadlines
}
