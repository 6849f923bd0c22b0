package zpa_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// A rule as the service might answer it, with more than this package knows.
const oddRule = `{"id":"288341529047100003","name":"old","description":"d","action":"DENY","policySetId":"288341529047105001","policyType":"1",
	"ruleOrder":"7","priority":"3","operator":"AND","disabled":"0","customMsg":"no <way> & back","defaultRule":false,"modifiedTime":"1","modifiedBy":"2",
	"creationTime":"3","futureField":{"n":288341529047105537},"zpnIsolationProfileId":"5","zpnIsolationProfileName":"gone",
	"appConnectorGroups":[{"id":"288341529047100401","name":"Paris","enabled":true}],"credential":{"id":"6","name":"kept"},
	"conditions":[
		{"id":"1","operator":"AND","negated":true,"future":[1],"operands":[
			{"id":"2","objectType":"POSTURE","lhs":"u1","rhs":"true","name":"n"},{"id":"3","objectType":"POSTURE","lhs":"u2","rhs":"false"}]},
		{"id":"4","operands":[{"id":"5","objectType":"NEW_KIND","lhs":"id","rhs":"7","idpId":"1","detail":{"a":288341529047105537}},{"id":"6","objectType":"APP","lhs":"id","rhs":"8"}]},
		{"id":"7","operator":"OR","operands":[]},
		{"id":"8","operator":"OR","operands":[{"objectType":"SAML","lhs":"1","rhs":""}]}
	]}`

const oddConditions = `[
	{"operator":"AND","negated":true,"future":[1],"operands":[{"objectType":"POSTURE","entryValues":[{"lhs":"u1","rhs":"true"},{"lhs":"u2","rhs":"false"}]}]},
	{"operator":"OR","operands":[{"objectType":"NEW_KIND","lhs":"id","rhs":"7","detail":{"a":288341529047105537}},{"objectType":"APP","values":["8"]}]},
	{"operator":"OR","operands":[]},
	{"operator":"OR","operands":[{"objectType":"SAML","entryValues":[{"lhs":"1","rhs":""}]}]}
]`

func cannedRule(rule string) paritytest.Answer {
	return canned(map[string]string{"GET /rule/288341529047100003": rule, "PUT ": ""})
}

