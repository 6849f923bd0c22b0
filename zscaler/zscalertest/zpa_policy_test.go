package zscalertest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func ruleList(kind string) string { return zpaV1 + "/policySet/rules/policyType/" + kind }

func setID(c *client, kind, query string) string {
	return text(c.want(200, "GET", zpaV1+"/policySet/policyType/"+kind+query, "").object()["id"])
}

func TestPolicySetsOfEveryTypeAndMicrotenant(t *testing.T) {
	c := start(t, zscalertest.Options{})
	numbers := map[string]string{"ACCESS_POLICY": "1", "TIMEOUT_POLICY": "2", "CLIENT_FORWARDING_POLICY": "4", "ISOLATION_POLICY": "5", "INSPECTION_POLICY": "6"}
	for kind, number := range numbers {
		if set := c.want(200, "GET", zpaV1+"/policySet/policyType/"+kind, "").object(); set["policyType"] != number {
			t.Errorf("%s: %v", kind, set)
		}
		list := rows(c.want(200, "GET", ruleList(kind), ""))
		if last, _ := list[len(list)-1].(object); last["defaultRule"] != true || len(list) < 2 {
			t.Errorf("%s: %d rules, last %v", kind, len(list), last["name"])
		}
	}
	c.want(400, "GET", zpaV1+"/policySet/policyType/OTHER", "")
	own, theirs := setID(c, "ACCESS_POLICY", ""), setID(c, "ACCESS_POLICY", retail)
	if own == theirs {
		t.Error("a microtenant has its own policy set")
	}
	body := `{"name":"R","action":"ALLOW"}`
	c.want(404, "POST", zpaV2+"/policySet/"+own+"/rule"+retail, body)
	c.want(201, "POST", zpaV2+"/policySet/"+theirs+"/rule"+retail, body)
}

// A v2 write is answered in the v1 form, with one operand for each value.
func TestRuleCreateExplodesOperands(t *testing.T) {
	c := start(t, zscalertest.Options{})
	set := setID(c, "ACCESS_POLICY", "")
	made := c.want(201, "POST", zpaV2+"/policySet/"+set+"/rule", `{"name":"New","action":"ALLOW","customMsg":null,"ruleOrder":null,"appServerGroups":[{"id":"288341529047100301"}],"conditions":[
		{"operands":[{"objectType":"APP","values":["`+payroll+`","288341529047100202"]},{"objectType":"APP_GROUP","values":["`+finance+`"]}]},
		{"operator":"AND","operands":[{"objectType":"SCIM_GROUP","entryValues":[{"lhs":"288341529047100501","rhs":"288341529047100601"}]}]},
		{"operator":"OR","operands":[{"objectType":"CLIENT_TYPE","values":["zpn_client_type_zapp"]}]},
		{"operator":"OR","operands":[{"objectType":"PLATFORM","entryValues":[{"lhs":"mac","rhs":"true"}]}]}]}`).object()
	if made["ruleOrder"] != "6" || made["priority"] != "2" || made["disabled"] != "0" || made["policyType"] != "1" {
		t.Errorf("the rule goes just before the default rule: %v", made)
	}
	var got []string
	for _, entry := range made["conditions"].([]any) {
		for _, operand := range entry.(object)["operands"].([]any) {
			o := operand.(object)
			got = append(got, strings.Join([]string{text(entry.(object)["operator"]), text(o["objectType"]), text(o["lhs"]), text(o["rhs"]), text(o["name"]), text(o["idpName"])}, " "))
			if text(o["id"]) == "" || o["conditionId"] != entry.(object)["id"] || o["values"] != nil {
				t.Errorf("operand %v", o)
			}
		}
	}
	want := []string{
		"OR APP id " + payroll + " Payroll ", "OR APP id 288341529047100202 Ledger ", "OR APP_GROUP id " + finance + " Finance applications ",
		"AND SCIM_GROUP 288341529047100501 288341529047100601 Finance Acme Identity", "OR CLIENT_TYPE id zpn_client_type_zapp Client Connector ", "OR PLATFORM mac true  ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operands (-want +got):\n%s", diff)
	}
	read := c.want(200, "GET", zpaV1+"/policySet/"+set+"/rule/"+text(made["id"]), "").object()
	if diff := cmp.Diff(made, read); diff != "" {
		t.Errorf("read back (-created +read):\n%s", diff)
	}
}

func TestRuleRefusals(t *testing.T) {
	c := start(t, zscalertest.Options{})
	body := func(operands string) string {
		return `{"name":"New","action":"DENY","conditions":[{"operator":"OR","operands":[` + operands + `]}]}`
	}
	v1 := `{"objectType":"APP","lhs":"id","rhs":"` + payroll + `"}`
	v2 := `{"objectType":"APP","values":["` + payroll + `"]}`
	rule := "/policySet/" + setID(c, "ACCESS_POLICY", "") + "/rule"
	for _, bad := range []string{
		`{"name":"New"}`, `{"name":"New","action":""}`, `{"action":"DENY"}`, `{"name":"New","action":"BYPASS"}`, `{"name":"Default_Rule","action":"DENY"}`, body(""),
		body(v1), body(`{"objectType":"APP","values":["1"]}`), body(`{"objectType":"APP","values":[]}`), body(`{"objectType":"APP","entryValues":[{"lhs":"id","rhs":"x"}]}`),
		body(`{"objectType":"PLATFORM","entryValues":[{"lhs":"mac","rhs":"yes"}]}`), body(`{"objectType":"OTHER","entryValues":[{"lhs":"a","rhs":"b"}]}`),
		body(v2 + `,{"objectType":"CLIENT_TYPE","values":["zpn_client_type_zapp"]}`), body(`{"objectType":"SCIM_GROUP","entryValues":[{"lhs":"1","rhs":"288341529047100601"}]}`),
		`{"name":"New","action":"DENY","conditions":[{"operator":"NOT","operands":[` + v2 + `]}]}`, `{"name":"New","action":"DENY","appServerGroups":[{"id":"1"}]}`,
	} {
		if a := c.want(400, "POST", zpaV2+rule, bad); a.object()["id"] == nil || a.object()["reason"] == nil {
			t.Errorf("%s: %s", bad, a.text)
		}
	}
	c.want(400, "POST", zpaV1+rule, body(v2))
	c.want(201, "POST", zpaV1+rule, body(v1))
	c.want(201, "POST", zpaV2+rule, strings.Replace(body(v2), "New", "New 2", 1))
}

