package zpa_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// TestRulesOfOtherPolicies: the tools of one kind of policy neither show nor change nor delete a rule of another, nor is anybody asked.
func TestRulesOfOtherPolicies(t *testing.T) {
	for set, own := range map[string]bool{"288341529047105001": true, "288341529047105002": false} {
		answer := func(r paritytest.Request) (int, string) {
			switch {
			case strings.Contains(r.Path, "/policyType/"):
				return 200, `{"id":"288341529047105001"}`
			case r.Method == "GET":
				return 200, `{"id":"7","name":"n","policySetId":"` + set + `"}`
			}
			return 204, ""
		}
		for tool, in := range map[string]string{
			"zpa_get_access_policy_rule": "", "zpa_update_access_policy_rule": `,"name":"new"`, "zpa_delete_access_policy_rule": "",
		} {
			b := newBench(t, answer)
			_, failure := b.call(t, tool, `{"rule_id":"7"`+in+`}`)
			if (failure == "") != own || !own && !strings.Contains(failure, "not of this kind of policy") {
				t.Errorf("%s of set %s: %q", tool, set, failure)
			}
			if !own && (len(b.Asked()) > 0 || strings.Contains(b.Lines(), "PUT") || strings.Contains(b.Lines(), "DELETE")) {
				t.Errorf("%s: asked %q; requests:\n%s", tool, b.Asked(), b.Lines())
			}
		}
	}
}
