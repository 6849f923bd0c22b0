package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

var errEnded = errors.New("transport: the request has ended")

// A jsonWriter is what the SDK answers to. It makes JSON-RPC errors of the plain texts with which the SDK refuses requests, and keeps
// event streams alive. The SDK writes an event in one piece.
type jsonWriter struct {
	e      *Endpoint
	place  *place // of the call, nil if it is none
	closes bool   // the connection ends with the answer, whatever the SDK says
	single bool   // the client reads no event streams: the answer is one message

	mu      sync.Mutex // guards what follows, and the order of writes
	w       http.ResponseWriter
	id      json.RawMessage
	refused int         // status of a refusal whose text is to come
	late    http.Header // what is set while a heartbeat may send the header
	quiet   bool        // a heartbeat may send the header
	sent    bool        // the header is on its way
	stream  bool        // it was that of an event stream
	amidst  bool        // the last write ended within an event
	feed    bool        // the last write ended with a line feed
	framed  bool        // a message that should have had a status of its own comes as an event
	broken  bool        // a write has failed
	ended   atomic.Bool
	beating sync.WaitGroup // heartbeats that are being written
}

// answers wraps w for the SDK. id is the raw id of the call, nil if there is none. Nothing that is
// answered may be stored, unless the SDK says otherwise. End it before the request ends.
func (e *Endpoint) answers(w http.ResponseWriter, id json.RawMessage) *jsonWriter {
	w.Header().Set("Cache-Control", "no-store")
	return &jsonWriter{w: w, e: e, id: id, closes: w.Header().Get("Connection") == "close"}
}

// end waits for a heartbeat that is being written; none comes after it. Sessions keep the context of the request that opened them, so w is let go.
func (j *jsonWriter) end() {
	j.mu.Lock()
	if j.single && !j.sent && isStream(j.w.Header()) {
		refuseUnanswered.write(j.w, j.id)
	}
	j.ended.Store(true)
	j.w, j.id, j.late = nil, nil, nil
	j.mu.Unlock()
	j.e.beats.end(pulse{j})
	j.beating.Wait()
}

// hurry gives the client its time to take what is written until the returned function is called. A
// client that reads nothing would else hold its place among the calls for ever. Only progress is
// judged, so streams live on. A foreign server may not know deadlines. The caller holds mu.
func (j *jsonWriter) hurry() (done func()) {
	j.e.writes.begin(j)
	return func() {
		if !j.e.writes.end(j) {
			j.deadline(time.Time{})
		}
	}
}

func (j *jsonWriter) deadline(t time.Time) {
	_ = http.NewResponseController(j.w).SetWriteDeadline(t)
}

// FlushError serves [http.ResponseController].
func (j *jsonWriter) FlushError() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.ended.Load():
		return errEnded
	case !j.sent && j.single:
		return nil
	case !j.sent:
		j.open()
	}
	return j.flush()
}

func (j *jsonWriter) flush() error {
	defer j.hurry()()
	return http.NewResponseController(j.w).Flush()
}

// Unwrap serves [http.ResponseController].
func (j *jsonWriter) Unwrap() http.ResponseWriter {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.w
}

// Header implements [http.ResponseWriter]. While a heartbeat may read the header it returns a copy.
func (j *jsonWriter) Header() http.Header {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.header()
}

func (j *jsonWriter) header() http.Header {
	switch {
	case j.late != nil:
	case j.ended.Load():
		return http.Header{}
	case j.quiet:
		j.late = j.w.Header().Clone()
	default:
		return j.w.Header()
	}
	return j.late
}

// open is called before the header goes out.
func (j *jsonWriter) open() {
	h := j.w.Header()
	if j.late != nil {
		clear(h)
		maps.Copy(h, j.late)
	}
	if j.closes {
		h.Set("Connection", "close")
	}
	j.sent, j.stream = true, isStream(h)
	if j.stream {
		h["X-Accel-Buffering"] = unbuffered
	}
}

// unbuffered tells nginx to hand events on as they come.
var unbuffered = []string{"no"}

func isStream(h http.Header) bool {
	return strings.HasPrefix(h.Get("Content-Type"), "text/event-stream")
}

// WriteHeader implements [http.ResponseWriter]. When a stream has begun it is too late for a status; the message of it becomes an event.
func (j *jsonWriter) WriteHeader(status int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.ended.Load():
	case status >= http.StatusBadRequest && strings.HasPrefix(j.header().Get("Content-Type"), "text/plain"):
		j.refused = status
	case j.sent:
		j.framed = j.stream && status >= http.StatusBadRequest
	default:
		j.open()
		j.w.WriteHeader(status)
	}
}

// Write implements [io.Writer]. A refusal comes in one piece, from [http.Error].
func (j *jsonWriter) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.ended.Load():
		return 0, errEnded
	case j.refused != 0:
		return len(p), j.refuse(string(bytes.TrimSpace(p)))
	case j.framed:
		return len(p), j.event(p)
	case j.sent:
	case j.single && isStream(j.header()):
		return len(p), j.answer(p)
	default:
		j.open()
	}
	return j.send(p)
}

func (j *jsonWriter) refuse(text string) error {
	code := int64(jsonrpc.CodeInvalidRequest)
	if j.refused >= http.StatusInternalServerError {
		code = jsonrpc.CodeInternalError
	}
	r := &refusal{status: j.refused, code: code, text: text}
	if j.sent {
		return j.event(r.message(j.id))
	}
	j.open()
	r.write(j.w, j.id)
	return nil
}

// event writes a message as an event.
func (j *jsonWriter) event(message []byte) error {
	_, err := j.send(append(append([]byte("event: message\ndata: "), message...), "\n\n"...))
	return err
}

// send writes p and puts the next heartbeat off.
func (j *jsonWriter) send(p []byte) (int, error) {
	n, err := j.write(p)
	j.next()
	return n, err
}

func (j *jsonWriter) write(p []byte) (int, error) {
	n, err := inPieces(p, j.writePiece)
	j.broken = j.broken || err != nil
	j.amidst = !bytes.HasSuffix(p, []byte("\n\n")) && !(j.feed && string(p) == "\n")
	j.feed = bytes.HasSuffix(p, []byte("\n"))
	return n, err
}

func (j *jsonWriter) writePiece(p []byte) (int, error) {
	defer j.hurry()()
	return j.w.Write(p)
}
