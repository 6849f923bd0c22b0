package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// A reply is what the fake tenant answers to one request.
type reply struct {
	body string
	err  error
}

// A tenant records requests and answers them from a queue; an empty queue answers {}.
type tenant struct {
	replies  []reply
	requests []string // "METHOD path?query body"
	safe     []bool

	microtenant string // the setting
}

func (f *tenant) Do(_ context.Context, req *zscaler.Request) (*zscaler.Response, error) {
	line := req.Method + " " + req.Path
	if len(req.Query) > 0 {
		line += "?" + req.Query.Encode()
	}
	if req.Body != nil {
		line += " " + string(req.Body)
	}
	f.requests = append(f.requests, line)
	f.safe = append(f.safe, req.Safe)
	next := reply{body: "{}"}
	if len(f.replies) > 0 {
		next, f.replies = f.replies[0], f.replies[1:]
	}
	if next.err != nil {
		return nil, next.err
	}
	resp := &zscaler.Response{Status: 200}
	if next.body != "" {
		resp.Body = json.RawMessage(next.body)
	}
	return resp, nil
}

func (f *tenant) Setting(name string) (string, error) {
	switch name {
	case zscaler.CustomerID:
		return "123", nil
	case zscaler.MicrotenantID:
		if f.microtenant != "none" {
			return f.microtenant, nil
		}
	}
	return "", errors.New("set ZSCALER_CUSTOMER_ID")
}

// call runs a tool against f with the arguments of a JSON object.
func (f *tenant) call(t testing.TB, tl tool.Tool, arguments string) (any, error) {
	t.Helper()
	if err := tl.Spec().Check(); err != nil {
		t.Fatalf("declaration: %v", err)
	}
	return tl.Spec().Handle(zscaler.ContextWithDoer(context.Background(), f), args(t, arguments))
}

func args(t testing.TB, object string) tool.Args {
	t.Helper()
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &raw); err != nil {
		t.Fatalf("arguments %s: %v", object, err)
	}
	return tool.NewArgs(raw)
}

// text returns the result of a call as text: a record's JSON, or the rows one a line and the note.
func text(t testing.TB, result any) string {
	t.Helper()
	switch r := result.(type) {
	case json.RawMessage:
		return string(r)
	case tool.Rows:
		out := ""
		for _, row := range r.Rows {
			out += string(row) + "\n"
		}
		return out + r.Note
	}
	t.Fatalf("result has type %T", result)
	return ""
}

// quote returns s as a JSON string.
func quote(s string) string {
	out, _ := json.Marshal(s)
	return string(out)
}
