package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

type ruleChange struct {
	ID       string         `json:"rule_id" in:"path"`
	Name     string         `json:"name,omitempty" in:"body=name"`
	Note     string         `json:"description,omitempty" in:"body=description"`
	Order    *int           `json:"order,omitempty" in:"body=order" unset:"1"`
	Labels   []string       `json:"labels,omitempty" in:"body=labels[].id"`
	City     string         `json:"city,omitempty" in:"body=place.city"`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced"`
}

var updateRule = rest.Update[ruleChange]("zia_update_rule", "PUT /zia/api/v1/rules/{rule_id}", "d")

const storedRule = `{"id":9007199254740993,"name":"old","description":"d","order":7,"place":{"city":"Bern","zip":"3000"},
 "labels":[{"id":5,"name":"l"}],"cbiProfile":{"id":"u","name":"p","url":"https://x"},"neverHeardOf":{"a":[1.50,"<&>"]},
 "lastModifiedTime":1,"lastModifiedBy":{"id":1,"name":"x"},"accessControl":"READ_WRITE","predefined":false}`

// TestUpdateKeepsEverything: an update sends the object as it was, unknown members and exact numbers
// included, with the sent members over it and without what the server owns.
func TestUpdateKeepsEverything(t *testing.T) {
	const rest1 = `"cbiProfile":{"id":"u","name":"p","url":"https://x"},`
	const rest2 = `"id":9007199254740993,`
	const rest3 = `"neverHeardOf":{"a":[1.50,"<&>"]},`
	for name, tc := range map[string]struct{ arguments, body string }{
		"one member": {`{"rule_id":"9","name":"new"}`,
			`{` + rest1 + `"description":"d",` + rest2 + `"labels":[{"id":5}],"name":"new",` + rest3 + `"order":7,"place":{"city":"Bern","zip":"3000"}}`},
		"explicit clears clear": {`{"rule_id":"9","description":"","labels":[]}`,
			`{` + rest1 + `"description":"",` + rest2 + `"labels":[],"name":"old",` + rest3 + `"order":7,"place":{"city":"Bern","zip":"3000"}}`},
		"a nested member keeps its neighbours": {`{"rule_id":"9","city":"Basel"}`,
			`{` + rest1 + `"description":"d",` + rest2 + `"labels":[{"id":5}],"name":"old",` + rest3 + `"order":7,"place":{"city":"Basel","zip":"3000"}}`},
		"advanced, references": {`{"rule_id":"9","advanced":{"labels":"[\"1\",2]","order":8}}`,
			`{` + rest1 + `"description":"d",` + rest2 + `"labels":[{"id":1},{"id":2}],"name":"old",` + rest3 + `"order":8,"place":{"city":"Bern","zip":"3000"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			f := tenant{replies: []reply{{body: storedRule}, {body: `{"id":9007199254740993}`}}}
			result, err := f.call(t, updateRule, tc.arguments)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"GET /zia/api/v1/rules/9", "PUT /zia/api/v1/rules/9 " + tc.body}
			if diff := cmp.Diff(want, f.requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if got := text(t, result); got != `{"id":9007199254740993}` {
				t.Errorf("result %s", got)
			}
		})
	}
}

// TestUpdateUnset: what an unset tag names is sent only where the object has no value of its own.
func TestUpdateUnset(t *testing.T) {
	f := tenant{replies: []reply{{body: `{"id":1}`}, {}}}
	if _, err := f.call(t, updateRule, `{"rule_id":"1","name":"n"}`); err != nil {
		t.Fatal(err)
	}
	if want := `PUT /zia/api/v1/rules/1 {"id":1,"name":"n","order":1}`; f.requests[1] != want {
		t.Errorf("request %s, want %s", f.requests[1], want)
	}
}

// TestUpdateConstant: a constant alone is no change, and one goes out with a change.
func TestUpdateConstant(t *testing.T) {
	tl := rest.Update[ruleChange]("x_update", "PUT /zia/api/v1/rules/{rule_id}", "d", rest.ConstBody("kind", `"RULE"`))
	var f tenant
	if _, err := f.call(t, tl, `{"rule_id":"1"}`); err == nil || len(f.requests) > 0 {
		t.Errorf("error %v, requests %v", err, f.requests)
	}
	f = tenant{replies: []reply{{body: `{"kind":"OLD","order":1,"place":null}`}}}
	if _, err := f.call(t, tl, `{"rule_id":"1","city":"Bern"}`); err != nil {
		t.Fatal(err)
	}
	if want := `PUT /zia/api/v1/rules/1 {"kind":"RULE","order":1,"place":{"city":"Bern"}}`; f.requests[1] != want {
		t.Errorf("request %s, want %s", f.requests[1], want)
	}
}

// TestUpdateRefusals: nothing is written when there is nothing to write or the object cannot be read.
func TestUpdateRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		arguments string
		read      reply
		want      string
		requests  int
	}{
		"nothing to change":   {`{"rule_id":"9"}`, reply{}, "nothing to change: send at least one of name, description, order, labels, city, advanced", 0},
		"read fails":          {`{"rule_id":"9","name":"n"}`, reply{err: errors.New("not found")}, "nothing was changed, because the current object could not be read: not found", 1},
		"read is a list":      {`{"rule_id":"9","name":"n"}`, reply{body: "[]"}, "nothing was changed", 1},
		"read is empty":       {`{"rule_id":"9","name":"n"}`, reply{body: ""}, "nothing was changed", 1},
		"parent is no object": {`{"rule_id":"9","city":"x"}`, reply{body: `{"place":"y"}`}, `member "place" is not an object`, 1},
	} {
		f := tenant{replies: []reply{tc.read}}
		_, err := f.call(t, updateRule, tc.arguments)
		if err == nil || !strings.Contains(err.Error(), tc.want) || len(f.requests) != tc.requests {
			t.Errorf("%s: error %v, requests %v; want %q", name, err, f.requests, tc.want)
		}
	}
}

type preparedChange struct {
	ID    string         `json:"rule_id" in:"path"`
	Scope string         `json:"scope,omitempty" in:"query=scope"`
	Name  string         `json:"name,omitempty" in:"body=name" skipempty:"true"`
	More  map[string]any `json:"more,omitempty" in:"-" skipempty:"true"`
}

// TestUpdateOfNothingWithPreparation: what goes nowhere may be for the preparation, so it counts as a change; what
// says where the object is does not, and neither do empty values.
func TestUpdateOfNothingWithPreparation(t *testing.T) {
	tl := rest.Update[preparedChange]("zia_update_rule", "PUT /zia/api/v1/rules/{rule_id}", "d",
		rest.Prepare(func(context.Context, *rest.Plan) error { return nil }))
	for arguments, requests := range map[string]int{
		`{"rule_id":"9"}`: 0, `{"rule_id":"9","scope":"a"}`: 0, `{"rule_id":"9","name":""}`: 0, `{"rule_id":"9","more":{}}`: 0, `{"rule_id":"9","name":null}`: 0,
		`{"rule_id":"9","name":"n"}`: 2, `{"rule_id":"9","more":{"a":1}}`: 2,
	} {
		f := tenant{replies: []reply{{body: storedRule}}}
		_, err := f.call(t, tl, arguments)
		if (err == nil) != (requests > 0) || len(f.requests) != requests {
			t.Errorf("%s: error %v, requests %v", arguments, err, f.requests)
		}
	}
}

// TestUpdateErrorKeepsItsCause: the failure of the read can be told apart, and shows public text only.
func TestUpdateErrorKeepsItsCause(t *testing.T) {
	f := tenant{replies: []reply{{err: secretError{}}}}
	_, err := f.call(t, updateRule, `{"rule_id":"9","name":"n"}`)
	var public interface{ PublicError() string }
	if !errors.As(err, &public) || !errors.Is(err, secretError{}) {
		t.Fatalf("error %v", err)
	}
	if want := "nothing was changed, because the current object could not be read: try later"; public.PublicError() != want {
		t.Errorf("public text %q, want %q", public.PublicError(), want)
	}
}

type secretError struct{}

func (secretError) Error() string       { return "host 10.0.0.1 refused" }
func (secretError) PublicError() string { return "try later" }

type groupChange struct {
	ID          string   `json:"group_id" in:"path"`
	Name        string   `json:"name,omitempty" in:"body=name"`
	Servers     []string `json:"servers,omitempty" in:"body=servers[].id"`
	Microtenant string   `json:"microtenant_id,omitempty" in:"query=microtenantId" skipempty:"true"`
}

const group = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/serverGroup/7"

var updateGroup = rest.Update[groupChange]("zpa_update_server_group",
	"PUT /zpa/mgmtconfig/v2/admin/customers/{customer_id}/serverGroup/{group_id}", "d",
	rest.ReadFrom("/zpa/mgmtconfig/v1/admin/customers/{customer_id}/serverGroup/{group_id}"))

// TestUpdateZPA: ZPA answers an update without a body, so the object is read again; the microtenant
// scopes both reads; embedded objects shrink to their ids, digits unchanged; the server group's
// applications are not written; own data with an id stays whole.
func TestUpdateZPA(t *testing.T) {
	stored := `{"id":"7","name":"old","creationTime":"1","modifiedBy":"2","microtenantId":"9","microtenantName":"mt",
	 "appConnectorGroups":[{"id":216196257331281920,"name":"g","enabled":true,"connectors":[{"id":"1"}]}],
	 "applications":[{"id":"3"}],"servers":[{"name":"no id"}],"clientlessApps":[{"id":"4","path":"/x"}],"nickName":"n"}`
	f := tenant{replies: []reply{{body: stored}, {body: ""}, {body: `{"id":"7","name":"new"}`}}}
	result, err := f.call(t, updateGroup, `{"group_id":"7","name":"new","microtenant_id":"9"}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"GET " + group + "?microtenantId=9",
		"PUT " + strings.Replace(group, "v1", "v2", 1) + `?microtenantId=9 {"appConnectorGroups":[{"id":216196257331281920}],` +
			`"clientlessApps":[{"id":"4","path":"/x"}],"id":"7","microtenantId":"9","name":"new","nickName":"n","servers":[{"name":"no id"}]}`,
		"GET " + group + "?microtenantId=9",
	}
	if diff := cmp.Diff(want, f.requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if got := text(t, result); got != `{"id":"7","name":"new"}` {
		t.Errorf("result %s", got)
	}
}

// TestUpdateReadBackFails: the change is done, so the call is no failure, but says what is missing.
func TestUpdateReadBackFails(t *testing.T) {
	f := tenant{replies: []reply{{body: `{"id":"7"}`}, {body: ""}, {err: secretError{}}}}
	result, err := f.call(t, updateGroup, `{"group_id":"7","name":"new"}`)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"message":"Updated, but reading the object back failed: try later","success":true}`; text(t, result) != want {
		t.Errorf("result %s, want %s", text(t, result), want)
	}
	f = tenant{replies: []reply{{body: `{"id":"7"}`}, {body: ""}, {body: ""}}}
	if result, err = f.call(t, updateGroup, `{"group_id":"7","name":"new"}`); err != nil || !strings.Contains(text(t, result), `"success":true`) {
		t.Errorf("read back without a body: %v, %v", result, err)
	}
}

// TestMicrotenantScope: wherever the microtenant is named, it scopes the read and the write alike; an
// explicit one wins over the setting, and other services never see it.
func TestMicrotenantScope(t *testing.T) {
	type change struct {
		ID    string `json:"id" in:"path"`
		Name  string `json:"name,omitempty" in:"body=name"`
		Query string `json:"scope,omitempty" in:"query=microtenantId"`
		Body  string `json:"microtenant_id,omitempty" in:"body=microtenantId"`
	}
	for _, tc := range []struct{ service, setting, arguments, query string }{
		{"zpa", "", `{"id":"1","name":"n"}`, ""},
		{"zpa", "5", `{"id":"1","name":"n"}`, "?microtenantId=5"},
		{"zpa", "5", `{"id":"1","microtenant_id":"9"}`, "?microtenantId=9"},
		{"zpa", "none", `{"id":"1","name":"n"}`, ""},
		{"zpa", "5", `{"id":"1","name":"n","scope":"7"}`, "?microtenantId=7"},
		{"zia", "5", `{"id":"1","microtenant_id":"9"}`, ""},
	} {
		tl := rest.Update[change]("x_update", "PUT /"+tc.service+"/x/{id}", "d")
		f := tenant{microtenant: tc.setting, replies: []reply{{body: `{"a":1,"microtenantId":"3"}`}}}
		if _, err := f.call(t, tl, tc.arguments); err != nil {
			t.Fatal(err)
		}
		get, put := f.requests[0], f.requests[1]
		if path := "/" + tc.service + "/x/1" + tc.query; get != "GET "+path || !strings.HasPrefix(put, "PUT "+path+" {") {
			t.Errorf("%s, setting %q, %s: requests %q, want scope %q", tc.service, tc.setting, tc.arguments, f.requests, tc.query)
		}
	}
}

// TestReplace: with Replace, and by another method than PUT, only the sent members go out, unread.
func TestReplace(t *testing.T) {
	for method, opts := range map[string][]rest.Option{"PUT": {rest.Replace}, "POST": nil, "PATCH": nil} {
		tl := rest.Update[ruleChange]("zia_update_x", method+" /zia/api/v1/rules/{rule_id}", "d", opts...)
		f := tenant{replies: []reply{{body: ""}}}
		result, err := f.call(t, tl, `{"rule_id":"9","name":"n"}`)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{method + ` /zia/api/v1/rules/9 {"name":"n","order":1}`}, f.requests); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		if got := text(t, result); !strings.Contains(got, `"success":true`) {
			t.Errorf("result %s", got)
		}
	}
}

// TestPrepareSeesTheMerge: Prepare runs after the overlay, with the object as it was at hand, and may
// change or refuse the call.
func TestPrepareSeesTheMerge(t *testing.T) {
	tl := rest.Update[ruleChange]("zia_update_rule", "PUT /zia/api/v1/rules/{rule_id}", "d",
		rest.Prepare(func(_ context.Context, p *rest.Plan) error {
			if string(p.Current["name"]) != `"old"` || string(p.Body["name"]) != `"new"` {
				return errors.New("refused")
			}
			return p.SetBody("was.name", p.Current["name"])
		}))
	for name, ok := range map[string]bool{"new": true, "other": false} {
		f := tenant{replies: []reply{{body: `{"name":"old","order":2}`}}}
		_, err := f.call(t, tl, `{"rule_id":"9","name":"`+name+`"}`)
		if (err == nil) != ok {
			t.Errorf("name %s: error %v", name, err)
		}
		if ok && f.requests[1] != `PUT /zia/api/v1/rules/9 {"name":"new","order":2,"was":{"name":"old"}}` {
			t.Errorf("request %s", f.requests[1])
		}
		if !ok && len(f.requests) != 1 {
			t.Errorf("a refused call sent %v", f.requests)
		}
	}
}

func TestOverlayLeavesItsArguments(t *testing.T) {
	current := map[string]json.RawMessage{"a": json.RawMessage("1"), "b": json.RawMessage("2")}
	changes := map[string]json.RawMessage{"b": json.RawMessage("[]")}
	if got := string(rest.Encode(rest.Overlay(current, changes))); got != `{"a":1,"b":[]}` {
		t.Errorf("Overlay = %s", got)
	}
	if len(current) != 2 || string(current["b"]) != "2" {
		t.Errorf("current was changed: %v", current)
	}
}

// TestStripOwned: each service loses what it owns and nothing else.
func TestStripOwned(t *testing.T) {
	object := map[string]json.RawMessage{}
	data := `{"id":1,"creationTime":2,"modifiedBy":3,"lastModifiedTime":4,"segmentGroupId":"5","segmentGroupName":"s","emptyId":"","emptyName":"e","users":[{"id":6,"name":"u"},{"id":7,"email":"x"}],"auditor":{"id":8,"name":"a"},"serverGroups":null}`
	if err := json.Unmarshal([]byte(data), &object); err != nil {
		t.Fatal(err)
	}
	for service, want := range map[zscaler.Service]string{
		zscaler.ZIA: `{"auditor":{"id":8},"emptyId":"","emptyName":"e","id":1,"segmentGroupId":"5","segmentGroupName":"s","serverGroups":null,"users":[{"id":6},{"id":7,"email":"x"}]}`,
		zscaler.ZPA: `{"auditor":{"id":8,"name":"a"},"emptyId":"","emptyName":"e","id":1,"lastModifiedTime":4,"segmentGroupId":"5","serverGroups":null,"users":[{"id":6,"name":"u"},{"id":7,"email":"x"}]}`,
		"":          `{"auditor":{"id":8,"name":"a"},"creationTime":2,"emptyId":"","emptyName":"e","id":1,"lastModifiedTime":4,"modifiedBy":3,"segmentGroupId":"5","segmentGroupName":"s","serverGroups":null,"users":[{"id":6,"name":"u"},{"id":7,"email":"x"}]}`,
	} {
		if diff := cmp.Diff(want, string(rest.Encode(rest.StripOwned(service, object)))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", service, diff)
		}
	}
}

// TestUpdateDestinationGroup: the addresses that the service answers a second time are not sent back, in
// ZIA and ZTW; other objects keep a member of that name.
func TestUpdateDestinationGroup(t *testing.T) {
	for path, want := range map[string]string{
		"/zia/api/v1/ipDestinationGroups": `{"addresses":["a"],"id":7,"name":"new"}`, "/ztw/api/v1/ipDestinationGroups": `{"addresses":["a"],"id":7,"name":"new"}`,
		"/zia/api/v1/ipSourceGroups": `{"addresses":["a"],"id":7,"ipAddresses":["b"],"name":"new"}`,
	} {
		f := tenant{replies: []reply{{body: `{"id":7,"name":"old","addresses":["a"],"ipAddresses":["b"]}`}, {body: `{}`}}}
		if _, err := f.call(t, rest.Update[groupChange]("x_update", "PUT "+path+"/{group_id}", "d"), `{"group_id":"7","name":"new"}`); err != nil {
			t.Fatal(err)
		}
		if got := f.requests[len(f.requests)-1]; got != "PUT "+path+"/7 "+want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
