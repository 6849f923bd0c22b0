package paritytest

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

type demoList struct {
	Kinds []string `json:"kinds,omitempty" in:"query=kind" enum:"A,B" nonempty:"true" jsonschema:"Kinds to list."`
	Size  int      `json:"size,omitempty" in:"query=pageSize" min:"1" max:"500" default:"20" jsonschema:"Rows on a page."`
	Since int      `json:"since,omitempty" in:"query=from|hours_ago;query=to|now" min:"1" jsonschema:"Hours to look back."`
	Text  string   `json:"text,omitempty" in:"query=search|zpa_filter" skipempty:"true" jsonschema:"Text to search for."`
}

type demoNew struct {
	Name   string   `json:"name" in:"body=name" pattern:"^(a|b)$" jsonschema:"Name of the demo."`
	Extra  any      `json:"extra,omitempty" in:"body=extra" jsonschema:"Whatever else."`
	Groups []string `json:"groups,omitempty" in:"body=groups[].id" unset:"[]" jsonschema:"Ids of groups."`
	Note   string   `json:"note,omitempty" in:"body=note" skipempty:"true" jsonschema:"A note on it."`
	Mode   string   `json:"mode,omitempty" in:"body=mode|upper" jsonschema:"A mode of it."`
}

type demoID struct {
	DemoID string `json:"demo_id" in:"path" nonempty:"true" jsonschema:"Id of the demo."`
}

type demoChange struct {
	DemoID string  `json:"demo_id" in:"path" nonempty:"true" jsonschema:"Id of the demo."`
	Name   *string `json:"name,omitempty" in:"body=name" jsonschema:"Name of the demo."`
}

type demoQuery struct {
	Name string `json:"name,omitempty" in:"var=filter.name.contains" skipempty:"true" jsonschema:"Part of the name."`
}

const (
	demos    = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/demo"
	demoText = "query Demos($filter: Filter) { demos(filter: $filter) { nodes { id } } }"
)

// demoTable is what the vendor's server would offer.
const demoTable = `[
{"name": "zpa_list_demos", "service": "zpa", "toolset": "zpa_demo", "action": "read", "list": true, "untrusted": true, "wire_format": "json", "params": [
	{"name": "kinds", "type": "array<string>", "enum": ["A", "B"], "non_empty": true, "nullable": true},
	{"name": "size", "type": "integer", "default": 20, "min": 1, "max": 500},
	{"name": "since", "type": "integer", "min": 1, "nullable": true}, {"name": "text", "type": "string", "nullable": true}],
	"calls": [{"method": "GET", "path": "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/demo", "args": {
		"kinds": {"in": "query", "api": "kind"}, "size": {"in": "query", "api": "pageSize"},
		"since": {"in": "query", "api": "from", "as": "now - since*3600 (epoch seconds)", "also": [{"in": "query", "api": "to", "as": "now (epoch seconds)"}]},
		"text": {"in": "query", "api": "search", "as": "zpa_filter", "skip_empty": true}}}]},
{"name": "zpa_create_demo", "service": "zpa", "toolset": "zpa_demo", "action": "create", "params": [
	{"name": "name", "type": "string", "required": true, "pattern": "^(a|b)$"}, {"name": "extra", "type": "any"},
	{"name": "groups", "type": "array<string>", "nullable": true}, {"name": "note", "type": "string"}, {"name": "mode", "type": "string"}],
	"calls": [{"method": "POST", "path": "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/demo", "const": {"body": {"kind": "DEMO"}}, "args": {
		"name": {"in": "body", "api": "name"}, "extra": {"in": "body", "api": "extra"}, "groups": {"in": "body", "api": "groups[].id", "unset": []},
		"note": {"in": "body", "api": "note", "skip_empty": true}, "mode": {"in": "body", "api": "mode", "as": "upper-cased"}}}]},
{"name": "zpa_update_demo", "service": "zpa", "toolset": "zpa_demo", "action": "update", "params": [
	{"name": "demo_id", "type": "string", "required": true, "non_empty": true}, {"name": "name", "type": "string"}],
	"calls": [{"method": "PUT", "path": "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/demo/{demo_id}", "args": {
		"demo_id": {"in": "path", "api": "demo_id"}, "name": {"in": "body", "api": "name", "unset": null}}}]},
{"name": "zpa_delete_demo", "service": "zpa", "toolset": "zpa_demo", "action": "delete", "params": [
	{"name": "demo_id", "type": "string", "required": true, "non_empty": true}],
	"calls": [{"method": "DELETE", "path": "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/demo/{demo_id}", "args": {"demo_id": {"in": "path", "api": "demo_id"}}}]},
{"name": "zpa_query_demos", "service": "zpa", "toolset": "zpa_demo", "action": "read", "list": true, "params": [{"name": "name", "type": "string"}],
	"calls": [{"method": "POST", "path": "/zpa/graphql", "operation": "Demos", "signature": "$filter: Filter", "fields": "demos(filter: $filter) { nodes { id } }",
		"variables": {"filter": {"type": "Filter"}}, "args": {"name": {"in": "variable", "api": "filter.name.contains", "skip_empty": true}}}]}
]`

