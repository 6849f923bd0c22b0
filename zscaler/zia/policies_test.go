package zia_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const api = "/zia/api/v1"

// A policy is a family of rules: its tools, and where the argument action goes on the wire.
type policy struct {
	tools   string // of zia_create_<tools>
	list    string
	path    string
	scope   map[string]any // arguments besides rule_id that name a rule
	action  string         // one that is lawful
	wire    string         // member with that action, as JSON
	change  string         // another action
	changed string
	details map[string]any // advanced settings
	read    string         // an expression over a rule, and what it is after the creation
	want    string
}

var policies = []policy{
	{
		"file_type_control_rule", "zia_list_file_type_control_rules", api + "/fileTypeRules", nil,
		"CAUTION", `{"filteringAction":"CAUTION"}`, "BLOCK", `{"filteringAction":"BLOCK"}`,
		map[string]any{"file_types": `["FTCATEGORY_ZIP"]`, "url_categories": []string{"FILE_HOST"}, "labels": []string{"2401001"}}, "fileTypes[0]", "FTCATEGORY_ZIP",
	}, {
		"sandbox_rule", "zia_list_sandbox_rules", api + "/sandboxRules", nil,
		"ALLOW", `{"baRuleAction":"ALLOW"}`, "BLOCK", `{"baRuleAction":"BLOCK"}`,
		map[string]any{"first_time_enable": true, "first_time_operation": "QUARANTINE", "url_categories": []string{"CUSTOM_03"}}, "firstTimeOperation", "QUARANTINE",
	}, {
		"ssl_inspection_rule", "zia_list_ssl_inspection_rules", api + "/sslInspectionRules", nil,
		"DO_NOT_DECRYPT", `{"action":{"type":"DO_NOT_DECRYPT"}}`, "BLOCK", `{"action":{"type":"BLOCK"}}`,
		map[string]any{"url_categories": []string{"CUSTOM_01"}, "locations": []int{2402301}}, "locations[0].name", "Headquarters",
	}, {
		"web_dlp_rule", "zia_list_web_dlp_rules", api + "/webDlpRules", nil,
		"CONFIRM", `{"action":"CONFIRM"}`, "BLOCK", `{"action":"BLOCK"}`,
		map[string]any{"dlp_engines": "[2403501]", "severity": "RULE_SEVERITY_LOW"}, "dlpEngines[0].name", "Project names",
	}, {
		"cloud_app_control_rule", "zia_list_cloud_app_control_rules", api + "/webApplicationRules/WEBMAIL", map[string]any{"rule_type": "WEBMAIL"},
		"BLOCK_WEBMAIL_SEND", `{"actions":["BLOCK_WEBMAIL_SEND"]}`, `["ALLOW_WEBMAIL_VIEW","BLOCK_WEBMAIL_SEND"]`, `{"actions":["ALLOW_WEBMAIL_VIEW","BLOCK_WEBMAIL_SEND"]}`,
		map[string]any{"applications": []string{"YAHOO_WEBMAIL"}, "groups": []string{"2402102"}}, "applications[0]", "YAHOO_WEBMAIL",
	},
}

// args joins the arguments that name the policy with more.
func (p policy) args(more map[string]any) map[string]any {
	all := map[string]any{}
	maps.Copy(all, p.scope)
	maps.Copy(all, more)
	return all
}

// holds compares the members of want, an object of JSON, with those of a body; a member of any other
// policy's action must not be there.
func holds(t *testing.T, want string, got any) {
	t.Helper()
	body, members := got.(map[string]any), paritytest.JSON(t, want).(map[string]any)
	for _, member := range []string{"action", "filteringAction", "baRuleAction", "actions"} {
		if diff := cmp.Diff(members[member], body[member]); diff != "" {
			t.Errorf("%s in the body (-want +got):\n%s", member, diff)
		}
	}
}

