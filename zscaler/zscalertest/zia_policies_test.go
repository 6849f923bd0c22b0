package zscalertest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// Every family of rules wants what the rule does in its own field, and no other.
func TestPolicyRulesChecks(t *testing.T) {
	c := start(t, zscalertest.Options{})
	const base = "/zia/api/v1/"
	for _, test := range []struct {
		path, good string
		bad        []string
	}{
		{"fileTypeRules", `"filteringAction":"BLOCK","fileTypes":["FTCATEGORY_ZIP"]`, []string{
			`"action":"BLOCK"`, `"filteringAction":"DENY"`, `"filteringAction":"BLOCK","action":"BLOCK"`, `"filteringAction":"BLOCK","fileTypes":["ZIP"]`,
			`"filteringAction":"BLOCK","fileTypes":"FTCATEGORY_ZIP"`, `"filteringAction":"BLOCK","operation":"COPY"`, `"filteringAction":"BLOCK","rank":8`,
		}},
		{"sandboxRules", `"baRuleAction":"BLOCK","urlCategories":["FILE_HOST"]`, []string{
			`"action":"BLOCK"`, `"baRuleAction":"CAUTION"`, `"baRuleAction":"BLOCK","firstTimeOperation":"WAIT"`, `"baRuleAction":"BLOCK","urlCategories":["NONE"]`,
		}},
		{"sslInspectionRules", `"action":{"type":"DECRYPT","decryptSubActions":{}}`, []string{
			`"action":"DECRYPT"`, `"action":{"type":"ALLOW"}`, `"action":{"type":"BLOCK","decryptSubActions":{}}`, `"action":{"type":"DECRYPT","doNotDecryptSubActions":{}}`, ``,
		}},
		{"webDlpRules", `"action":"BLOCK","dlpEngines":[{"id":61}],"urlCategories":[{"id":"FILE_HOST"}]`, []string{
			`"action":"DENY"`, `"dlpEngines":[{"id":9999}]`, `"dlpEngines":[61]`, `"severity":"HIGH"`, `"urlCategories":[{"id":"NONE"}]`,
		}},
		{"webApplicationRules/WEBMAIL", `"actions":["BLOCK_WEBMAIL_SEND"],"type":"WEBMAIL"`, []string{
			`"action":"BLOCK_WEBMAIL_SEND"`, `"actions":[]`, `"actions":["DENY_FILE_SHARE_UPLOAD"]`, `"actions":["BLOCK_WEBMAIL_SEND"],"applications":["PIGEON"]`,
			`"actions":["BLOCK_WEBMAIL_SEND"],"type":"FILE_SHARE"`,
		}},
	} {
		for _, bad := range test.bad {
			c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", base+test.path, strings.TrimSuffix(`{"name":"N","order":1,`+bad, ",")+"}")
		}
		long := strings.Repeat("n", 32)
		c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", base+test.path, `{"name":"`+long+`","order":1,`+test.good+`}`)
		made := c.want(200, "POST", base+test.path, `{"name":"`+long[1:]+`","order":1,`+test.good+`}`).object()
		rows := c.want(200, "GET", base+test.path, "").list()
		if first := rows[0].(object); text(first["id"]) != text(made["id"]) || text(rows[1].(object)["order"]) != "2" {
			t.Errorf("%s: the new rule is not the first: %v", test.path, names(rows, "order"))
		}
		c.want(204, "DELETE", base+test.path+"/"+text(made["id"]), "")
	}
}

// A PUT of settings resets those that it does not name.
func TestThreatSettingsAreReplaced(t *testing.T) {
	c := start(t, zscalertest.Options{})
	const base = "/zia/api/v1/cyberThreatProtection/"
	c.want(204, "PUT", base+"malwareSettings", `{"virusBlocked":true}`)
	if got := c.want(200, "GET", base+"malwareSettings", "").object(); got["virusBlocked"] != true || got["trojanBlocked"] != false {
		t.Errorf("settings %v", got)
	}
	got := c.want(200, "PUT", base+"advancedThreatSettings", `{"riskTolerance":7}`).object()
	if text(got["riskTolerance"]) != "7" || got["torBlocked"] != false || len(got["blockedCountries"].([]any)) != 0 {
		t.Errorf("settings %v", got)
	}
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", base+"malwareSettings", `{"virus_blocked":true}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", base+"malwareSettings", `{"virusBlocked":"yes"}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", base+"securityExceptions", `{"bypassUrls":"a"}`)
	for _, bad := range []string{`{"maliciousUrls":[]}`, `{"maliciousUrls":["https://a.example.com"]}`, `{"maliciousUrls":"a.example.com"}`} {
		c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", base+"maliciousUrls?action=ADD_TO_LIST", bad)
	}
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", base+"maliciousUrls", `{"maliciousUrls":["a.example.com"]}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", base+"maliciousUrls?action=REMOVE_FROM_LIST", `{"maliciousUrls":["a.example.com"]}`)
	c.want(204, "PUT", base+"maliciousUrls?action=ADD_TO_LIST", `{"maliciousUrls":["a.example.com"]}`)
	c.want(204, "PUT", base+"maliciousUrls?action=REMOVE_FROM_LIST", `{"maliciousUrls":["a.example.com","b.example.com"]}`)
}

func TestCatalogueOfPolicies(t *testing.T) {
	c := start(t, zscalertest.Options{Empty: true})
	const base = "/zia/api/v1/"
	for path, want := range map[string]int{
		"dlpEngines": 3, "dlpDictionaries/lite": 5, "webDlpRules": 0, "cloudApplications/policy": 14, "cloudApplications/sslPolicy?pageSize=5&page=3": 4,
		"cloudApplications/policy?appClass=webmail": 2, "fileTypeCategories": 12, "fileTypeCategories?excludeCustomFileTypes=true": 11,
		"fileTypeCategories?enums=ZSCALERDLP": 7, "fileTypeCategories?enums=ZSCALERDLP&enums=EXTERNALDLP": 9, "webApplicationRules/LEGAL": 0,
	} {
		if got := len(c.want(200, "GET", base+path, "").list()); got != want {
			t.Errorf("%s: %d rows, want %d", path, got, want)
		}
	}
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "GET", base+"fileTypeCategories?enums=true", "")
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "GET", base+"sandbox/report/7c5e", "")
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "GET", base+"sandbox/report/"+strings.Repeat("0", 32)+"?details=all", "")
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", base+"webApplicationRules/LEGAL/availableActions", `{}`)
	actions := c.want(200, "POST", base+"webApplicationRules/LEGAL/availableActions", `{"cloudApps":[]}`).value
	if diff := cmp.Diff([]any{"ALLOW_LEGAL_APPS", "BLOCK_LEGAL_APPS", "CAUTION_LEGAL_APPS", "ISOLATE_LEGAL_APPS"}, actions); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
}