// demo returns a suite with a tool of each kind.
func demo(t testing.TB) *Suite {
	t.Helper()
	s := &Suite{
		Service: "zpa",
		Sets: []tool.Set{{Name: "zpa_demo", Doc: "Demos.", Tools: []tool.Tool{
			rest.Read[demoList]("zpa_list_demos", "GET "+demos, "List the demos.", rest.List, rest.Untrusted, rest.JSONText),
			rest.Create[demoNew]("zpa_create_demo", "POST "+demos, "Create a demo.", rest.ConstBody("kind", `"DEMO"`)),
			rest.Update[demoChange]("zpa_update_demo", "PUT "+demos+"/{demo_id}", "Change a demo."),
			rest.Delete[demoID]("zpa_delete_demo", "DELETE "+demos+"/{demo_id}", "Delete a demo."),
			rest.Query[demoQuery]("zpa_query_demos", "POST /zpa/graphql", "Demos", "demos", demoText, "Ask for demos.", rest.List),
		}}},
	}
	if err := decode([]byte(demoTable), &s.table); err != nil {
		t.Fatal(err)
	}
	for i := range s.table {
		s.table[i].JSON = s.table[i].WireFormat == "json"
	}
	return s
}

// A recorder is a test whose failures are what is tested.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Logf(string, ...any) {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Error(args ...any) { r.failures = append(r.failures, fmt.Sprint(args...)) }

// entry returns the entry of the demo's table with the name.
func (s *Suite) entry(t testing.TB, name string) *Tool {
	t.Helper()
	for i := range s.table {
		if s.table[i].Name == name {
			return &s.table[i]
		}
	}
	t.Fatalf("no entry %s", name)
	return nil
}

// compared returns the failures of one tool's requests.
func (s *Suite) compared(t testing.TB, name string) []string {
	t.Helper()
	got, g := &recorder{TB: t}, &gateway{}
	s.compile(t)
	c := s.comparison(s.Open(t, g.answer), g, s.entry(t, name))
	c.run(got)
	c.judge(got, &use{map[*Difference]bool{}, map[*Difference]bool{}})
	return got.failures
}

// Every difference between the table and a declaration is found.
func TestDeclarationsThatDiffer(t *testing.T) {
	s := demo(t)
	s.compile(t)
	for name, change := range map[string]func(*Tool){
		"name":      func(r *Tool) { r.Name = "zpa_list_demo" },
		"toolset":   func(r *Tool) { r.Toolset = "zpa_demos" },
		"effect":    func(r *Tool) { r.Effect = "update" },
		"list":      func(r *Tool) { r.List = false },
		"untrusted": func(r *Tool) { r.Untrusted = false },
		"json":      func(r *Tool) { r.JSON = false },
		"missing":   func(r *Tool) { r.Params = append(r.Params, Param{Name: "sort", Type: "string"}) },
		"surplus":   func(r *Tool) { r.Params = r.Params[1:] },
		"type":      func(r *Tool) { r.Params[0].Type = "array<integer>" },
		"required":  func(r *Tool) { r.Params[0].Required = true },
		"default":   func(r *Tool) { r.Params[1].Default = "20" },
		"min":       func(r *Tool) { r.Params[1].Min = nil },
		"max":       func(r *Tool) { r.Params[1].Max = Bound(501) },
		"enum":      func(r *Tool) { r.Params[0].Enum = []string{"A"} },
		"pattern":   func(r *Tool) { r.Params[0].Pattern = "^A" },
		"non_empty": func(r *Tool) { r.Params[0].NonEmpty = false },
	} {
		ref, got := *demo(t).entry(t, "zpa_list_demos"), &recorder{TB: t}
		if s.checkTool(got, ref); len(got.failures) > 0 {
			t.Fatalf("unchanged: %q", got.failures)
		}
		change(&ref)
		if s.checkTool(got, ref); len(got.failures) != 1 {
			t.Errorf("%s: failures %q", name, got.failures)
		}
	}
}

