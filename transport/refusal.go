package transport

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// codeUnavailable is from the range that JSON-RPC 2.0 section 5.1 leaves to servers.
const codeUnavailable = -32000

// A refusal is an answer given before the SDK sees the message: an HTTP status and a JSON-RPC error.
type refusal struct {
	status     int
	code       int64
	text       string
	retryAfter time.Duration // Retry-After header (RFC 9110 section 10.2.3) if positive
	reason     string        // in events; "" for what makes none
}

var refuseShutdown = &refusal{
	status: http.StatusServiceUnavailable, code: codeUnavailable, retryAfter: 5 * time.Second,
	text: "the server is shutting down; connect again later",
}

func badJSON(text string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: jsonrpc.CodeParseError, text: text}
}

func badMessage(text string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: jsonrpc.CodeInvalidRequest, text: text}
}

// write sends the refusal. id is the raw id of the refused call, nil if there is none.
func (e *refusal) write(w http.ResponseWriter, id json.RawMessage) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	if e.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(e.retryAfter.Round(time.Second)/time.Second)))
	}
	w.WriteHeader(e.status)
	_, _ = w.Write(e.message(id)) // a caller that is gone needs no answer
}

// message is the refusal as a JSON-RPC response.
func (e *refusal) message(id json.RawMessage) []byte {
	if len(id) == 0 {
		id = json.RawMessage("null")
	}
	text, err := json.Marshal(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   jsonrpc.Error   `json:"error"`
	}{"2.0", id, jsonrpc.Error{Code: e.code, Message: e.text}})
	if err != nil { // id was no JSON
		return []byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"internal error"}}`)
	}
	return text
}