// What the rule does reaches the field of the API, in creations and updates, and the tenant takes it; what
// is not given stays.
func TestLifeOfThePolicyRules(t *testing.T) {
	for _, p := range policies {
		t.Run(p.tools, func(t *testing.T) {
			w := suite.Open(t, nil)
			create := p.args(map[string]any{"name": "Trial", "action": p.action, "description": "D", "advanced": p.details})
			id := w.Member(t, "zia_create_"+p.tools, create, "id")
			body := w.Last(t, "POST").Body
			holds(t, p.wire, body)
			rest := paritytest.JSON(t, `{"name":"Trial","description":"D","state":"ENABLED","order":1,"rank":7}`).(map[string]any)
			for member, want := range rest {
				if diff := cmp.Diff(want, body.(map[string]any)[member]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", member, diff)
				}
			}
			if got := status(t, w); got != "PENDING" {
				t.Errorf("status %s", got)
			}

			rule := p.args(map[string]any{"rule_id": id})
			w.Must(t, "zia_update_"+p.tools, p.args(map[string]any{"rule_id": id, "enabled": false, "order": 2, "rank": 0}))
			holds(t, p.wire, w.Last(t, "PUT").Body)
			w.Must(t, "zia_update_"+p.tools, p.args(map[string]any{"rule_id": id, "action": p.change}))
			holds(t, p.changed, w.Last(t, "PUT").Body)
			for expression, want := range map[string]string{p.read: p.want, "state": "DISABLED", "order": "2", "rank": "0", "description": "D"} {
				if got := w.First(t, p.list, p.scope, "[?name=='Trial']."+expression); got != want {
					t.Errorf("%s is %s, want %s", expression, got, want)
				}
			}

			text, failed := w.Call(t, "zia_update_"+p.tools, rule)
			if !failed || !strings.Contains(text, "nothing to change") {
				t.Errorf("an update of nothing: %s", text)
			}
			if got := w.Member(t, "zia_get_"+p.tools, rule, "name"); got != "Trial" {
				t.Errorf("name %s", got)
			}
			w.Must(t, "zia_delete_"+p.tools, rule)
			if asked := w.Asked(); len(asked) != 1 || !strings.Contains(asked[0], `"Trial"`) || !strings.Contains(asked[0], id) {
				t.Errorf("asked %q", asked)
			}
			if text, failed := w.Call(t, "zia_get_"+p.tools, rule); !failed || !strings.Contains(text, "404") {
				t.Errorf("after the deletion: %s", text)
			}
		})
	}
}

// An action can be given twice, by its argument and in advanced, only when both agree.
func TestActionsThatContradictAreRefused(t *testing.T) {
	for _, test := range []struct {
		tools    string
		action   string
		advanced any
		refused  bool
	}{
		{"file_type_control_rule", "BLOCK", map[string]any{"filtering_action": "ALLOW"}, true},
		{"file_type_control_rule", "BLOCK", map[string]any{"filtering_action": "BLOCK"}, false},
		{"sandbox_rule", "BLOCK", map[string]any{"ba_rule_action": "ALLOW"}, true},
		{"sandbox_rule", "BLOCK", map[string]any{"ba_rule_action": "BLOCK"}, false},
		{"ssl_inspection_rule", "BLOCK", map[string]any{"action": map[string]any{"type": "DECRYPT"}}, true},
		{"ssl_inspection_rule", "BLOCK", map[string]any{"action": map[string]any{"type": "BLOCK", "show_eun": true}}, false},
		{"cloud_app_control_rule", "BLOCK_WEBMAIL_SEND", map[string]any{"actions": []string{"ALLOW_WEBMAIL_VIEW"}}, true},
		{"cloud_app_control_rule", "BLOCK_WEBMAIL_SEND", map[string]any{"actions": []string{"BLOCK_WEBMAIL_SEND"}}, false},
	} {
		w := suite.Open(t, nil)
		args := map[string]any{"name": "Trial", "action": test.action, "advanced": test.advanced}
		if strings.HasPrefix(test.tools, "cloud_app") {
			args["rule_type"] = "WEBMAIL"
		}
		text, failed := w.Call(t, "zia_create_"+test.tools, args)
		if failed != test.refused || failed && (!strings.Contains(text, "action") || w.Lines() != "") {
			t.Errorf("%s %v: refused is %v: %s", test.tools, test.advanced, failed, text)
		}
	}
}

