package rest_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool/rest"
)

type mergeChange struct {
	ID          string         `json:"rule_id" in:"path"`
	Name        string         `json:"name,omitempty" in:"body=name"`
	City        string         `json:"city,omitempty" in:"body=place.city"`
	Labels      []string       `json:"labels,omitempty" in:"body=labels[].id"`
	Order       *int           `json:"order,omitempty" in:"body=order" unset:"1"`
	Microtenant string         `json:"microtenant_id,omitempty" in:"query=microtenantId;body=microtenantId" skipempty:"true"`
	Advanced    map[string]any `json:"advanced,omitempty" in:"body=*"`
}

// TestMergedMembers: a merged object cannot turn an update to another object, set what the service sets,
// part the microtenant of the write from that of the read, or contradict another argument. Each refusal
// stands beside what it must not refuse.
func TestMergedMembers(t *testing.T) {
	for name, test := range map[string]struct {
		service, refused, names, lawful string
	}{
		"id":                    {"zia", `"advanced":{"id":2401202}`, `"id"`, `"advanced":{"idle":1}`},
		"id in other case":      {"zia", `"advanced":{"ID":1}`, `"ID"`, `"advanced":{"parent":{"id":1}}`},
		"id with underscore":    {"zia", `"advanced":{"_id":1}`, `"Id"`, `"advanced":{"rule_id":1}`},
		"null id":               {"zpa", `"advanced":{"id":null}`, `"id"`, `"advanced":{"valid":null}`},
		"owned, snake case":     {"zia", `"advanced":{"default_rule":false}`, `"defaultRule"`, `"advanced":{"default_rule_x":false}`},
		"owned, camel case":     {"zia", `"advanced":{"predefined":false}`, `"predefined"`, `"advanced":{"predefined_x":false}`},
		"owned by one service":  {"zia", `"advanced":{"access_control":"X"}`, `"accessControl"`, ``},
		"and not by another":    {"zpa", `"advanced":{"modified_time":"1"}`, `"modifiedTime"`, `"advanced":{"access_control":"X"}`},
		"microtenant":           {"zpa", `"advanced":{"microtenant_id":"6"}`, `argument "microtenant_id"`, `"microtenant_id":"6"`},
		"microtenant null":      {"zpa", `"advanced":{"microtenantId":null}`, `"microtenantId"`, `"advanced":{"microtenant_name":null}`},
		"microtenant object":    {"zpa", `"advanced":{"microtenantId":{}}`, `"microtenantId"`, `"advanced":{"owner":{"microtenant_id":{}}}`},
		"two microtenants":      {"zpa", `"microtenant_id":"5","advanced":{"microtenant_id":"6"}`, `"microtenantId"`, `"microtenant_id":"5","advanced":{"x":"6"}`},
		"two spellings":         {"zia", `"advanced":{"domain_names":["a"],"domainNames":["b"]}`, `"domainNames"`, `"advanced":{"domain_names":["a"],"domainNames":[ "a" ]}`},
		"contradiction":         {"zia", `"name":"a","advanced":{"name":"b"}`, `argument "name"`, `"name":"a","advanced":{"name":"a"}`},
		"only one given":        {"zia", `"name":"a","advanced":{"name":null}`, `argument "name"`, `"advanced":{"name":"b"}`},
		"nested":                {"zia", `"city":"Bern","advanced":{"place":{"zip":1}}`, `argument "city"`, `"city":"Bern","advanced":{"place":{"zip":1,"city":"Bern"}}`},
		"nested in no object":   {"zia", `"city":"Bern","advanced":{"place":1}`, `argument "city"`, `"advanced":{"place":1}`},
		"shaped":                {"zia", `"labels":["1"],"advanced":{"labels":[{"id":"1"}]}`, `argument "labels"`, `"labels":["1"],"advanced":{"labels":[ {"id":1} ]}`},
		"digits":                {"zia", `"order":9007199254740993,"advanced":{"order":9007199254740992}`, `argument "order"`, `"order":2,"advanced":{"order": 2}`},
		"no argument's default": {"zia", `"order":1,"advanced":{"order":2}`, `argument "order"`, `"advanced":{"order":2}`},
	} {
		tl := rest.Update[mergeChange]("x_update", "PUT /"+test.service+"/x/{rule_id}", "d")
		var f tenant
		_, err := f.call(t, tl, `{"rule_id":"9",`+test.refused+`}`)
		if err == nil || !strings.Contains(err.Error(), test.names) || !strings.HasPrefix(err.Error(), `argument "advanced": `) || len(f.requests) > 0 {
			t.Errorf("%s: %s: error %v, requests %q; want a refusal that names %s", name, test.refused, err, f.requests, test.names)
		}
		if test.lawful == "" {
			continue
		}
		if _, err := f.call(t, tl, `{"rule_id":"9",`+test.lawful+`}`); err != nil || len(f.requests) != 2 {
			t.Errorf("%s: %s: error %v, requests %q", name, test.lawful, err, f.requests)
		}
	}
}

