package zia_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// The names of the actions come through, which are texts and no objects.
func TestCloudAppActionsAreNamed(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct{ args, body string }{
		{`{"rule_type":"AI_ML"}`, `{"cloudApps":[]}`}, {`{"rule_type":"AI_ML","cloud_apps":[]}`, `{"cloudApps":[]}`},
		{`{"rule_type":"AI_ML","cloud_apps":["CHATGPT_AI"]}`, `{"cloudApps":["CHATGPT_AI"]}`},
	} {
		got := w.Must(t, "zia_list_cloud_app_control_actions", paritytest.JSON(t, test.args))
		if want := `["ALLOW_AI_ML_WEB_USE","CAUTION_AI_ML_WEB_USE","DENY_AI_ML_WEB_USE","ISOLATE_AI_ML_WEB_USE"]`; got != want {
			t.Errorf("%s: %s, want %s", test.args, got, want)
		}
		if diff := cmp.Diff(paritytest.JSON(t, test.body), w.Last(t, "POST").Body); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.args, diff)
		}
	}
	if got := w.First(t, "zia_list_cloud_app_control_actions", map[string]any{"rule_type": "WEBMAIL"}, "[?contains(@,'ATTACHMENT')]"); got != "ALLOW_WEBMAIL_ATTACHMENT_SEND" {
		t.Errorf("queried: %s", got)
	}
	if status(t, w) != "ACTIVE" {
		t.Error("a look-up has changed something")
	}
}

// A rule type and an id stay one segment each.
func TestCloudAppRulesStayInTheirPlace(t *testing.T) {
	w := suite.Open(t, nil)
	for _, args := range []map[string]any{
		{"rule_type": "../sslInspectionRules", "rule_id": "2403201"}, {"rule_type": "WEBMAIL", "rule_id": "../FILE_SHARE/2403703"},
		{"rule_type": "", "rule_id": "1"}, {"rule_type": "WEBMAIL", "rule_id": ""},
	} {
		if text, failed := w.Call(t, "zia_get_cloud_app_control_rule", args); !failed || w.Lines() != "" {
			t.Errorf("%v: %s", args, text)
		}
	}
	w.Must(t, "zia_get_cloud_app_control_rule", map[string]any{"rule_type": "WEBMAIL", "rule_id": "2403701"})
	if text, failed := w.Call(t, "zia_get_cloud_app_control_rule", map[string]any{"rule_type": "FILE_SHARE", "rule_id": "2403701"}); !failed {
		t.Errorf("a rule of another type: %s", text)
	}
}

// The applications are rows of their own, or one row for each category.
func TestCloudAppsAndTheirCategories(t *testing.T) {
	for tool, path := range map[string]string{"zia_list_cloud_app_policy": "/cloudApplications/policy", "zia_list_cloud_app_ssl_policy": "/cloudApplications/sslPolicy"} {
		w := suite.Open(t, nil)
		if got := w.First(t, tool, map[string]any{"search": "drive", "app_class": "FILE_SHARE", "page": 1, "page_size": 10}, "[1].app"); got != "GDRIVE" {
			t.Errorf("%s found %s", tool, got)
		}
		if got, want := w.Lines(), "GET "+api+path+"?appClass=FILE_SHARE&page=1&pageSize=10&search=drive"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got := w.First(t, tool, map[string]any{"group_results": true}, "[?category=='FILE_SHARE'].applications"); got != "3" || w.Last(t).Query.Get("groupResults") != "true" {
			t.Errorf("%s: FILE_SHARE has %s applications; %s", tool, got, w.Last(t))
		}
		if got := w.Must(t, tool, map[string]any{"page_size": 2}); !strings.Contains(got, "page=2") {
			t.Errorf("%s does not tell that there is more: %s", tool, got)
		}
	}
}
