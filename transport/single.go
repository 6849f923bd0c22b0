package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

var (
	errUnaskable = errors.New("transport: the client cannot be asked, since it does not accept event streams")

	refuseUnanswered = &refusal{
		status: http.StatusInternalServerError, code: jsonrpc.CodeInternalError, text: "internal error: the request was ended before its call was answered",
	}
	refuseListenAsJSON = &refusal{
		status: http.StatusBadRequest, code: jsonrpc.CodeInvalidRequest,
		text: "invalid request: " + methodListen + " is answered with an event stream; send Accept: application/json, text/event-stream",
	}
)

// answer sends a call's answer to a client that reads only JSON: of the events that the SDK writes the response is its body. Progress and log messages are left out, and
// a question to the client fails at once, since it would wait in vain.
func (j *jsonWriter) answer(event []byte) error {
	_, data, _ := bytes.Cut(event, []byte("data: "))
	data = bytes.TrimSpace(data)
	var m struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
	}
	switch err := json.Unmarshal(data, &m); {
	case err != nil, m.Method != "" && m.ID == nil:
		return nil
	case m.Method != "":
		return errUnaskable
	}
	j.open()
	j.w.Header().Set("Content-Type", "application/json")
	j.stream = false
	_, err := j.send(data)
	return err
}
