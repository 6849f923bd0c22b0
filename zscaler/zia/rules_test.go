package zia_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const (
	labelPath = "/zia/api/v1/ruleLabels/7"
	label     = `{"id":7,"name":"Finance","description":"Money","lastModifiedTime":1700000000,"lastModifiedBy":{"id":1,"name":"Ann"},"createdBy":{"id":1,"name":"Ann"},"future":{"n":9007199254740993}}`

	rulePath = "/zia/api/v1/urlFilteringRules/9"
	rule     = `{"id":9,"name":"Block games","order":4,"rank":7,"state":"ENABLED","action":"BLOCK","description":"Old",` +
		`"protocols":["HTTPS_RULE"],"urlCategories":["GAMES","CUSTOM_01"],"labels":[{"id":7,"name":"Finance"}],` +
		`"lastModifiedTime":1700000000,"accessControl":"READ_WRITE","future":{"n":9007199254740993}}`
)

// An update reads the object and sends it back whole, less what the server owns.
func TestUpdateKeepsWhatIsNotGiven(t *testing.T) {
	for _, test := range []struct {
		name, tool string
		args       map[string]any
		path, have string
		want       string
	}{
		{
			"label described", "zia_update_rule_label", map[string]any{"label_id": "7", "description": ""}, labelPath, label,
			`{"id":7,"name":"Finance","description":"","future":{"n":9007199254740993}}`,
		},
		{
			"label with an empty name keeps its name", "zia_update_rule_label", map[string]any{"label_id": "7", "name": "", "description": "New"}, labelPath, label,
			`{"id":7,"name":"Finance","description":"New","future":{"n":9007199254740993}}`,
		},
		{
			"rule switched off", "zia_update_url_filtering_rule", map[string]any{"rule_id": "9", "enabled": false}, rulePath, rule,
			`{"id":9,"name":"Block games","order":4,"rank":7,"state":"DISABLED","action":"BLOCK","description":"Old",
			"protocols":["HTTPS_RULE"],"urlCategories":["GAMES","CUSTOM_01"],"labels":[{"id":7}],"future":{"n":9007199254740993}}`,
		},
		{
			"rule with advanced settings", "zia_update_url_filtering_rule",
			map[string]any{"rule_id": "9", "rank": 0, "advanced": map[string]any{
				"url_categories": `["NEWS_AND_MEDIA"]`, "labels": []any{"8", 9}, "device_trust_levels": nil, "block_override": true,
			}}, rulePath, rule,
			`{"id":9,"name":"Block games","order":4,"rank":0,"state":"ENABLED","action":"BLOCK","description":"Old","blockOverride":true,
			"protocols":["HTTPS_RULE"],"urlCategories":["NEWS_AND_MEDIA"],"labels":[{"id":8},{"id":9}],"future":{"n":9007199254740993}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + test.path: test.have, "PUT " + test.path: test.have}))
			if text, failed := w.Call(t, test.tool, test.args); failed {
				t.Fatal(text)
			}
			if got, want := w.Lines(), "GET "+test.path+"\nPUT "+test.path; got != want {
				t.Fatalf("requests:\n%s\nwant:\n%s", got, want)
			}
			if diff := cmp.Diff(paritytest.JSON(t, test.want), w.Last(t).Body); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdateOfNothingIsRefused(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{
		"GET " + labelPath: label, "PUT " + labelPath: label, "GET " + rulePath: rule, "PUT " + rulePath: rule,
	}))
	for _, test := range []struct {
		tool    string
		args    map[string]any
		refused bool
	}{
		{"zia_update_rule_label", map[string]any{"label_id": "7"}, true},
		{"zia_update_rule_label", map[string]any{"label_id": "7", "name": ""}, true},
		{"zia_update_rule_label", map[string]any{"label_id": "7", "name": "Legal"}, false},
		{"zia_update_url_filtering_rule", map[string]any{"rule_id": "9"}, true},
		{"zia_update_url_filtering_rule", map[string]any{"rule_id": "9", "name": "Games"}, false},
	} {
		text, failed := w.Call(t, test.tool, test.args)
		if failed != test.refused || failed && !strings.Contains(text, "nothing to change") {
			t.Errorf("%s %v: refused is %v: %s", test.tool, test.args, failed, text)
		}
		if test.refused && strings.Contains(w.Lines(), "PUT") {
			t.Errorf("%s %v: written all the same:\n%s", test.tool, test.args, w.Lines())
		}
		w.Forget()
	}
}

func TestUpdateWithoutTheObjectWritesNothing(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"PUT " + labelPath: label}))
	if text, failed := w.Call(t, "zia_update_rule_label", map[string]any{"label_id": "7", "name": "Legal"}); !failed {
		t.Errorf("not refused: %s", text)
	}
	if strings.Contains(w.Lines(), "PUT") {
		t.Errorf("written all the same:\n%s", w.Lines())
	}
}

// Ids in advanced become references, but for url_categories, which stay names.
func TestCreateRuleWithAdvanced(t *testing.T) {
	args := map[string]any{"name": "Block games", "action": "BLOCK", "advanced": map[string]any{
		"url_categories": []any{"GAMES"}, "locations": `["11", 12]`, "protocols": `["HTTPS_RULE"]`,
		"time_windows": []any{map[string]any{"id": 3}}, "description": "From advanced", "cbi_profile": nil,
	}}
	w := suite.Open(t, paritytest.Paths(map[string]string{"POST /zia/api/v1/urlFilteringRules": rule}))
	text, failed := w.Call(t, "zia_create_url_filtering_rule", args)
	if failed || text != rule {
		t.Errorf("answer %q (error %v), want the record as sent", text, failed)
	}
	want := `{"name":"Block games","action":"BLOCK","state":"ENABLED","order":1,"rank":7,"urlCategories":["GAMES"],
		"locations":[{"id":11},{"id":12}],"protocols":["HTTPS_RULE"],"timeWindows":[{"id":3}],"description":"From advanced"}`
	if diff := cmp.Diff(paritytest.JSON(t, want), w.Last(t).Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestBoundsOfRules(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"POST /zia/api/v1/urlFilteringRules": rule, "GET " + rulePath: rule, "PUT " + rulePath: rule}))
	for _, test := range []struct {
		member  string
		value   any
		refused bool
	}{
		{"order", 0, true}, {"order", 1, false}, {"order", true, true},
		{"rank", -1, true}, {"rank", 0, false}, {"rank", 7, false}, {"rank", 8, true}, {"rank", false, true},
	} {
		for tool, args := range map[string]map[string]any{
			"zia_create_url_filtering_rule": {"name": "x", "action": "ALLOW"},
			"zia_update_url_filtering_rule": {"rule_id": "9"},
		} {
			args[test.member] = test.value
			text, failed := w.Call(t, tool, args)
			if failed != test.refused || failed && !strings.Contains(text, test.member) {
				t.Errorf("%s %s=%v: refused is %v: %s", tool, test.member, test.value, failed, text)
			}
		}
	}
}

// An id stays one segment of the path: it cannot lead to another object.
func TestIDsCannotLeaveTheirPlace(t *testing.T) {
	w := suite.Open(t, nil)
	for _, id := range []string{"", ".", "..", "../urlFilteringRules/9", "7/8", `..\9`, "%2e%2e"} {
		if _, failed := w.Call(t, "zia_get_rule_label", map[string]any{"label_id": id}); !failed {
			t.Errorf("%q: get was not refused", id)
		}
		if _, failed := w.Call(t, "zia_delete_rule_label", map[string]any{"label_id": id}); !failed {
			t.Errorf("%q: delete was not refused", id)
		}
	}
	if got := w.Tenant.Requests(); len(got) > 0 {
		t.Errorf("%d requests were made all the same", len(got))
	}
	if _, failed := w.Call(t, "zia_get_rule_label", map[string]any{"label_id": "a b"}); !failed || len(w.Tenant.Requests()) != 1 || w.Tenant.Requests()[0].Path != "/zia/api/v1/ruleLabels/a%20b" {
		t.Errorf("an id with a space is not asked for, escaped: %v", w.Tenant.Requests())
	}
}
