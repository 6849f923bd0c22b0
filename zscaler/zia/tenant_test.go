package zia_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// status returns PENDING while there are changes that have not been activated.
func status(t *testing.T, w *paritytest.World) string {
	t.Helper()
	return w.Member(t, "zia_get_activation_status", nil, "status")
}

func TestLifeOfALabel(t *testing.T) {
	w := suite.Open(t, nil)
	id := w.Member(t, "zia_create_rule_label", map[string]any{"name": "Audit", "description": "For the auditors"}, "id")
	if got := status(t, w); got != "PENDING" {
		t.Errorf("status after a change is %s", got)
	}
	w.Must(t, "zia_update_rule_label", map[string]any{"label_id": id, "name": "Audit 2026"})
	if got := w.First(t, "zia_list_rule_labels", map[string]any{"search": "audit 2026"}, "[].description"); got != "For the auditors" {
		t.Errorf("the description became %q", got)
	}
	w.Must(t, "zia_get_rule_label", map[string]any{"label_id": id})
	w.Must(t, "zia_activate_configuration", nil)
	if got := status(t, w); got != "ACTIVE" {
		t.Errorf("status after activation is %s", got)
	}
	w.Must(t, "zia_delete_rule_label", map[string]any{"label_id": id})
	if text, failed := w.Call(t, "zia_get_rule_label", map[string]any{"label_id": id}); !failed {
		t.Errorf("the label is still there: %s", text)
	}
}

func TestLifeOfACategory(t *testing.T) {
	w := suite.Open(t, nil)
	id := w.Member(t, "zia_create_url_category", map[string]any{
		"configured_name": "Suppliers", "super_category": "USER_DEFINED", "urls": []string{".one.example.com"}, "description": "D",
		"advanced": map[string]any{"db_categorized_urls": []string{"news.one.example.net"}},
	}, "id")
	w.Must(t, "zia_add_urls_to_category", map[string]any{"category_id": id, "configured_name": "Suppliers", "urls": []string{"two.example.com"}})
	w.Must(t, "zia_remove_urls_from_category", map[string]any{"category_id": id, "configured_name": "Suppliers", "urls": []string{".one.example.com"}})
	w.Must(t, "zia_update_url_category", map[string]any{"category_id": id, "configured_name": "Vendors", "keywords": []string{"vendor"}})
	for expression, want := range map[string]string{
		"[].urls[]": "two.example.com", "[].description": "D", "[].keywords[]": "vendor",
		"[].dbCategorizedUrls[]": "news.one.example.net", "[].configuredName": "Vendors", "[]._url_match.matched[].entry": "two.example.com",
	} {
		args := map[string]any{"custom_only": true, "type": "URL_CATEGORY", "search": "vend", "contains_url": "http://www.two.example.com/"}
		if got := w.First(t, "zia_list_url_categories", args, expression); got != want {
			t.Errorf("%s is %s, want %s", expression, got, want)
		}
	}
	if got := w.First(t, "zia_url_lookup", map[string]any{"urls": []string{"www.two.example.com"}}, "[].urlClassifications[]"); got != id {
		t.Errorf("the URL is classified as %s, want %s", got, id)
	}
	w.Must(t, "zia_delete_url_category", map[string]any{"category_id": id})
	w.Must(t, "zia_get_url_category_predefined", map[string]any{"name": "gambling"})
	w.Must(t, "zia_update_url_category_predefined", map[string]any{"name": "gambling", "urls": []string{"casino.example.com"}})
	if got := w.First(t, "zia_list_url_categories", map[string]any{"contains_url": "casino.example.com"}, "[].dbCategorizedUrls[]"); got != "bets.example.net" {
		t.Errorf("the predefined category lost its own list: %s", got)
	}
}

func TestLifeOfARule(t *testing.T) {
	w := suite.Open(t, nil)
	label := w.First(t, "zia_list_rule_labels", nil, "[0].id")
	id := w.Member(t, "zia_create_url_filtering_rule", map[string]any{
		"name": "Block bets", "action": "BLOCK", "advanced": map[string]any{"url_categories": []string{"GAMBLING"}, "labels": []string{label}},
	}, "id")
	w.Must(t, "zia_update_url_filtering_rule", map[string]any{"rule_id": id, "enabled": false, "order": 2})
	for expression, want := range map[string]string{
		"[].urlCategories[]": "GAMBLING", "[].labels[].id": label, "[].state": "DISABLED", "[].order": "2", "[].rank": "7",
	} {
		if got := w.First(t, "zia_list_url_filtering_rules", map[string]any{"search": "bets"}, expression); got != want {
			t.Errorf("%s is %s, want %s", expression, got, want)
		}
	}
	w.Must(t, "zia_get_url_filtering_rule", map[string]any{"rule_id": id})
	w.Must(t, "zia_delete_url_filtering_rule", map[string]any{"rule_id": id})
}