// TestMergedMembersOfCreate: creations are held to the same, and a default gives way to a merged member.
func TestMergedMembersOfCreate(t *testing.T) {
	type newThing struct {
		Name     string         `json:"name" in:"body=name"`
		Enabled  bool           `json:"enabled,omitempty" in:"body=state|state" default:"true"`
		Kind     string         `json:"kind,omitempty" in:"body=kind" default:"A"`
		Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced"`
	}
	tl := rest.Create[newThing]("x_create", "POST /zia/x", "d")
	const defaults = `"name":"n","enabled":true,"kind":"A"` // which the engine fills in
	for arguments, want := range map[string]string{
		defaults + `,"advanced":{"state":"DISABLED","kind":"B"}`:             `POST /zia/x {"kind":"B","name":"n","state":"DISABLED"}`,
		defaults + `,"advanced":{"id":1}`:                                    `member "id" cannot be set`,
		defaults + `,"advanced":{"read_only":true}`:                          `member "readOnly" cannot be set`,
		`"name":"n","enabled":false,"advanced":{"state":"ENABLED"}`:          `another value than the argument "enabled"`,
		`"name":"n","enabled":false,"advanced":{"state":"DISABLED","x":1}`:   `POST /zia/x {"name":"n","state":"DISABLED","x":1}`,
		defaults + `,"advanced":{"service_ids":[1],"services":[2]}`:          `member "services" is given twice`,
		defaults + `,"advanced":{"service_ids":["1"],"services":[{"id":1}]}`: `POST /zia/x {"kind":"A","name":"n","services":[{"id":1}],"state":"ENABLED"}`,
		`"name":"n","kind":"B","advanced":{"kind":"C"}`:                      `another value than the argument "kind"`,
	} {
		var f tenant
		_, err := f.call(t, tl, "{"+arguments+"}")
		switch {
		case strings.HasPrefix(want, "POST") && (err != nil || f.requests[0] != want):
			t.Errorf("%s: error %v, requests %q", arguments, err, f.requests)
		case !strings.HasPrefix(want, "POST") && (err == nil || !strings.Contains(err.Error(), want) || len(f.requests) > 0):
			t.Errorf("%s: error %v, requests %q; want %q", arguments, err, f.requests, want)
		}
	}
}

// TestBodyKeepsTheID: the id of a PUT is that of the object that was read, even if a preparation or an
// argument says otherwise; an object without one gets none.
func TestBodyKeepsTheID(t *testing.T) {
	type change struct {
		ID   string `json:"id" in:"path;body=id"`
		Name string `json:"name" in:"body=name"`
	}
	tl := rest.Update[change]("x_update", "PUT /x/{id}", "d", rest.Prepare(func(_ context.Context, p *rest.Plan) error {
		if p.Current["id"] == nil {
			delete(p.Body, "id")
			return nil
		}
		return p.SetBody("id", json.RawMessage("3"))
	}))
	for current, want := range map[string]string{
		`{"id":9007199254740993}`: `PUT /x/1 {"id":9007199254740993,"name":"n"}`,
		`{"a":1}`:                 `PUT /x/1 {"a":1,"name":"n"}`,
	} {
		f := tenant{replies: []reply{{body: current}}}
		if _, err := f.call(t, tl, `{"id":"1","name":"n"}`); err != nil || f.requests[1] != want {
			t.Errorf("%s: error %v, requests %q; want %s", current, err, f.requests, want)
		}
	}
}
