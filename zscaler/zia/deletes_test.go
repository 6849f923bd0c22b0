package zia_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// The human is shown what is about to go by its name; what is not there is not asked about.
func TestDeletesNameTheObject(t *testing.T) {
	for name, test := range map[string]struct{ argument, present, read, kind string }{
		"zia_delete_rule_label":         {"label_id", "zia_list_rule_labels", "zia_get_rule_label", "rule label"},
		"zia_delete_url_filtering_rule": {"rule_id", "zia_list_url_filtering_rules", "zia_get_url_filtering_rule", "url filtering rule"},
	} {
		w := suite.Open(t, nil)
		id := w.First(t, test.present, nil, "[0].id")
		called := w.Member(t, test.read, map[string]any{test.argument: id}, "name")
		w.Forget()
		text, failed := w.Call(t, name, map[string]any{test.argument: "99999999"})
		if !failed || !strings.Contains(text, "status 404") || !strings.Contains(text, "nobody was asked") || len(w.Asked()) > 0 || strings.Contains(w.Lines(), "DELETE") {
			t.Errorf("%s of nothing: %s; asked %q; requests:\n%s", name, text, w.Asked(), w.Lines())
		}
		w.Must(t, name, map[string]any{test.argument: id})
		want := []string{"Confirm this deletion: delete " + test.kind + ` "` + called + `" (` + test.argument + " " + id + ")"}
		if diff := cmp.Diff(want, w.Asked()); diff != "" {
			t.Errorf("%s: asked (-want +got):\n%s", name, diff)
		}
	}
}

// A category's URLs can be changed without repeating its name; a change of nothing is refused.
func TestUpdateCategoryWithoutItsName(t *testing.T) {
	w := suite.Open(t, tenantCategories())
	for _, nothing := range []string{`{"category_id":"CUSTOM_01"}`, `{"category_id":"CUSTOM_01","configured_name":""}`, `{"category_id":"CUSTOM_01","urls":null}`} {
		text, failed := w.Call(t, "zia_update_url_category", paritytest.JSON(t, nothing))
		if !failed || !strings.Contains(text, "nothing to change") || strings.Contains(w.Lines(), "PUT") {
			t.Errorf("%s: %s; requests:\n%s", nothing, text, w.Lines())
		}
	}
	for change, want := range map[string]string{
		`"urls":["a.example.com"]`:                        `"configuredName":"Partners","urls":["a.example.com"]`,
		`"urls":[],"configured_name":""`:                  `"configuredName":"Partners","urls":[]`,
		`"configured_name":"Friends","urls":["b"]`:        `"configuredName":"Friends","urls":["b"]`,
		`"description":"","urls":["partner.example.com"]`: `"configuredName":"Partners","urls":["partner.example.com"]`,
	} {
		w.Must(t, "zia_update_url_category", paritytest.JSON(t, `{"category_id":"CUSTOM_01",`+change+`}`))
		body := w.Last(t, "PUT").Body.(map[string]any)
		got := map[string]any{"configuredName": body["configuredName"], "urls": body["urls"]}
		if diff := cmp.Diff(paritytest.JSON(t, "{"+want+"}"), any(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", change, diff)
		}
	}
}