// Every difference between the table and the requests is found.
func TestRequestsThatDiffer(t *testing.T) {
	arg := func(name string, change func(*Arg)) func(*Tool) {
		return func(r *Tool) {
			a := r.Calls[0].Args[name]
			change(&a)
			r.Calls[0].Args[name] = a
		}
	}
	for _, test := range []struct {
		what, tool string
		change     func(*Tool)
	}{
		{"method", "zpa_create_demo", func(r *Tool) { r.Calls[0].Method = "PATCH" }},
		{"path", "zpa_list_demos", func(r *Tool) { r.Calls[0].Path += "s" }},
		{"path of a delete", "zpa_delete_demo", func(r *Tool) { r.Calls[0].Path += "/7" }},
		{"query name", "zpa_list_demos", arg("kinds", func(a *Arg) { a.API = "kinds" })},
		{"default", "zpa_list_demos", func(r *Tool) { r.Params[1].Default = "21" }},
		{"time", "zpa_list_demos", arg("since", func(a *Arg) { a.As = "now - days*86400 (epoch seconds)" })},
		{"no time", "zpa_list_demos", arg("since", func(a *Arg) { a.Also = nil })},
		{"search", "zpa_list_demos", arg("text", func(a *Arg) { a.As = "" })},
		{"body member", "zpa_create_demo", arg("extra", func(a *Arg) { a.API = "extras" })},
		{"wrapping", "zpa_create_demo", arg("groups", func(a *Arg) { a.API = "groups" })},
		{"unset", "zpa_create_demo", arg("groups", func(a *Arg) { a.Unset = nil })},
		{"other unset", "zpa_create_demo", arg("groups", func(a *Arg) { a.Unset = []byte("null") })},
		{"skip_empty", "zpa_create_demo", arg("note", func(a *Arg) { a.SkipEmpty = false })},
		{"as", "zpa_create_demo", arg("mode", func(a *Arg) { a.As = "" })},
		{"const", "zpa_create_demo", func(r *Tool) { r.Calls[0].Const.Body["kind"] = "OTHER" }},
		{"const of the query", "zpa_list_demos", func(r *Tool) { r.Calls[0].Const.Query = map[string]string{"all": "1"} }},
		{"bound", "zpa_list_demos", func(r *Tool) { r.Params[1].Max = Bound(501) }},
		{"member of an update", "zpa_update_demo", arg("name", func(a *Arg) { a.API = "title" })},
		{"another call", "zpa_list_demos", func(r *Tool) { r.Calls = append(r.Calls, r.Calls[0]) }},
		{"condition", "zpa_list_demos", func(r *Tool) { r.Calls[0].When = "text given" }},
		{"condition of an argument", "zpa_list_demos", arg("kinds", func(a *Arg) { a.When = "text not given" })},
		{"beyond the table", "zpa_list_demos", arg("text", func(a *Arg) { a.As = "see special" })},
		{"operation", "zpa_query_demos", func(r *Tool) { r.Calls[0].Operation = "Demo" }},
		{"signature", "zpa_query_demos", func(r *Tool) { r.Calls[0].Signature += "!" }},
		{"fields", "zpa_query_demos", func(r *Tool) { r.Calls[0].Fields = "demos(filter: $filter) { nodes { name } }" }},
		{"variable", "zpa_query_demos", arg("name", func(a *Arg) { a.API = "filter.name.equals" })},
		{"fixed variable", "zpa_query_demos", func(r *Tool) { r.Calls[0].Variables["filter"] = Variable{Value: "x"} }},
	} {
		s := demo(t)
		if failures := s.compared(t, test.tool); len(failures) > 0 {
			t.Fatalf("%s unchanged: %q", test.tool, failures)
		}
		test.change(s.entry(t, test.tool))
		if failures := s.compared(t, test.tool); len(failures) == 0 {
			t.Errorf("%s is not noticed", test.what)
		}
	}
}

// Tools that do not do what a tool of their effect has to are found.
func TestToolsThatDiffer(t *testing.T) {
	for name, test := range map[string]struct {
		tool string
		with tool.Tool
		fine bool
	}{
		"delete":              {"zpa_delete_demo", rest.Delete[demoID]("zpa_delete_demo", "DELETE "+demos+"/{demo_id}", "Delete."), true},
		"reads nothing":       {"zpa_delete_demo", rest.Delete[demoID]("zpa_delete_demo", "DELETE "+demos+"/{demo_id}", "Delete.", rest.Unread), false},
		"reads something":     {"zpa_delete_demo", rest.Delete[demoID]("zpa_delete_demo", "DELETE "+demos+"/{demo_id}", "Delete.", rest.ReadFrom("/zpa/demo/{demo_id}")), false},
		"reads again":         {"zpa_delete_demo", rest.Delete[demoID]("zpa_delete_demo", "DELETE "+demos+"/{demo_id}", "Delete.", rest.Prepare(lookAgain)), true},
		"update":              {"zpa_update_demo", rest.Update[demoChange]("zpa_update_demo", "PUT "+demos+"/{demo_id}", "Change."), true},
		"update without read": {"zpa_update_demo", rest.Update[demoChange]("zpa_update_demo", "PUT "+demos+"/{demo_id}", "Change.", rest.Replace), false},
		"update that adds":    {"zpa_update_demo", rest.Update[demoChange]("zpa_update_demo", "PUT "+demos+"/{demo_id}", "Change.", rest.ConstBody("x", "1")), false},
	} {
		s := demo(t)
		s.Sets[0].Tools = []tool.Tool{test.with}
		if failures := s.compared(t, test.tool); (len(failures) == 0) != test.fine {
			t.Errorf("%s: %q", name, failures)
		}
	}
}

func lookAgain(ctx context.Context, p *rest.Plan) error {
	_, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: p.Path})
	return err
}