// TestUpdateLosesNothing: what an update does not mention goes back as it was: order, message, action,
// groups, unknown members, and conditions, operators and unknown object types included.
func TestUpdateLosesNothing(t *testing.T) {
	b := newBench(t, cannedRule(oddRule))
	shown := b.must(t, "zpa_update_access_policy_rule", `{"rule_id":"288341529047100003","name":"new"}`)
	put := b.Last(t, "PUT")
	want := decode(t, oddRule).(map[string]any)
	for _, owned := range []string{"modifiedTime", "modifiedBy", "creationTime", "defaultRule", "zpnIsolationProfileName"} {
		delete(want, owned)
	}
	want["name"], want["conditions"] = "new", decode(t, oddConditions)
	want["appConnectorGroups"] = decode(t, `[{"id":"288341529047100401"}]`)
	if diff := cmp.Diff(want, put.Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if !strings.Contains(put.Path, "/mgmtconfig/v2/") {
		t.Errorf("written to %s", put.Path)
	}
	read := decode(t, oddRule).(map[string]any)
	read["conditions"] = decode(t, oddConditions)
	if diff := cmp.Diff(any(read), decode(t, shown)); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	var calls []string
	for _, req := range b.Requests() {
		calls = append(calls, req.Method)
	}
	if diff := cmp.Diff([]string{"GET", "GET", "PUT", "GET"}, calls); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// TestUpdateChanges: what is sent replaces what was there, empty lists and texts included.
func TestUpdateChanges(t *testing.T) {
	b := newBench(t, cannedRule(oddRule))
	b.must(t, "zpa_update_access_policy_rule", `{"rule_id":"288341529047100003","name":"","action_type":"allow","description":"","conditions":[],"app_connector_group_ids":[],"app_server_group_ids":["288341529047100301"]}`)
	body := b.Last(t, "PUT").Body.(map[string]any)
	got := []any{body["name"], body["action"], body["description"], body["conditions"], body["appConnectorGroups"], body["appServerGroups"]}
	want := decode(t, `["old","ALLOW","",[],[],[{"id":"288341529047100301"}]]`)
	if diff := cmp.Diff(want, any(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRuleWithoutConditionsStaysSo: no null and no empty list is made up.
func TestRuleWithoutConditionsStaysSo(t *testing.T) {
	for _, kind := range ruleKinds {
		b := newBench(t, cannedRule(`{"id":"288341529047100003","name":"Default_Rule","action":"RE_AUTH","defaultRule":true}`))
		b.must(t, "zpa_update_"+kind, `{"rule_id":"288341529047100003","description":"d","action_type":null,"conditions":null}`)
		want := decode(t, `{"id":"288341529047100003","name":"Default_Rule","action":"RE_AUTH","description":"d"}`)
		if diff := cmp.Diff(want, b.Last(t, "PUT").Body); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}

// TestRulesRefused is calls that are refused before anything is written, each with its lawful neighbour.
func TestRulesRefused(t *testing.T) {
	const rule = `"rule_id":"288341529047100003"`
	for name, c := range map[string]struct{ tool, args, neighbour, says string }{
		"isolate without profile": {"zpa_create_isolation_policy_rule", `{"name":"a","action_type":"isolate"}`, `{"name":"a","action_type":"bypass_isolate"}`, "zpn_isolation_profile_id"},
		"inspect without profile": {"zpa_create_app_protection_rule", `{"name":"a","action_type":"Inspect","zpn_inspection_profile_id":""}`, `{"name":"a","action_type":"Inspect","zpn_inspection_profile_id":"1"}`, "zpn_inspection_profile_id"},
		"update to inspect":       {"zpa_update_app_protection_rule", `{` + rule + `,"action_type":"INSPECT"}`, `{` + rule + `,"action_type":"INSPECT","zpn_inspection_profile_id":"1"}`, "zpn_inspection_profile_id"},
		"seconds as words":        {"zpa_create_timeout_policy_rule", `{"name":"a","reauth_timeout":"never"}`, `{"name":"a","reauth_timeout":"-1"}`, "-1"},
		"negative seconds":        {"zpa_update_timeout_policy_rule", `{` + rule + `,"reauth_idle_timeout":"-2"}`, `{` + rule + `,"reauth_idle_timeout":"0"}`, "reauth_idle_timeout"},
		"nothing to change":       {"zpa_update_access_policy_rule", `{` + rule + `}`, `{` + rule + `,"description":""}`, "nothing to change"},
		"another resource":        {"zpa_delete_access_policy_rule", `{"rule_id":"../rule/9"}`, `{"rule_id":"9"}`, "rule_id"},
		"the collection":          {"zpa_update_access_policy_rule", `{"rule_id":".","name":"a"}`, `{` + rule + `,"name":"a"}`, "rule_id"},
		"empty rule id":           {"zpa_get_access_policy_rule", `{"rule_id":""}`, `{"rule_id":"9"}`, "rule_id"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, cannedRule(`{"id":"288341529047100003","name":"n","action":"BYPASS_INSPECT"}`))
			if _, failure := b.call(t, c.tool, c.args); !strings.Contains(failure, c.says) {
				t.Errorf("refused with %q, want %q", failure, c.says)
			}
			if i := slices.IndexFunc(b.Requests(), func(r paritytest.Request) bool { return r.Method != "GET" }); i >= 0 {
				t.Errorf("sent %s %s", b.Requests()[i].Method, b.Requests()[i].Path)
			}
			b.must(t, c.tool, c.neighbour)
		})
	}
}

// TestUpdateToProfileActionKeepsTheProfile: the profile that the rule has is enough.
func TestUpdateToProfileActionKeepsTheProfile(t *testing.T) {
	b := newBench(t, cannedRule(`{"id":"288341529047100003","name":"n","action":"BYPASS_ISOLATE","zpnIsolationProfileId":"5"}`))
	b.must(t, "zpa_update_isolation_policy_rule", `{"rule_id":"288341529047100003","action_type":"isolate"}`)
	want := decode(t, `{"id":"288341529047100003","name":"n","action":"ISOLATE","zpnIsolationProfileId":"5"}`)
	if diff := cmp.Diff(want, b.Last(t, "PUT").Body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTimeoutRuleActionAndDefaults: the action is RE_AUTH whatever is asked, and times are texts.
func TestTimeoutRuleActionAndDefaults(t *testing.T) {
	b := newBench(t, canned(nil))
	b.must(t, "zpa_create_timeout_policy_rule", `{"name":"a","action_type":"DENY"}`)
	want := decode(t, `{"name":"a","action":"RE_AUTH","reauthTimeout":"172800","reauthIdleTimeout":"600","conditions":[]}`)
	if diff := cmp.Diff(want, b.Last(t, "POST").Body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// failing answers with an error to the requests of a method and path ending, after some that succeed.
func failing(answer paritytest.Answer, method, ending string, after int) paritytest.Answer {
	return func(req paritytest.Request) (int, string) {
		if req.Method == method && strings.HasSuffix(req.Path, ending) {
			if after == 0 {
				return http.StatusInternalServerError, `{"reason":"the tenant is down"}`
			}
			after--
		}
		return answer(req)
	}
}

// TestNothingIsWrittenBlind: when the set or the rule cannot be read, no write is sent.
func TestNothingIsWrittenBlind(t *testing.T) {
	for _, ending := range []string{"/policyType/ACCESS_POLICY", "/rule/288341529047100003"} {
		b := newBench(t, failing(cannedRule(oddRule), http.MethodGet, ending, 0))
		if _, failure := b.call(t, "zpa_update_access_policy_rule", `{"rule_id":"288341529047100003","name":"new"}`); failure == "" {
			t.Errorf("%s: no error", ending)
		}
		if slices.ContainsFunc(b.Requests(), func(r paritytest.Request) bool { return r.Method == "PUT" }) {
			t.Errorf("%s: the rule was written", ending)
		}
	}
}

// TestUpdateIsDoneWhenReadBackFails: the rule has been changed, so that a failed read is no error.
func TestUpdateIsDoneWhenReadBackFails(t *testing.T) {
	b := newBench(t, failing(cannedRule(oddRule), http.MethodGet, "/rule/288341529047100003", 1))
	if got := b.must(t, "zpa_update_access_policy_rule", `{"rule_id":"288341529047100003","name":"new"}`); !strings.Contains(got, "Updated") {
		t.Errorf("answered %s", got)
	}
}

// TestForeignAnswers: answers of the wrong shape are errors that say so.
func TestForeignAnswers(t *testing.T) {
	for ending, body := range map[string]string{
		"GET /policySet/policyType/ACCESS_POLICY": `{"name":"no id"}`,
		"GET /rule/288341529047100003":            `[]`,
	} {
		b := newBench(t, canned(map[string]string{ending: body}))
		if _, failure := b.call(t, "zpa_get_access_policy_rule", `{"rule_id":"288341529047100003"}`); !strings.Contains(failure, "tenant") {
			t.Errorf("%s answers %s: %q", ending, body, failure)
		}
	}
}
