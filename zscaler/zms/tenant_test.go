package zms_test

import "testing"

// The simulated tenant parses the documents, and knows the schema: every query is a valid one, and
// brings what it is for.
func TestEveryToolWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	group := w.First(t, "zms_list_resource_groups", nil, "[0].id")
	namespace := w.First(t, "zms_list_tag_namespaces", nil, "[0].id")
	key := w.First(t, "zms_list_tag_keys", map[string]any{"namespace_id": namespace}, "[0].id")
	args := map[string]map[string]any{
		"zms_get_agent_group_totp_secrets": {"eyez_id": w.First(t, "zms_list_agent_groups", nil, "[0].eyezId")},
		"zms_get_nonce":                    {"eyez_id": w.First(t, "zms_list_nonces", nil, "[0].eyezId")},
		"zms_get_resource_group_members":   {"group_id": group},
		"zms_list_tag_keys":                {"namespace_id": namespace, "sort_order": "desc"},
		"zms_list_tag_values":              {"tag_id": key, "namespace_origin": "CUSTOM"},
		"zms_list_agents":                  {"page": 2, "page_size": 5, "search": "web", "sort": "name", "sort_dir": "desc", "query": "@"},
		"zms_list_resources":               {"name": "web", "status": "ACTIVE", "resource_type": "VM", "sort_order": "ASC"},
		"zms_list_policy_rules":            {"fetch_all": true, "name": "web", "action": "ALLOW"},
		"zms_list_app_catalog":             {"name": "postgres", "category": "data", "sort_by": "modified_time", "sort_order": "desc"},
		"zms_list_app_zones":               {"name": "prod", "sort_order": "asc"},
	}
	for name, spec := range suite.Specs(t) {
		text, failed := w.Call(t, name, args[name])
		if failed {
			t.Errorf("%s: %s", name, text)
		}
		if spec.List && name != "zms_list_agents" && text == "[]" {
			t.Errorf("%s: no rows", name)
		}
	}
}

func TestPagesOfATenant(t *testing.T) {
	w := suite.Open(t, nil)
	one := w.First(t, "zms_list_resources", map[string]any{"page_num": 1, "page_size": 1, "sort_order": "ASC"}, "[0].id")
	two := w.First(t, "zms_list_resources", map[string]any{"page_num": 2, "page_size": 1, "sort_order": "ASC"}, "[0].id")
	if one == two {
		t.Errorf("both pages begin with %s", one)
	}
}
