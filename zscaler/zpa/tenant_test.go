package zpa_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fields decodes a record.
func fields(t testing.TB, record string) map[string]json.RawMessage {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.NewDecoder(strings.NewReader(record)).Decode(&m); err != nil { // notes may follow
		t.Fatalf("%v in %s", err, record)
	}
	return m
}

// rows decodes the result of a list.
func rows(t testing.TB, result string) []map[string]json.RawMessage {
	t.Helper()
	var list struct{ Result []map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(result), &list); err != nil {
		t.Fatalf("%v in %s", err, result)
	}
	return list.Result
}

func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

// args writes arguments as JSON.
func args(t testing.TB, members map[string]any) string {
	t.Helper()
	data, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// changed compares two records, and expects exactly the named members to differ, times apart.
func changed(t *testing.T, before, after string, want ...string) {
	t.Helper()
	was, is := fields(t, before), fields(t, after)
	for name := range is {
		if _, ok := was[name]; !ok {
			was[name] = nil
		}
	}
	different := map[string]bool{}
	for name := range was {
		if name != "modifiedTime" && name != "lastCredentialResetTime" && !cmp.Equal(decode(t, string(was[name])), decode(t, string(is[name]))) {
			different[name] = true
		}
	}
	expected := map[string]bool{}
	for _, name := range want {
		expected[name] = true
	}
	if diff := cmp.Diff(expected, different); diff != "" {
		t.Errorf("changed members (-want +got):\n%s\nbefore %s\nafter  %s", diff, before, after)
	}
}

var ruleKinds = []string{"access_policy_rule", "timeout_policy_rule", "forwarding_policy_rule", "isolation_policy_rule", "app_protection_rule"}

// TestUpdateKeepsTheRule renames every rule of the tenant: nothing but the name changes, conditions,
// actions, timeouts, profiles and connector groups included.
func TestUpdateKeepsTheRule(t *testing.T) {
	b := newBench(t, nil)
	renamed := 0
	for _, microtenant := range []string{"", b.Tenant.MicrotenantID} {
		for _, kind := range ruleKinds {
			for _, rule := range rows(t, b.must(t, "zpa_list_"+kind+"s", args(t, map[string]any{"microtenant_id": microtenant}))) {
				in := map[string]any{"rule_id": text(rule["id"]), "microtenant_id": microtenant}
				before := b.must(t, "zpa_get_"+kind, args(t, in))
				in["name"] = text(rule["name"]) + " renamed"
				written := b.must(t, "zpa_update_"+kind, args(t, in))
				changed(t, before, written, "name")
				delete(in, "name")
				changed(t, written, b.must(t, "zpa_get_"+kind, args(t, in)))
				renamed++
			}
		}
	}
	if renamed != 22 {
		t.Errorf("%d rules, the tenant is seeded with 22", renamed)
	}
}

// TestConditionsRoundTrip: the conditions that a get shows can be given to an update, and do not change.
func TestConditionsRoundTrip(t *testing.T) {
	b := newBench(t, nil)
	for _, kind := range ruleKinds {
		for _, rule := range rows(t, b.must(t, "zpa_list_"+kind+"s", `{}`)) {
			if rule["conditions"] == nil {
				continue
			}
			before := b.must(t, "zpa_get_"+kind, args(t, map[string]any{"rule_id": text(rule["id"])}))
			for form, conditions := range map[string]any{
				"as shown": fields(t, before)["conditions"], "as text": string(fields(t, before)["conditions"]), "as listed": rule["conditions"],
			} {
				after := b.must(t, "zpa_update_"+kind, args(t, map[string]any{"rule_id": text(rule["id"]), "conditions": conditions, "description": form}))
				changed(t, before, after, "description")
			}
		}
	}
}

// TestRuleLife creates, changes and deletes a rule of each kind.
func TestRuleLife(t *testing.T) {
	b := newBench(t, nil)
	for kind, c := range map[string]struct {
		create, update string
		want           []string
	}{
		"access_policy_rule":     {`"action_type":"deny","conditions":[["app_group",["288341529047100101"]]]`, `"action_type":"allow"`, []string{"action"}},
		"timeout_policy_rule":    {`"reauth_timeout":"-1","conditions":[["app_group",["288341529047100101"]]]`, `"reauth_timeout":"3600","action_type":"whatever"`, []string{"reauthTimeout"}},
		"forwarding_policy_rule": {`"action_type":"bypass","conditions":"[[\"app_group\",[\"288341529047100101\"]]]"`, `"conditions":[]`, []string{"conditions"}},
		"isolation_policy_rule":  {`"action_type":"isolate","zpn_isolation_profile_id":"a3f1c2d4-5b6e-4f70-8a91-b2c3d4e5f601"`, `"action_type":"bypass_isolate"`, []string{"action"}},
		"app_protection_rule":    {`"action_type":"inspect","zpn_inspection_profile_id":"288341529047100902","conditions":[["app_group",["288341529047100101"]]]`, `"conditions":[["AND",["platform",["mac"]]]]`, []string{"conditions"}},
	} {
		t.Run(kind, func(t *testing.T) {
			created := b.must(t, "zpa_create_"+kind, `{"name":"new",`+c.create+`}`)
			id := text(fields(t, created)["id"])
			if conditions := rowsOf(t, fields(t, created)["conditions"]); len(conditions) != 1 {
				t.Errorf("created with conditions %s", fields(t, created)["conditions"])
			}
			changed(t, created, b.must(t, "zpa_get_"+kind, `{"rule_id":"`+id+`"}`))
			updated := b.must(t, "zpa_update_"+kind, `{"rule_id":"`+id+`",`+c.update+`}`)
			changed(t, created, updated, c.want...)
			if deleted := b.must(t, "zpa_delete_"+kind, `{"rule_id":"`+id+`"}`); !strings.Contains(deleted, `"success":true`) {
				t.Errorf("delete answered %s", deleted)
			}
			if _, failure := b.call(t, "zpa_get_"+kind, `{"rule_id":"`+id+`"}`); failure == "" {
				t.Error("the rule is still there")
			}
		})
	}
}

func rowsOf(t testing.TB, raw json.RawMessage) []json.RawMessage {
	t.Helper()
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return list
}

// TestMicrotenantScopesThePolicySet: the set of the microtenant is looked up, and so its rules are
// found, the app-protection tools included.
func TestMicrotenantScopesThePolicySet(t *testing.T) {
	b := newBench(t, nil)
	for _, kind := range ruleKinds {
		create := map[string]any{"name": "scoped", "microtenant_id": b.Tenant.MicrotenantID, "conditions": []any{[]any{"platform", []any{"mac"}}}}
		if kind != "timeout_policy_rule" {
			create["action_type"] = map[string]string{"access_policy_rule": "allow", "forwarding_policy_rule": "bypass",
				"isolation_policy_rule": "bypass_isolate", "app_protection_rule": "bypass_inspect"}[kind]
		}
		created := fields(t, b.must(t, "zpa_create_"+kind, args(t, create)))
		if got := text(created["microtenantId"]); got != b.Tenant.MicrotenantID {
			t.Errorf("%s: created in microtenant %q", kind, got)
		}
		id := map[string]any{"rule_id": text(created["id"]), "microtenant_id": b.Tenant.MicrotenantID}
		b.must(t, "zpa_update_"+kind, args(t, map[string]any{"rule_id": text(created["id"]), "microtenant_id": b.Tenant.MicrotenantID, "name": "scoped again"}))
		b.must(t, "zpa_delete_"+kind, args(t, id))
		if _, failure := b.call(t, "zpa_get_"+kind, `{"rule_id":"`+text(created["id"])+`"}`); failure == "" {
			t.Errorf("%s: found outside of its microtenant", kind)
		}
	}
}
