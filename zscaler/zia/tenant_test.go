package zia_test

import (
	"fmt"
	"testing"
)

// first returns the value that a JMESPath expression takes out of a list, as text.
func (w *world) first(t *testing.T, name string, args map[string]any, expression string) string {
	t.Helper()
	withQuery := map[string]any{"query": expression}
	for name, value := range args {
		withQuery[name] = value
	}
	text, failed := w.call(t, name, withQuery)
	if failed {
		t.Fatalf("%s: %s", name, text)
	}
	var values []any
	decode(t, []byte(text), &values)
	if len(values) == 0 {
		t.Fatalf("%s: %s found nothing", name, expression)
	}
	return fmt.Sprint(values[0])
}

func (w *world) status(t *testing.T) string {
	t.Helper()
	text, failed := w.call(t, "zia_get_activation_status", nil)
	if failed {
		t.Fatal(text)
	}
	var answer struct{ Status string }
	decode(t, []byte(text), &answer)
	return answer.Status
}

// id returns the id in the record that a call answers.
func (w *world) id(t *testing.T, name string, args map[string]any) string {
	t.Helper()
	text, failed := w.call(t, name, args)
	if failed {
		t.Fatalf("%s: %s", name, text)
	}
	var record struct{ ID any }
	decode(t, []byte(text), &record)
	return fmt.Sprint(record.ID)
}

func (w *world) do(t *testing.T, name string, args map[string]any) {
	t.Helper()
	if text, failed := w.call(t, name, args); failed {
		t.Errorf("%s %v: %s", name, args, text)
	}
}

func TestLifeOfALabel(t *testing.T) {
	w := open(t, nil)
	id := w.id(t, "zia_create_rule_label", map[string]any{"name": "Audit", "description": "For the auditors"})
	if got := w.status(t); got != "PENDING" {
		t.Errorf("status after a change is %s", got)
	}
	w.do(t, "zia_update_rule_label", map[string]any{"label_id": id, "name": "Audit 2026"})
	if got := w.first(t, "zia_list_rule_labels", map[string]any{"search": "audit 2026"}, "[].description"); got != "For the auditors" {
		t.Errorf("the description became %q", got)
	}
	w.do(t, "zia_get_rule_label", map[string]any{"label_id": id})
	w.do(t, "zia_activate_configuration", nil)
	if got := w.status(t); got != "ACTIVE" {
		t.Errorf("status after activation is %s", got)
	}
	if _, err := w.remove(t, "zia_delete_rule_label", map[string]any{"label_id": id}); err != nil {
		t.Error(err)
	}
	if text, failed := w.call(t, "zia_get_rule_label", map[string]any{"label_id": id}); !failed {
		t.Errorf("the label is still there: %s", text)
	}
}

func TestLifeOfACategory(t *testing.T) {
	w := open(t, nil)
	id := w.id(t, "zia_create_url_category", map[string]any{
		"configured_name": "Suppliers", "super_category": "USER_DEFINED", "urls": []string{".one.example.com"}, "description": "D",
		"advanced": map[string]any{"db_categorized_urls": []string{"news.one.example.net"}},
	})
	w.do(t, "zia_add_urls_to_category", map[string]any{"category_id": id, "configured_name": "Suppliers", "urls": []string{"two.example.com"}})
	w.do(t, "zia_remove_urls_from_category", map[string]any{"category_id": id, "configured_name": "Suppliers", "urls": []string{".one.example.com"}})
	w.do(t, "zia_update_url_category", map[string]any{"category_id": id, "configured_name": "Vendors", "keywords": []string{"vendor"}})
	for expression, want := range map[string]string{
		"[].urls[]": "two.example.com", "[].description": "D", "[].keywords[]": "vendor",
		"[].dbCategorizedUrls[]": "news.one.example.net", "[].configuredName": "Vendors", "[]._url_match.matched[].entry": "two.example.com",
	} {
		args := map[string]any{"custom_only": true, "type": "URL_CATEGORY", "search": "vend", "contains_url": "http://www.two.example.com/"}
		if got := w.first(t, "zia_list_url_categories", args, expression); got != want {
			t.Errorf("%s is %s, want %s", expression, got, want)
		}
	}
	if got := w.first(t, "zia_url_lookup", map[string]any{"urls": []string{"www.two.example.com"}}, "[].urlClassifications[]"); got != id {
		t.Errorf("the URL is classified as %s, want %s", got, id)
	}
	if _, err := w.remove(t, "zia_delete_url_category", map[string]any{"category_id": id}); err != nil {
		t.Error(err)
	}
	w.do(t, "zia_get_url_category_predefined", map[string]any{"name": "gambling"})
	w.do(t, "zia_update_url_category_predefined", map[string]any{"name": "gambling", "urls": []string{"casino.example.com"}})
	if got := w.first(t, "zia_list_url_categories", map[string]any{"contains_url": "casino.example.com"}, "[].dbCategorizedUrls[]"); got != "bets.example.net" {
		t.Errorf("the predefined category lost its own list: %s", got)
	}
}

func TestLifeOfARule(t *testing.T) {
	w := open(t, nil)
	label := w.first(t, "zia_list_rule_labels", nil, "[0].id")
	id := w.id(t, "zia_create_url_filtering_rule", map[string]any{
		"name": "Block bets", "action": "BLOCK", "advanced": map[string]any{"url_categories": []string{"GAMBLING"}, "labels": []string{label}},
	})
	w.do(t, "zia_update_url_filtering_rule", map[string]any{"rule_id": id, "enabled": false, "order": 2})
	for expression, want := range map[string]string{
		"[].urlCategories[]": "GAMBLING", "[].labels[].id": label, "[].state": "DISABLED", "[].order": "2", "[].rank": "7",
	} {
		if got := w.first(t, "zia_list_url_filtering_rules", map[string]any{"search": "bets"}, expression); got != want {
			t.Errorf("%s is %s, want %s", expression, got, want)
		}
	}
	w.do(t, "zia_get_url_filtering_rule", map[string]any{"rule_id": id})
	if _, err := w.remove(t, "zia_delete_url_filtering_rule", map[string]any{"rule_id": id}); err != nil {
		t.Error(err)
	}
}
