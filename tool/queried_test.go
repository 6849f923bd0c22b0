package tool_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool"
)

// A record that is queried takes query, and answers the rows that it takes out; without query, or with an empty one, the record comes as it is.
func TestQueriedRecords(t *testing.T) {
	const record = `{"page":{"content":[{"id":216196257331368721,"on":true},{"id":2,"on":false}]}, "total":1.50}`
	for name, tc := range map[string]struct{ args, text, structured, fails string }{
		"none":         {"", record, `{"page":{"content":[{"id":216196257331368721,"on":true},{"id":2,"on":false}]},"total":1.50}`, ""},
		"empty":        {`{"query":" "}`, record, `{"page":{"content":[{"id":216196257331368721,"on":true},{"id":2,"on":false}]},"total":1.50}`, ""},
		"rows":         {`{"query":"page.content[?on]"}`, "id,on\n216196257331368721,true\n", `{"result":[{"id":216196257331368721,"on":true}]}`, ""},
		"single value": {`{"query":"total"}`, "[1.5]", `{"result":[1.5]}`, ""},
		"nothing":      {`{"query":"rows"}`, "[]\n---\nThe query left 0 of 1 rows; rows have the members: page, total.", `{"result":[],"note":"The query left 0 of 1 rows`, ""},
		"mistaken":     {`{"query":"page["}`, "", "", "query"},
	} {
		res, structured := answerOf(t, json.RawMessage(record), tc.args, tool.Runtime{}, tool.Queried)
		if tc.fails != "" {
			wantError(t, res, tc.fails)
			continue
		}
		wantOK(t, res)
		if got := textOf(res); !strings.HasPrefix(got, tc.text) || !strings.HasPrefix(structured, tc.structured) {
			t.Errorf("%s: %q, structured %s", name, got, structured)
		}
	}
	res, _ := answerOf(t, json.RawMessage(`{"a":[{"t":"<script>x</script>bye"}]}`), `{"query":"a"}`, tool.Runtime{}, tool.Queried, tool.Untrusted)
	if got := textOf(res); strings.Contains(got, "script") || !strings.Contains(got, "bye") {
		t.Errorf("untrusted rows: %q", got)
	}
	res, _ = answerOf(t, json.RawMessage(record), `{"query":"total"}`, tool.Runtime{})
	wantError(t, res, "query")
}

// The argument belongs to the engine, as that of a list does.
func TestQueriedTakesTheName(t *testing.T) {
	clash := tool.Func(tool.Read, "zia_get_x", "Get x.", func(context.Context, struct {
		Query string `json:"query,omitempty" jsonschema:"A query of its own."`
	}) (any, error) {
		return nil, nil
	}, tool.Queried)
	if _, err := tool.Compile(tool.Set{Name: "zia_x", Doc: "X.", Tools: []tool.Tool{clash}}); err == nil || !strings.Contains(err.Error(), "taken by the engine") {
		t.Errorf("error %v", err)
	}
}
