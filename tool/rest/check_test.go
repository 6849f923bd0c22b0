package rest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type (
	none = struct{}
	byID = struct {
		ID string `json:"id" in:"path"`
	}
	named = struct {
		Name string `json:"name,omitempty" in:"body=name"`
	}
	viaDefault = struct {
		Name string `json:"name,omitempty" in:"body=name" default:"x"`
	}
)

func hook(context.Context, *rest.Plan) error { return nil }

// TestCheck shows each mistake of a declaration, and its nearest lawful neighbour.
func TestCheck(t *testing.T) {
	for name, tc := range map[string]struct {
		bad  tool.Tool
		want string
		good tool.Tool
	}{
		"wildcard without argument": {rest.Read[none]("x", "GET /a/{id}", "d"), "wildcard {id} has no argument", rest.Read[byID]("x", "GET /a/{id}", "d")},
		"argument without wildcard": {rest.Read[byID]("x", "GET /a", "d"), `argument "id": the path has no wildcard {id}`, rest.Read[none]("x", "GET /{customer_id}/a", "d")},
		"two for one wildcard": {rest.Read[struct {
			ID string `json:"id" in:"path"`
			B  string `json:"b" in:"path=id"`
		}]("x", "GET /a/{id}", "d"), `"b": the wildcard {id} has an argument already`, rest.Read[struct {
			ID string `json:"id" in:"path"`
			B  string `json:"b" in:"path=c"`
		}]("x", "GET /a/{id}/{c}", "d")},
		"optional wildcard": {rest.Read[struct {
			ID string `json:"id,omitempty" in:"path"`
		}]("x", "GET /a/{id}", "d"), `"id" fills the path: it must be required`, rest.Read[struct {
			ID string `json:"id,omitempty" in:"path" default:"ALL"`
		}]("x", "GET /a/{id}", "d")},
		"unknown conversion": {tagged[struct {
			A string `json:"a" in:"query=a|shout"`
		}](), `unknown conversion "shout"; there are camel`, tagged[struct {
			A string `json:"a" in:"query=a|upper"`
		}]()},
		"unknown place": {tagged[struct {
			A string `json:"a" in:"header=a"`
		}](), `unknown place "header"`, tagged[struct {
			A string `json:"a" in:"query=a;query=b"`
		}]()},
		"no name": {tagged[struct {
			A string `json:"a" in:"query"`
		}](), "query=wireName", tagged[struct {
			A string `json:"a" in:"-"`
		}]()},
		"empty name": {tagged[struct {
			A string `json:"a" in:"query="`
		}](), "names nothing", tagged[struct {
			A string `json:"a" in:"query=name[like]"`
		}]()},
		"no in tag": {tagged[struct {
			A string `json:"a"`
		}](), `argument "a" has no in tag`, tagged[struct {
			A string `json:"-"`
		}]()},
		"no json tag": {tagged[struct {
			A string `in:"query=a"`
		}](), "field A has no json tag", tagged[struct {
			paging
		}]()},
		"unset no JSON": {tagged[struct {
			A string `json:"a" in:"query=a" unset:"x"`
		}](), `unset:"x" is not JSON`, tagged[struct {
			A string `json:"a" in:"query=a" unset:"\"x\""`
		}]()},
		"skipempty": {tagged[struct {
			A string `json:"a" in:"query=a" skipempty:"yes"`
		}](), "skipempty must be true or false", tagged[struct {
			A string `json:"a" in:"query=a" skipempty:"false"`
		}]()},
		"query object": {tagged[struct {
			A map[string]any `json:"a" in:"query=a"`
		}](), "takes no map", tagged[struct {
			A []string `json:"a" in:"query=a"`
		}]()},
		"path list": {rest.Read[struct {
			ID []string `json:"id" in:"path"`
		}]("x", "GET /a/{id}", "d"), "not a slice", rest.Read[struct {
			ID *int `json:"id" in:"path"`
		}]("x", "GET /a/{id}", "d")},
		"GET with body":       {rest.Read[named]("x", "GET /a", "d"), "a GET carries no body", rest.Read[named]("x", "POST /a", "d", rest.Safe)},
		"DELETE with body":    {rest.Delete[named]("x", "DELETE /a", "d"), "a DELETE carries no body", rest.Delete[named]("x", "POST /a", "d")},
		"POST that reads":     {rest.Read[none]("x", "POST /a", "d"), "must be marked rest.Safe", rest.Read[none]("x", "POST /a", "d", rest.Safe)},
		"safe write":          {rest.Create[none]("x", "POST /a", "d", rest.Safe), "rest.Safe is for", rest.Create[none]("x", "POST /a", "d")},
		"PUT that reads":      {rest.Read[none]("x", "PUT /a", "d"), "does not only read", rest.Create[none]("x", "PUT /a", "d")},
		"GET that deletes":    {rest.Delete[none]("x", "GET /a", "d"), "GET changes nothing", rest.Delete[none]("x", "DELETE /a", "d")},
		"no method":           {rest.Read[none]("x", "/a", "d"), "METHOD /path", rest.Read[none]("x", "GET /a", "d")},
		"relative path":       {rest.Read[none]("x", "GET a", "d"), "must start with a slash", rest.Read[none]("x", "GET /a", "d")},
		"query in path":       {rest.Read[none]("x", "GET /a?b=c", "d"), "hold no query", rest.Read[none]("x", "GET /a", "d", rest.ConstQuery("b", "c"))},
		"partial wildcard":    {rest.Read[byID]("x", "GET /a/{id}.json", "d"), "whole segment", rest.Read[byID]("x", "GET /a/{id}/json", "d")},
		"empty segment":       {rest.Read[none]("x", "GET /a//b", "d"), `segment ""`, rest.Read[none]("x", "GET /a/b", "d")},
		"update of nothing":   {rest.Update[none]("x", "PUT /a", "d"), "sends no member", rest.Update[none]("x", "PUT /a", "d", rest.Prepare(hook))},
		"update with default": {rest.Update[viaDefault]("x", "PUT /a", "d"), "default would overwrite", rest.Update[viaDefault]("x", "PUT /a", "d", rest.Replace)},
		"update needs no option": {rest.Update[viaDefault]("x", "PUT /a", "d"), "default would overwrite", rest.Update[struct {
			Name string `json:"name" in:"body=name"`
		}]("x", "PUT /a", "d")},
		"Replace":                {rest.Create[named]("x", "POST /a", "d", rest.Replace), "rest.Replace is for Update", rest.Update[named]("x", "PUT /a", "d", rest.Replace)},
		"ReadFrom":               {rest.Update[named]("x", "PUT /a", "d", rest.Replace, rest.ReadFrom("/b")), "rest.ReadFrom is for", rest.Update[named]("x", "PUT /a", "d", rest.ReadFrom("/b"))},
		"ReadFrom of a delete":   {rest.Create[none]("x", "POST /a", "d", rest.ReadFrom("/b")), "rest.ReadFrom is for", rest.Delete[none]("x", "DELETE /a", "d", rest.ReadFrom("/b"))},
		"Unread":                 {rest.Update[named]("x", "PUT /a", "d", rest.Unread), "rest.Unread is for Delete", rest.Delete[none]("x", "DELETE /a", "d", rest.Unread)},
		"NamedBy of a create":    {rest.Create[none]("x", "POST /a", "d", rest.NamedBy("b")), "rest.NamedBy", rest.Delete[none]("x", "DELETE /a", "d", rest.NamedBy("b.c"))},
		"NamedBy of no member":   {rest.Delete[none]("x", "DELETE /a", "d", rest.NamedBy("b..c")), "rest.NamedBy", rest.Delete[none]("x", "DELETE /a", "d", rest.NamedBy("b"))},
		"NamedBy and Unread":     {rest.Delete[none]("x", "DELETE /a", "d", rest.Unread, rest.NamedBy("b")), "rest.NamedBy", rest.Delete[none]("x", "DELETE /a", "d", rest.NamedBy("name"))},
		"Unread and ReadFrom":    {rest.Delete[none]("x", "DELETE /a", "d", rest.Unread, rest.ReadFrom("/b")), "contradict", rest.Delete[none]("x", "DELETE /a", "d", rest.ReadFrom("/b"))},
		"Unread without a read":  {rest.Delete[none]("x", "POST /a", "d", rest.Unread), "by POST nothing is read anyway", rest.Delete[none]("x", "POST /a", "d")},
		"no path":                {rest.Read[none]("x", "GET", "d"), `endpoint "GET": path "" must start with a slash`, rest.Read[none]("x", "GET /a", "d")},
		"doc for endpoint":       {rest.Read[none]("x", "List things.", "GET /a"), `endpoint "List things.": must be "METHOD /path"`, rest.Read[none]("x", "GET /a", "d")},
		"ReadFrom's wildcard":    {rest.Update[named]("x", "PUT /a", "d", rest.ReadFrom("/b/{c}")), "wildcard {c}", rest.Update[named]("x", "PUT /a", "d", rest.ReadFrom("/{customer_id}"))},
		"ConstBody no JSON":      {rest.Create[none]("x", "POST /a", "d", rest.ConstBody("b", "text")), "is not JSON", rest.Create[none]("x", "POST /a", "d", rest.ConstBody("b", `"text"`))},
		"ConstBody on GET":       {rest.Read[none]("x", "GET /a", "d", rest.ConstBody("b", "1")), "no body of its own", rest.Create[none]("x", "POST /a", "d", rest.ConstBody("b.c", "1"))},
		"ConstBody path":         {rest.Create[none]("x", "POST /a", "d", rest.ConstBody("b..c", "1")), "not a member path", rest.Create[none]("x", "POST /a", "d", rest.ConstBody("b.c", "1"))},
		"ConstVar without query": {rest.Read[none]("x", "GET /a", "d", rest.ConstVar("b", "1")), "rest.ConstVar is for", rest.Query[none]("x", "POST /q", "Op", "r", "query Op($b: Int) { r(b: $b) }", "d", rest.ConstVar("b", "1"))},
		"member path": {posted[struct {
			A []string `json:"a" in:"body=a[]"`
		}](), "not a member path", posted[struct {
			A []string `json:"a" in:"body=a[].id"`
		}]()},
		"[] without list": {posted[struct {
			A string `json:"a" in:"body=a[].id"`
		}](), "[] takes a list", posted[struct {
			A any `json:"a" in:"body=a[].id"`
		}]()},
		"body=* without object": {posted[struct {
			A string `json:"a" in:"body=*"`
		}](), "body=* takes an object", posted[struct {
			A map[string]any `json:"a" in:"body=*"`
		}]()},
		"two bodies": {posted[struct {
			A []string `json:"a" in:"body=$"`
			B string   `json:"b" in:"body=b"`
		}](), "body=$ is the whole body", posted[struct {
			A []string `json:"a" in:"body=$"`
			B string   `json:"b" in:"query=b"`
		}]()},
		"whole body over an object": {rest.Update[struct {
			A []string `json:"a" in:"body=$"`
		}]("x", "PUT /a", "d"), "body=$ in an Update by PUT", rest.Update[struct {
			A []string `json:"a" in:"body=$"`
		}]("x", "PUT /a", "d", rest.Replace)},
		"variable of no query": {posted[struct {
			A string `json:"a" in:"var=a"`
		}](), "var is for GraphQL", posted[named]()},
		"body of a query":     {query[named]("query Op { r }"), "use var", query[none]("query Op { r }")},
		"undeclared variable": {query[variable]("query Op { r }"), "$a is set but not declared", query[variable]("query Op($a: In) { r(a: $a) }")},
		"unset variable":      {query[none]("query Op($a: In) { r(a: $a) }"), "$a is declared in Op but never set", rest.Query[none]("x", "POST /q", "Op", "r", "query Op($a: In) { r(a: $a) }", "d", rest.Prepare(hook))},
		"unknown operation":   {query[none]("query Other { r }"), "no query named Op", query[none]("query Op { r }")},
		"unknown root":        {query[none]("query Op { rows }"), "root field r", query[none]("fragment f on T { a } query Op { r { ...f } }")},
		"no operation":        {rest.Query[none]("x", "POST /q", "", "r", "query { r }", "d"), "needs the name of an operation", query[none]("query Op{r}")},
		"no struct":           {rest.Read[string]("x", "GET /a", "d"), "must be a struct", rest.Read[none]("x", "GET /a", "d")},
	} {
		if err := tc.bad.Spec().Check(); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: Check = %v, want %q", name, err, tc.want)
		}
		if err := tc.good.Spec().Check(); err != nil {
			t.Errorf("%s, done right: %v", name, err)
		}
	}
}

// TestCheckAll: every mistake comes back at once.
func TestCheckAll(t *testing.T) {
	err := rest.Read[byID]("x", "GET /a/{b}", "d", rest.Replace).Spec().Check()
	if err == nil || len(strings.Split(err.Error(), "\n")) != 3 {
		t.Errorf("Check = %v, want three lines", err)
	}
}

type variable = struct {
	A string `json:"a,omitempty" in:"var=a.b.c"`
}

func tagged[In any]() tool.Tool { return rest.Read[In]("x", "GET /a", "d") }

func posted[In any]() tool.Tool { return rest.Create[In]("x", "POST /a", "d") }

func query[In any](document string) tool.Tool {
	return rest.Query[In]("x", "POST /q", "Op", "r", document, "d")
}
