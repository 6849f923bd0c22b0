package paritytest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

type demoList struct {
	Kinds []string `json:"kinds,omitempty" in:"query=kind" enum:"A,B" nonempty:"true" jsonschema:"Kinds to list."`
	Size  int      `json:"size,omitempty" in:"query=pageSize" min:"1" max:"500" default:"20" jsonschema:"Rows on a page."`
}

type demoNew struct {
	Name  string `json:"name" in:"body=name" pattern:"^[a-z]+$" jsonschema:"Name of the demo."`
	Extra any    `json:"extra,omitempty" in:"body=extra" jsonschema:"Whatever else."`
}

type demoID struct {
	DemoID string `json:"demo_id" in:"path" nonempty:"true" jsonschema:"Id of the demo."`
}

type demoChange struct {
	DemoID string  `json:"demo_id" in:"path" nonempty:"true" jsonschema:"Id of the demo."`
	Name   *string `json:"name,omitempty" in:"body=name" jsonschema:"Name of the demo."`
}

const demos = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/demo"

// demo returns a suite with a tool of each effect.
func demo() *Suite {
	return &Suite{
		Sets: []tool.Set{{Name: "zpa_demo", Doc: "Demos.", Tools: []tool.Tool{
			rest.Read[demoList]("zpa_list_demos", "GET "+demos, "List the demos.", rest.List, rest.Untrusted, rest.JSONText),
			rest.Create[demoNew]("zpa_create_demo", "POST "+demos, "Create a demo."),
			rest.Update[demoChange]("zpa_update_demo", "PUT "+demos+"/{demo_id}", "Change a demo."),
			rest.Delete[demoID]("zpa_delete_demo", "DELETE "+demos+"/{demo_id}", "Delete a demo."),
		}}},
		Tools:   4,
		Lookups: func(name string) bool { return name == "zpa_update_demo" },
		Answer: func(r Request) (int, string) {
			if strings.HasSuffix(r.Path, "/8") {
				return http.StatusNotFound, `{"id":"resource.not.found"}`
			}
			if r.Method == http.MethodGet && r.Query != nil {
				return http.StatusOK, `{"list":[{"id":"7"}],"totalPages":"1"}`
			}
			return http.StatusOK, `{"id":"7","name":"ann"}`
		},
	}
}

func TestParity(t *testing.T) { demo().Test(t) }

// A recorder is a test whose failures are what is tested.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Error(args ...any) { r.failures = append(r.failures, fmt.Sprint(args...)) }

// entry returns the entry of the table with the name.
func entry(t *testing.T, name string) Tool {
	t.Helper()
	for _, ref := range Load(t) {
		if ref.Name == name {
			return ref
		}
	}
	t.Fatalf("no entry %s", name)
	return Tool{}
}

// Every difference between the table and a declaration is found.
func TestDeclarationsThatDiffer(t *testing.T) {
	s := demo()
	s.compile(t)
	for name, change := range map[string]func(*Tool){
		"name":      func(r *Tool) { r.Name = "zpa_list_demo" },
		"toolset":   func(r *Tool) { r.Toolset = "zpa_demos" },
		"effect":    func(r *Tool) { r.Effect = "update" },
		"list":      func(r *Tool) { r.List = false },
		"untrusted": func(r *Tool) { r.Untrusted = false },
		"json":      func(r *Tool) { r.JSON = false },
		"missing":   func(r *Tool) { r.Params = append(r.Params, Param{Name: "sort", Type: "string"}) },
		"surplus":   func(r *Tool) { r.Params = r.Params[:1] },
		"type":      func(r *Tool) { r.Params[0].Type = "array<integer>" },
		"required":  func(r *Tool) { r.Params[0].Required = true },
		"default":   func(r *Tool) { r.Params[1].Default = "20" },
		"min":       func(r *Tool) { r.Params[1].Min = nil },
		"max":       func(r *Tool) { r.Params[1].Max = Bound(501) },
		"enum":      func(r *Tool) { r.Params[0].Enum = []string{"A"} },
		"pattern":   func(r *Tool) { r.Params[0].Pattern = "^A" },
		"non_empty": func(r *Tool) { r.Params[0].NonEmpty = false },
	} {
		ref, got := entry(t, "zpa_list_demos"), &recorder{TB: t}
		if s.checkTool(got, ref); len(got.failures) > 0 {
			t.Fatalf("unchanged: %q", got.failures)
		}
		change(&ref)
		if s.checkTool(got, ref); len(got.failures) != 1 {
			t.Errorf("%s: failures %q", name, got.failures)
		}
	}
}

