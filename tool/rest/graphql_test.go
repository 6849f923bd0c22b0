package rest_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

type agentSearch struct {
	Name string `json:"name,omitempty" in:"var=filter.name.contains" skipempty:"true"`
	Page *int   `json:"page,omitempty" in:"var=pageNum" unset:"null"`
}

const agentsDocument = `query Agents($customerId: ID!, $pageNum: Int, $filter: F, $all: Boolean) {
  agents(customerId: $customerId) { nodes { id } }
}`

func agents(opts ...rest.Option) []rest.Option {
	return append([]rest.Option{rest.ConstVar("customerId", `"{customer_id}"`), rest.ConstVar("all", "true")}, opts...)
}

// TestQueryRequest: variables nest, absent and null ones are left out, the customer comes from the
// tenant's settings.
func TestQueryRequest(t *testing.T) {
	list := rest.Query[agentSearch]("zms_list_agents", "POST /zms/graphql", "Agents", "agents", agentsDocument, "d", agents(rest.List)...)
	document := strings.ReplaceAll(agentsDocument, "\n", `\n`)
	for arguments, variables := range map[string]string{
		`{}`:                      `{"all":true,"customerId":"123"}`,
		`{"name":"","page":null}`: `{"all":true,"customerId":"123"}`,
		`{"name":"x","page":2}`:   `{"all":true,"customerId":"123","filter":{"name":{"contains":"x"}},"pageNum":2}`,
	} {
		f := tenant{replies: []reply{{body: `{"data":{"agents":{"nodes":[]}}}`}}}
		if _, err := f.call(t, list, arguments); err != nil {
			t.Fatal(err)
		}
		want := `POST /zms/graphql {"operationName":"Agents","query":"` + document + `","variables":` + variables + `}`
		if f.requests[0] != want || !f.safe[0] {
			t.Errorf("%s: request (safe %v)\n got %s\nwant %s", arguments, f.safe[0], f.requests[0], want)
		}
	}
}

// TestQuerySettingMissing: without the customer id nothing is sent, and the error says what to set.
func TestQuerySettingMissing(t *testing.T) {
	tl := rest.Query[none]("x", "/zms/graphql", "Op", "r", "query Op($c: ID!) { r(c: $c) }", "d", rest.ConstVar("c", `"{zcell_customer_id}"`))
	var f tenant
	if _, err := f.call(t, tl, `{}`); err == nil || !strings.Contains(err.Error(), "set ZSCALER") || len(f.requests) > 0 {
		t.Errorf("error %v, requests %v", err, f.requests)
	}
}

// TestQueryAnswers: rows and records come out of data.<root>; a failure is never a success.
func TestQueryAnswers(t *testing.T) {
	partial := &zscaler.APIError{Service: zscaler.ZMS, Status: 200, Message: "one shard is down", Data: json.RawMessage(`{"agents":{"nodes":[{"id":1}]}}`)}
	for name, tc := range map[string]struct {
		list   bool
		root   string
		answer reply
		want   string
		fails  string
	}{
		"nodes":              {true, "agents", reply{body: `{"data":{"agents":{"nodes":[{"id":9007199254740993}]}}}`}, `{"id":9007199254740993}` + "\n", ""},
		"entries, deep root": {true, "agents.report", reply{body: `{"data":{"agents":{"report":{"entries":[{"total":1}]}}}}`}, `{"total":1}` + "\n", ""},
		"obfuscated names":   {true, "agents", reply{body: `{"data":{"agents":{"obfuscated":true,"entries":[{"total":1}]}}}`}, "{\"total\":1}\nThe names are obfuscated: the API client's role may not see them.", ""},
		"clear names":        {true, "agents", reply{body: `{"data":{"agents":{"obfuscated":false,"entries":[{"total":1}]}}}`}, "{\"total\":1}\n", ""},
		"bare list":          {true, "agents", reply{body: `{"data":{"agents":[1]}}`}, "1\n", ""},
		"null list":          {true, "agents", reply{body: `{"data":{"agents":null}}`}, "", ""},
		"neither":            {true, "agents", reply{body: `{"data":{"agents":{"rows":[]}}}`}, "", "neither nodes nor entries"},
		"record":             {false, "agents", reply{body: `{"data":{"agents":{"total":1.50}}}`}, `{"total":1.50}`, ""},
		"scalar":             {false, "agents", reply{body: `{"data":{"agents":"v1"}}`}, `"v1"`, ""},
		"null record":        {false, "agents", reply{body: `{"data":{"agents":null}}`}, "", "nothing found"},
		"no data":            {true, "agents", reply{body: `{}`}, "", "no data"},
		"errors":             {true, "agents", reply{body: `{"errors":[{"message":"denied"}],"data":{"agents":null}}`}, "", "denied"},
		"errors and no rows": {true, "agents", reply{body: `{"errors":[{"message":"denied"}],"data":{"agents":{"nodes":[],"n":1}}}`}, "", "denied"},
		"errors and rows":    {true, "agents", reply{body: `{"errors":[{"message":"one is down"}],"data":{"agents":{"nodes":[{"id":1}]}}}`}, "one is down", ""},
		"client's partial":   {true, "agents", reply{err: partial}, "one shard is down", ""},
		"partial record":     {false, "agents", reply{err: partial}, "", "one shard is down"},
		"more":               {true, "agents", reply{body: `{"data":{"agents":{"nodes":[{"id":1}],"pageInfo":{"pageNumber":1,"totalPages":3,"totalCount":3}}}}`}, "{\"id\":1}\nThere are 3 rows in all: call again with the next page, or with all=true for every page.", ""},
		"last":               {true, "agents", reply{body: `{"data":{"agents":{"nodes":[{"id":1}],"pageInfo":{"pageNumber":3,"totalPages":3,"totalCount":3}}}}`}, "{\"id\":1}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			opts := agents(rest.Prepare(hook))
			if tc.list {
				opts = append(opts, rest.List)
			}
			tl := rest.Query[agentSearch]("zms_x", "POST /zms/graphql", "Agents", tc.root, agentsDocument, "d", opts...)
			f := tenant{replies: []reply{tc.answer}}
			result, err := f.call(t, tl, `{}`)
			if tc.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tc.fails) {
					t.Errorf("error %v, want %q", err, tc.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := text(t, result)
			if tc.answer.err != nil || strings.HasPrefix(name, "errors") {
				if !strings.Contains(got, "{\"id\":1}\nThe answer is incomplete: ") || !strings.Contains(got, tc.want) {
					t.Errorf("result %q, want the row and a note with %q", got, tc.want)
				}
				return
			}
			if got != tc.want {
				t.Errorf("result %q, want %q", got, tc.want)
			}
		})
	}
}

