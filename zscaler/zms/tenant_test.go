package zms_test

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

// The simulated tenant parses the documents, and knows the schema: every query is a valid one, and
// brings what it is for.
func TestEveryToolWorksWithATenant(t *testing.T) {
	w := open(t, nil)
	group := w.first(t, "zms_list_resource_groups", nil, "[0].id")
	namespace := w.first(t, "zms_list_tag_namespaces", nil, "[0].id")
	key := w.first(t, "zms_list_tag_keys", map[string]any{"namespace_id": namespace}, "[0].id")
	args := map[string]map[string]any{
		"zms_get_agent_group_totp_secrets": {"eyez_id": w.first(t, "zms_list_agent_groups", nil, "[0].eyezId")},
		"zms_get_nonce":                    {"eyez_id": w.first(t, "zms_list_nonces", nil, "[0].eyezId")},
		"zms_get_resource_group_members":   {"group_id": group},
		"zms_list_tag_keys":                {"namespace_id": namespace, "sort_order": "desc"},
		"zms_list_tag_values":              {"tag_id": key, "namespace_origin": "CUSTOM"},
		"zms_list_agents":                  {"page": 2, "page_size": 5, "search": "web", "sort": "name", "sort_dir": "desc", "query": "@"},
		"zms_list_resources":               {"name": "web", "status": "ACTIVE", "resource_type": "VM", "sort_order": "ASC"},
		"zms_list_policy_rules":            {"fetch_all": true, "name": "web", "action": "ALLOW"},
		"zms_list_app_catalog":             {"name": "postgres", "category": "data", "sort_by": "modified_time", "sort_order": "desc"},
		"zms_list_app_zones":               {"name": "prod", "sort_order": "asc"},
	}
	for name, spec := range specs() {
		text, failed := w.call(t, name, args[name])
		if failed {
			t.Errorf("%s: %s", name, text)
		}
		if spec.List && name != "zms_list_agents" && text == "[]" {
			t.Errorf("%s: no rows", name)
		}
	}
}

func TestPagesOfATenant(t *testing.T) {
	w := open(t, nil)
	one := w.first(t, "zms_list_resources", map[string]any{"page_num": 1, "page_size": 1, "sort_order": "ASC"}, "[0].id")
	two := w.first(t, "zms_list_resources", map[string]any{"page_num": 2, "page_size": 1, "sort_order": "ASC"}, "[0].id")
	if one == two {
		t.Errorf("both pages begin with %s", one)
	}
}
