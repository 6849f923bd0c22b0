package transport

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// A jsonWriter makes JSON-RPC errors of the plain texts with which the SDK refuses requests.
type jsonWriter struct {
	http.ResponseWriter
	writes  *deadlines
	id      json.RawMessage
	refused int // status of a refusal whose text is to come
}

// answers wraps w for the SDK. id is the raw id of the call, nil if there is none. Nothing that is
// answered may be stored, unless the SDK says otherwise.
func (e *Endpoint) answers(w http.ResponseWriter, id json.RawMessage) http.ResponseWriter {
	w.Header().Set("Cache-Control", "no-store")
	return &jsonWriter{ResponseWriter: w, writes: &e.writes, id: id}
}

// hurry gives the client its time to take what is written until the returned function is called. A
// client that reads nothing would else hold its place among the calls for ever. Only progress is
// judged, so streams live on. A foreign server may not know deadlines.
func (j *jsonWriter) hurry() (done func()) {
	j.writes.begin(j)
	return func() {
		if !j.writes.end(j) {
			j.deadline(time.Time{})
		}
	}
}

func (j *jsonWriter) deadline(t time.Time) {
	_ = http.NewResponseController(j.ResponseWriter).SetWriteDeadline(t)
}

// FlushError serves [http.ResponseController].
func (j *jsonWriter) FlushError() error {
	defer j.hurry()()
	return http.NewResponseController(j.ResponseWriter).Flush()
}

// Unwrap serves [http.ResponseController].
func (j *jsonWriter) Unwrap() http.ResponseWriter { return j.ResponseWriter }

// WriteHeader implements [http.ResponseWriter].
func (j *jsonWriter) WriteHeader(status int) {
	if status >= http.StatusBadRequest && strings.HasPrefix(j.Header().Get("Content-Type"), "text/plain") {
		j.refused = status
		return
	}
	j.ResponseWriter.WriteHeader(status)
}

// Write implements [io.Writer]. A refusal comes in one piece, from [http.Error].
func (j *jsonWriter) Write(p []byte) (int, error) {
	if j.refused == 0 {
		defer j.hurry()()
		return j.ResponseWriter.Write(p)
	}
	code := int64(jsonrpc.CodeInvalidRequest)
	if j.refused >= http.StatusInternalServerError {
		code = jsonrpc.CodeInternalError
	}
	r := &refusal{status: j.refused, code: code, text: string(bytes.TrimSpace(p))}
	r.write(j.ResponseWriter, j.id)
	return len(p), nil
}
