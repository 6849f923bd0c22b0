package zscalertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// An object is a JSON object. Its numbers are json.Number, or int where this package made them.
type object = map[string]any

// A reply is what a route answers. With neither body nor text it is empty.
type reply struct {
	status int
	body   any
	text   string // sent as it is, whatever the content type says
}

func ok(body any) reply      { return reply{status: http.StatusOK, body: body} }
func created(body any) reply { return reply{status: http.StatusCreated, body: body} }
func noContent() reply       { return reply{status: http.StatusNoContent} }

// encoded turns the body into text.
func (r reply) encoded() reply {
	if r.body == nil {
		return r
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r.body); err != nil {
		return reply{status: http.StatusInternalServerError, text: fmt.Sprintf("the simulation cannot encode its answer: %v", err)}
	}
	return reply{status: r.status, text: buf.String()}
}

func writeReply(w http.ResponseWriter, r reply) {
	r = r.encoded()
	h := w.Header()
	if r.status != http.StatusNoContent {
		h.Set("Content-Type", "application/json;charset=UTF-8")
		h.Set("Content-Length", strconv.Itoa(len(r.text)))
	}
	w.WriteHeader(r.status)
	io.WriteString(w, r.text)
}

// A refusal is an error that knows its answer.
type refusal struct{ reply }

func (r *refusal) Error() string { return fmt.Sprintf("refused with status %d: %v", r.status, r.body) }

// object decodes the body, exactly and whole.
func (c *call) object() (object, error) {
	var o object
	if err := c.decode(&o); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, errors.New("the body is not a JSON object")
	}
	return o, nil
}

func (c *call) decode(into any) error {
	dec := json.NewDecoder(bytes.NewReader(c.body))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("the body is not the JSON expected here: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body holds more than one JSON value")
	}
	return nil
}
