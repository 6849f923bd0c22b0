package tool_test

import (
	"context"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool"
)

// TestNamesHideNothing: no object can be called so that the mask for secrets hides another one from the human; secrets are masked.
func TestNamesHideNothing(t *testing.T) {
	const masked = "__MASKED_BY_ZSCALER_MCP__"
	for name, tc := range map[string]struct{ text, want string }{
		"a key that does not end":   {`delete 2 things: "-----BEGIN RSA PRIVATE KEY-----" (id 1), "B" (id 2)`, `delete 2 things: "` + masked + `" (id 1), "B" (id 2)`},
		"a key in two names":        {`delete 2 things: "-----BEGIN RSA PRIVATE KEY-----" (id 1), "-----END RSA PRIVATE KEY-----" (id 2)`, `"` + masked + `" (id 1), "` + masked + `" (id 2)`},
		"a member without value":    {`delete 2 things: "{\"password\":" (id 1), "B" (id 2)`, `(id 1), "B" (id 2)`},
		"a quote that is not ended": {`delete "A" (id 1), "B \`, `delete "A" (id 1), "B \`},
		"a comment in two names":    {`delete 3 things: "<!--" (id 1), "B" (id 2), "-->" (id 3)`, `(id 1), "B" (id 2), "`},
		"a script in two names":     {`delete 3 things: "<script>" (id 1), "B" (id 2), "</script>" (id 3)`, `(id 1), "B" (id 2), "`},
		"a link in two names":       {`delete 3 things: "[" (id 1), "B" (id 2), "](https://e.example/x)" (id 3)`, `(id 1), "B" (id 2), "`},
		"nothing to hide":           {`delete label "A" (ids ["1","2"])`, `delete label "A" (ids ["1","2"])`},
		"a secret in a name":        {`delete label "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.hunter2" (id 1)`, `delete label "` + masked + `" (id 1)`},
		"a secret as a member":      {`delete label "A" ({"password": "hunter2hunter2"})`, `delete label "A" ({"password": "` + masked + `"})`},
	} {
		_, tools := deleters()
		spec := tools[0].Spec()
		spec.Confirm = func(context.Context, tool.Args) (string, error) { return tc.text, nil }
		cs := newBench(t, tool.Runtime{}, tool.New(spec)).connect(identity{subject: "alice"})
		text := textOf(call(t, cs, "delete_label", `{"label_id":"7"}`))
		if !strings.Contains(text, tc.want) || strings.Contains(text, "hunter2") {
			t.Errorf("%s: %s", name, text)
		}
	}
}
