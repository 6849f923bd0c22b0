package paritytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Result calls a tool. The arguments are anything that marshals to an object of JSON, or nil.
func (w *World) Result(t testing.TB, name string, args any) *mcp.CallToolResult {
	t.Helper()
	result, err := w.session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return result
}

// Call calls a tool and returns its text, and whether it is an error.
func (w *World) Call(t testing.TB, name string, args any) (text string, failed bool) {
	t.Helper()
	result := w.Result(t, name, args)
	return Text(result), result.IsError
}

// Must calls a tool that has to succeed, and returns its text.
func (w *World) Must(t testing.TB, name string, args any) string {
	t.Helper()
	text, failed := w.Call(t, name, args)
	if failed {
		t.Fatalf("%s %v: %s", name, args, text)
	}
	return text
}

// Text joins the texts of a result.
func Text(result *mcp.CallToolResult) string {
	var texts []string
	for _, content := range result.Content {
		if text, ok := content.(*mcp.TextContent); ok {
			texts = append(texts, text.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// First returns, as text, the first value that a JMESPath expression takes out of a list. It has to
// take one.
func (w *World) First(t testing.TB, name string, args map[string]any, expression string) string {
	t.Helper()
	withQuery := map[string]any{"query": expression}
	maps.Copy(withQuery, args)
	var values []any
	if err := decode([]byte(w.Must(t, name, withQuery)), &values); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(values) == 0 {
		t.Fatalf("%s: %s found nothing", name, expression)
	}
	return fmt.Sprint(values[0])
}

// Member returns, as text, a member of the record that a call answers. It has to have it.
func (w *World) Member(t testing.TB, name string, args any, member string) string {
	t.Helper()
	text := w.Must(t, name, args)
	var record map[string]json.RawMessage
	if err := decode([]byte(text), &record); err != nil || record[member] == nil {
		t.Fatalf("%s: no member %s in %s (%v)", name, member, text, err)
	}
	return fmt.Sprint(JSON(t, string(record[member])))
}

// Requests returns what has arrived at the gateway, oldest first.
func (w *World) Requests() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}

// Lines returns the requests in brief, one a line, such as "GET /users?limit=1".
func (w *World) Lines() string { return lines(w.Requests()) }

// Last returns the latest request, of the given methods if there are any. There has to be one.
func (w *World) Last(t testing.TB, methods ...string) Request {
	t.Helper()
	for _, r := range slices.Backward(w.Requests()) {
		if len(methods) == 0 || slices.Contains(methods, r.Method) {
			return r
		}
	}
	t.Fatalf("no request %v has arrived, but only:\n%s", methods, w.Lines())
	return Request{}
}

// Asked returns what the human was asked to confirm, oldest first.
func (w *World) Asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// Forget drops the requests and questions so far.
func (w *World) Forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen, w.asked, w.before = nil, nil, 0
}