func TestBoundsOfThePolicyRules(t *testing.T) {
	for _, p := range policies {
		w := suite.Open(t, nil)
		id := w.First(t, p.list, p.scope, "[0].id")
		for _, test := range []struct {
			member  string
			value   any
			refused bool
		}{
			{"order", 0, true}, {"order", 1, false}, {"order", true, true},
			{"rank", -1, true}, {"rank", 0, false}, {"rank", 7, false}, {"rank", 8, true},
		} {
			for tool, args := range map[string]map[string]any{
				"zia_create_" + p.tools: {"name": fmt.Sprint(test.member, test.value), "action": p.action},
				"zia_update_" + p.tools: {"rule_id": id},
			} {
				args[test.member] = test.value
				w.Forget()
				text, failed := w.Call(t, tool, p.args(args))
				if failed != test.refused || failed && (!strings.Contains(text, test.member) || w.Lines() != "") {
					t.Errorf("%s %s=%v: refused is %v: %s", tool, test.member, test.value, failed, text)
				}
			}
		}
	}
}

// The details of an action go with its type: a new type drops those of the former one, and only those.
func TestSSLActionChangesItsType(t *testing.T) {
	const path = api + "/sslInspectionRules/9"
	const decrypting = `{"type":"DECRYPT","showEUN":true,"decryptSubActions":{"http2Enabled":true}}`
	for _, test := range []struct{ have, args, want string }{
		{decrypting, `"action":"DO_NOT_DECRYPT"`, `{"type":"DO_NOT_DECRYPT","showEUN":true}`},
		{decrypting, `"action":"DECRYPT"`, decrypting},
		{decrypting, `"enabled":false`, decrypting},
		{`{"type":"DO_NOT_DECRYPT","doNotDecryptSubActions":{"ocspCheck":true}}`, `"action":"BLOCK"`, `{"type":"BLOCK"}`},
		{`{"type":"BLOCK"}`, `"action":"DECRYPT"`, `{"type":"DECRYPT"}`},
		{decrypting, `"action":"DO_NOT_DECRYPT","advanced":{"action":{"type":"DO_NOT_DECRYPT","do_not_decrypt_sub_actions":{"min_tls_version":"X"}}}`,
			`{"type":"DO_NOT_DECRYPT","doNotDecryptSubActions":{"minTLSVersion":"X"}}`},
		{decrypting, `"action":"BLOCK","advanced":{"action":{"type":"BLOCK","decrypt_sub_actions":{"http2_enabled":false}}}`, // the tenant will tell
			`{"type":"BLOCK","decryptSubActions":{"http2Enabled":false}}`},
		{decrypting, `"advanced":{"action":{"type":"BLOCK","show_eun":false}}`, `{"type":"BLOCK","showEUN":false}`},
	} {
		record := `{"id":9,"name":"n","order":1,"action":` + test.have + `}`
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + path: record, "PUT " + path: record}))
		w.Must(t, "zia_update_ssl_inspection_rule", paritytest.JSON(t, `{"rule_id":"9",`+test.args+`}`))
		body := w.Last(t, "PUT").Body.(map[string]any)
		if diff := cmp.Diff(paritytest.JSON(t, test.want), body["action"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.args, diff)
		}
	}
}

