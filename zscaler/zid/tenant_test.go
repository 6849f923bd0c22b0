package zid_test

import "testing"

func TestEveryToolWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	user := w.First(t, "zid_list_users", map[string]any{"login_name": "ada"}, "[0].id")
	group := w.First(t, "zid_list_groups", map[string]any{"name": "fin"}, "[0].id")
	args := map[string]map[string]any{
		"zid_list_groups":             {"exclude_dynamic_groups": true, "limit": 2},
		"zid_search_groups":           {"name": "all"},
		"zid_get_group":               {"group_id": group},
		"zid_get_group_users":         {"group_id": group, "offset": 1, "limit": 2},
		"zid_get_group_users_by_name": {"name": "finance"},
		"zid_get_user":                {"user_id": user},
		"zid_get_user_groups":         {"user_id": user, "limit": 2},
		"zid_get_user_groups_by_name": {"name": "Ada Moreau"},
		"zid_search_users":            {"name": "ada.moreau@"},
		"zid_list_users":              {"idp_name": "Acme Identity", "offset": 1, "limit": 3},
	}
	for name, spec := range suite.Specs(t) {
		text, failed := w.Call(t, name, args[name])
		if failed || spec.List && text == "[]" {
			t.Errorf("%s: error %v: %s", name, failed, text)
		}
	}
}

// The lower-case names have an effect: each filter finds fewer users than there are.
func TestFiltersHaveAnEffect(t *testing.T) {
	w := suite.Open(t, nil)
	all := w.First(t, "zid_list_users", nil, "length(@)")
	for name, value := range map[string]string{
		"login_name": "ada.moreau", "display_name": "Ada Mor", "primary_email": "ada.moreau@", "domain_name": "nowhere.example.com", "idp_name": "Nobody",
	} {
		if got := w.First(t, "zid_list_users", map[string]any{name: value}, "length(@)"); got == all {
			t.Errorf("%s=%s finds all %s users", name, value, all)
		}
	}
}