func TestRuleActionsNeedTheirFields(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for _, tc := range []struct {
		kind, body string
		status     int
	}{
		{"TIMEOUT_POLICY", `{"name":"N","action":"RE_AUTH","reauthTimeout":"3600","reauthIdleTimeout":"-1"}`, 201},
		{"TIMEOUT_POLICY", `{"name":"M","action":"RE_AUTH","reauthTimeout":3600}`, 400},
		{"ISOLATION_POLICY", `{"name":"N","action":"ISOLATE","zpnIsolationProfileId":"a3f1c2d4-5b6e-4f70-8a91-b2c3d4e5f601"}`, 201},
		{"ISOLATION_POLICY", `{"name":"M","action":"ISOLATE"}`, 400},
		{"ISOLATION_POLICY", `{"name":"M","action":"BYPASS_ISOLATE"}`, 201},
		{"INSPECTION_POLICY", `{"name":"N","action":"INSPECT","zpnInspectionProfileId":"288341529047100902"}`, 201},
		{"INSPECTION_POLICY", `{"name":"M","action":"INSPECT","zpnInspectionProfileId":"1"}`, 400},
		{"CLIENT_FORWARDING_POLICY", `{"name":"N","action":"BYPASS"}`, 201},
		{"CLIENT_FORWARDING_POLICY", `{"name":"M","action":"ALLOW"}`, 400},
	} {
		c.want(tc.status, "POST", zpaV2+"/policySet/"+setID(c, tc.kind, "")+"/rule", tc.body)
	}
}

func TestRuleUpdateReplaces(t *testing.T) {
	c := start(t, zscalertest.Options{})
	set := setID(c, "ACCESS_POLICY", "")
	rule, _ := rows(c.want(200, "GET", ruleList("ACCESS_POLICY"), ""))[1].(object)
	path := "/policySet/" + set + "/rule/" + text(rule["id"])
	if a := c.want(204, "PUT", zpaV2+path, `{"name":"Renamed","action":"ALLOW","description":null,"ruleOrder":null,"conditions":[]}`); a.text != "" {
		t.Errorf("204 with %q", a.text)
	}
	got := c.want(200, "GET", zpaV1+path, "").object()
	if got["name"] != "Renamed" || got["conditions"] != nil || got["description"] != nil || got["appConnectorGroups"] != nil || got["ruleOrder"] != rule["ruleOrder"] {
		t.Errorf("updated %v", got)
	}
	c.want(400, "PUT", zpaV2+path, `{"name":"Renamed","action":""}`)
	c.wantCode(404, "resource.not.found", "PUT", zpaV2+"/policySet/"+set+"/rule/1", `{"name":"x","action":"ALLOW"}`)
	c.want(204, "DELETE", zpaV1+path, "")
	c.want(404, "GET", zpaV1+path, "")
}

func TestRuleOrder(t *testing.T) {
	c := start(t, zscalertest.Options{})
	base := zpaV1 + "/policySet/" + setID(c, "ACCESS_POLICY", "")
	ids := func() []string { return names(rows(c.want(200, "GET", ruleList("ACCESS_POLICY"), "")), "id") }
	before := ids()
	c.want(204, "PUT", base+"/rule/"+before[3]+"/reorder/1", "")
	want := []string{before[3], before[0], before[1], before[2], before[4], before[5]}
	if diff := cmp.Diff(want, ids()); diff != "" {
		t.Errorf("one moved (-want +got):\n%s", diff)
	}
	c.want(204, "PUT", base+"/reorder", `["`+strings.Join(before, `","`)+`"]`)
	if diff := cmp.Diff(before, ids()); diff != "" {
		t.Errorf("all moved (-want +got):\n%s", diff)
	}
	def := before[len(before)-1]
	c.want(400, "PUT", base+"/rule/"+before[0]+"/reorder/6", "")
	c.want(400, "PUT", base+"/rule/"+def+"/reorder/1", "")
	c.want(400, "PUT", base+"/reorder", `["`+strings.Join(before[1:], `","`)+`"]`)
	c.want(400, "PUT", base+"/reorder", `["`+def+`","`+strings.Join(before[:5], `","`)+`"]`)
	c.want(400, "PUT", base+"/reorder", `["`+strings.Join([]string{before[0], before[0], before[1], before[2], before[3], def}, `","`)+`"]`)
	c.want(400, "DELETE", base+"/rule/"+def, "")
}
