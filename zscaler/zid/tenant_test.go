package zid_test

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

func TestEveryToolWorksWithATenant(t *testing.T) {
	w := open(t, nil)
	user := w.first(t, "zid_list_users", map[string]any{"login_name": "ada"}, "[0].id")
	args := map[string]map[string]any{
		"zid_get_user":                {"user_id": user},
		"zid_get_user_groups":         {"user_id": user, "limit": 2},
		"zid_get_user_groups_by_name": {"name": "Ada Moreau"},
		"zid_search_users":            {"name": "ada.moreau@"},
		"zid_list_users":              {"idp_name": "Acme Identity", "offset": 1, "limit": 3},
	}
	for name, spec := range specs() {
		text, failed := w.call(t, name, args[name])
		if failed || spec.List && text == "[]" {
			t.Errorf("%s: error %v: %s", name, failed, text)
		}
	}
}

// The lower-case names have an effect: each filter finds fewer users than there are.
func TestFiltersHaveAnEffect(t *testing.T) {
	w := open(t, nil)
	all := w.first(t, "zid_list_users", nil, "length(@)")
	for name, value := range map[string]string{
		"login_name": "ada.moreau", "display_name": "Ada Mor", "primary_email": "ada.moreau@", "domain_name": "nowhere.example.com", "idp_name": "Nobody",
	} {
		if got := w.first(t, "zid_list_users", map[string]any{name: value}, "length(@)"); got == all {
			t.Errorf("%s=%s finds all %s users", name, value, all)
		}
	}
}
