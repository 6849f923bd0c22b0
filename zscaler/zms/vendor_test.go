package zms_test

import (
	"regexp"
	"testing"

	"github.com/org/zscalermcp/tool"
)

// Every tool reads, so the plain selections hold all of them.
var everything, bindable = tool.Selection{}, tool.Selection{}

// changedParams are the deliberate differences in arguments: by tool and argument.
var changedParams = map[string]func(*parityParam){}

func (w *world) invoke(t *testing.T, name string, args map[string]any) { w.call(t, name, args) }

var (
	space       = regexp.MustCompile(`[\s,]+`)
	punctuation = regexp.MustCompile(` ?([(){}:]) ?`)
)

// normal returns the request with insignificant white space and commas of the GraphQL document
// folded, and the tenant's customer id in place of its placeholder.
func normal(t *testing.T, r request) request {
	t.Helper()
	if len(r.Query) == 0 {
		r.Query = nil
	}
	body, ok := r.Body.(map[string]any)
	if !ok {
		t.Fatalf("the body is not an object: %v", r.Body)
	}
	document, _ := body["query"].(string)
	body["query"] = punctuation.ReplaceAllString(space.ReplaceAllString(document, " "), "$1")
	if variables, ok := body["variables"].(map[string]any); ok && variables["customerId"] == "288341529047105536" {
		variables["customerId"] = "{customer_id}"
	}
	return r
}

// mend returns the vendor's request with the deliberate differences applied: there are none in what
// testdata holds.
func mend(r request) request { return r }