// The services that cannot search are searched here, by name and in any case.
func TestListsSearchedHere(t *testing.T) {
	rows := `[{"id":1,"name":"Block Cards"},{"id":2,"name":"other","description":"block"},{"id":3}]`
	for tool, path := range map[string]string{
		"zia_list_sandbox_rules": "/sandboxRules", "zia_list_web_dlp_rules": "/webDlpRules", "zia_list_web_dlp_rules_lite": "/webDlpRules/lite",
	} {
		for search, want := range map[string]string{"bLOCK": "[1]", "": "[1,2,3]", "none": "[]"} {
			w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + api + path: rows}))
			got := w.Must(t, tool, map[string]any{"search": search, "query": "[].id"})
			if first, _, _ := strings.Cut(got, "\n"); first != want || w.Lines() != "GET "+api+path {
				t.Errorf("%s %q: %s by %s", tool, search, got, w.Lines())
			}
		}
	}
	w := suite.Open(t, nil)
	if got := w.First(t, "zia_list_file_type_control_rules", map[string]any{"search": "archives"}, "[0].name"); got != "Caution on archives" || w.Last(t).Query.Get("search") != "archives" {
		t.Errorf("%s by %s", got, w.Lines())
	}
}

// A search that is done here finds a rule of a later page when every page is asked for, and else tells that there are more.
func TestSearchesOfEveryPage(t *testing.T) {
	page := "[" + strings.TrimSuffix(strings.Repeat(`{"name":"other"},`, 99), ",") + `,{"id":1,"name":"other"}]`
	for tool, path := range map[string]string{"zia_list_sandbox_rules": "/sandboxRules", "get_zia_dlp_engines": "/dlpEngines"} {
		w := suite.Open(t, func(r paritytest.Request) (int, string) {
			if r.Path != api+path || r.Query.Get("page") == "" {
				return 200, page
			}
			return 200, `[{"id":2,"name":"Wanted"}]`
		})
		if got := w.Must(t, tool, map[string]any{"search": "wanted", "all": true}); !strings.Contains(got, "Wanted") {
			t.Errorf("%s: %s", tool, got)
		}
		if got := w.Must(t, tool, map[string]any{"search": "wanted"}); strings.Contains(got, "Wanted") || !strings.Contains(got, "Only the first 100 were searched") {
			t.Errorf("%s of the first page: %s", tool, got)
		}
	}
}

// Records come through whole, with what no model knows.
func TestFileTypesComeThrough(t *testing.T) {
	const rows = `[{"id":10,"name":"FTCATEGORY_ZIP","parent":"Archive"}]`
	for _, test := range []struct{ args, query string }{
		{`{}`, ""}, {`{"enums":false}`, ""}, {`{"enums":true}`, "?enums=FILETYPECATEGORYFORFILETYPECONTROL"},
		{`{"enums":"ZSCALERDLP"}`, "?enums=ZSCALERDLP"}, {`{"enums":["ZSCALERDLP","EXTERNALDLP"]}`, "?enums=ZSCALERDLP&enums=EXTERNALDLP"},
		{`{"exclude_custom_file_types":true}`, "?excludeCustomFileTypes=true"},
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + api + "/fileTypeCategories": rows}))
		if got := w.Must(t, "zia_list_file_type_categories", paritytest.JSON(t, test.args)); !strings.Contains(got, "parent") || !strings.Contains(got, "Archive") {
			t.Errorf("%s: %s", test.args, got)
		}
		if got := w.Lines(); got != "GET "+api+"/fileTypeCategories"+test.query {
			t.Errorf("%s: %s", test.args, got)
		}
	}
	w := suite.Open(t, nil)
	if text, failed := w.Call(t, "zia_list_file_type_categories", map[string]any{"enums": 7}); !failed || !strings.Contains(text, "enums") || w.Lines() != "" {
		t.Errorf("a number: %s", text)
	}
	all := w.Must(t, "zia_list_file_type_categories", nil)
	some := w.Must(t, "zia_list_file_type_categories", map[string]any{"enums": true})
	if !strings.Contains(all, "ACME drawing") || strings.Contains(some, "ACME drawing") {
		t.Errorf("all: %s\nof file type control: %s", all, some)
	}
}