// Every difference between the table and a request is found.
func TestRequestsThatDiffer(t *testing.T) {
	for name, test := range map[string]struct {
		tool   string
		change func(*Suite, *Call)
	}{
		"method":         {"zpa_create_demo", func(_ *Suite, c *Call) { c.Method = "PUT" }},
		"path":           {"zpa_delete_demo", func(_ *Suite, c *Call) { c.Path += "7" }},
		"query":          {"zpa_list_demos", func(_ *Suite, c *Call) { c.Query.Set("page", "1") }},
		"body":           {"zpa_create_demo", func(_ *Suite, c *Call) { c.Body.(map[string]any)["extra"] = JSON(t, "9007199254740992") }},
		"no body":        {"zpa_create_demo", func(_ *Suite, c *Call) { c.Body = nil }},
		"refused":        {"zpa_create_demo", func(_ *Suite, c *Call) { c.Args = []byte(`{"name":"ANN"}`) }},
		"failed":         {"zpa_delete_demo", func(_ *Suite, c *Call) { c.Args = []byte(`{"demo_id":"8"}`) }},
		"look-ups":       {"zpa_update_demo", func(s *Suite, _ *Call) { s.Lookups = nil }},
		"our difference": {"zpa_list_demos", func(s *Suite, _ *Call) { s.Requests = RenameQuery(map[string]string{"kind": "kinds"}) }},
	} {
		s := demo()
		call, got := entry(t, test.tool).Calls[0], &recorder{TB: t}
		w := s.Open(t, s.Answer)
		if s.checkCall(got, w, "", test.tool, call); len(got.failures) > 0 {
			t.Fatalf("%s unchanged: %q", name, got.failures)
		}
		test.change(s, &call)
		if s.checkCall(got, w, "", test.tool, call); len(got.failures) != 1 {
			t.Errorf("%s: failures %q", name, got.failures)
		}
	}
}

// A deliberate difference in an argument is applied, and one that is about nothing is reported.
func TestDeliberateDifferences(t *testing.T) {
	s := demo()
	s.compile(t)
	ref, got := entry(t, "zpa_list_demos"), &recorder{TB: t}
	ref.Params[1].Max = nil
	s.Params = map[string]func(*Param){"zpa_list_demos size": func(p *Param) { p.Max = Bound(500) }}
	s.checkTool(got, ref)
	if s.checkChanges(got, []Tool{ref}); len(got.failures) > 0 {
		t.Errorf("failures %q", got.failures)
	}
	s.Params["zpa_list_demos sice"] = s.Params["zpa_list_demos size"]
	if s.checkChanges(got, []Tool{ref}); len(got.failures) != 1 {
		t.Errorf("failures %q", got.failures)
	}
}

// A delete that does not read its object before the question, or another one, is found.
func TestDeletesThatLookElsewhere(t *testing.T) {
	for name, test := range map[string]struct {
		options []rest.Option
		want    int
	}{
		"the object":     {nil, 0},
		"nothing":        {[]rest.Option{rest.Unread}, 1},
		"another object": {[]rest.Option{rest.ReadFrom("/zpa/demo/{demo_id}")}, 1},
		"late":           {[]rest.Option{rest.Prepare(lookAgain)}, 1},
	} {
		s, got := demo(), &recorder{TB: t}
		tools := s.Sets[0].Tools
		tools[3] = rest.Delete[demoID]("zpa_delete_demo", "DELETE "+demos+"/{demo_id}", "Delete a demo.", test.options...)
		if s.checkCall(got, s.Open(t, s.Answer), "", "zpa_delete_demo", entry(t, "zpa_delete_demo").Calls[0]); len(got.failures) != test.want {
			t.Errorf("%s: failures %q", name, got.failures)
		}
	}
}

func lookAgain(ctx context.Context, p *rest.Plan) error {
	_, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: p.Path})
	return err
}

// A delete is confirmed by the client's human, who is shown what it is about.
func TestDeletesAreConfirmed(t *testing.T) {
	s := demo()
	w := s.Open(t, s.Answer)
	w.Must(t, "zpa_delete_demo", map[string]any{"demo_id": "7"})
	if asked := w.Asked(); len(asked) != 1 || !strings.Contains(asked[0], `delete demo "ann" (demo_id 7)`) || w.Last(t).Method != http.MethodDelete {
		t.Errorf("asked %q, requests:\n%s", asked, w.Lines())
	}
}