// TestQueryRows: Rows names the member below the root that holds the rows.
func TestQueryRows(t *testing.T) {
	tl := rest.Query[none]("x", "POST /zins/graphql", "Op", "IOT.stats", "query Op { IOT { stats { a { b } } } }", "d", rest.Rows("a.b"))
	f := tenant{replies: []reply{{body: `{"data":{"IOT":{"stats":{"a":{"b":[5]}}}}}`}}}
	result, err := f.call(t, tl, `{}`)
	if err != nil || text(t, result) != "5\n" {
		t.Errorf("result %v, %v", result, err)
	}
}

// TestQueryHooks: Prepare computes variables, Finish may replace an answer that is null.
func TestQueryHooks(t *testing.T) {
	tl := rest.Query[none]("x", "POST /zins/graphql", "Op", "r", "query Op($t: Time) { r(t: $t) }", "d",
		rest.Prepare(func(_ context.Context, p *rest.Plan) error { return p.SetVar("t.from", json.RawMessage("5")) }),
		rest.Finish(func(_ context.Context, _ *rest.Plan, a *rest.Answer) error {
			if a.Record == nil {
				a.Record = json.RawMessage("{}")
			}
			return nil
		}))
	f := tenant{replies: []reply{{body: `{"data":{"r":null}}`}}}
	result, err := f.call(t, tl, `{}`)
	if err != nil || text(t, result) != "{}" {
		t.Errorf("result %v, %v", result, err)
	}
	if !strings.Contains(f.requests[0], `"variables":{"t":{"from":5}}`) {
		t.Errorf("request %s", f.requests[0])
	}
}

// TestPlanSetters: a hook of any endpoint can set members; a bad path, or one through a text, is refused.
func TestPlanSetters(t *testing.T) {
	var p rest.Plan
	if err := p.SetVar("a.b", json.RawMessage("1")); err != nil {
		t.Fatal(err)
	}
	if got := string(rest.Encode(p.Body)); got != `{"variables":{"a":{"b":1}}}` {
		t.Errorf("body %s", got)
	}
	p = rest.Plan{}
	if err := p.SetBody("a.b", json.RawMessage(`"x"`)); err != nil {
		t.Fatal(err)
	}
	if got := string(rest.Encode(p.Body)); got != `{"a":{"b":"x"}}` {
		t.Errorf("body %s", got)
	}
	for _, path := range []string{"", "a..b", "a[]", "a[].b", "a.b.c"} {
		if err := p.SetBody(path, nil); err == nil {
			t.Errorf("SetBody(%q) succeeded", path)
		}
	}
	if err := p.SetVar("a b", nil); err == nil {
		t.Error("SetVar of a name with a space succeeded")
	}
	if err := p.SetBody("n", nil); err != nil || !strings.Contains(string(rest.Encode(p.Body)), `"n":null`) {
		t.Errorf("a member without value: %v, %s", err, rest.Encode(p.Body))
	}
}
