package zid_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// groupDirectory answers every search for groups with hits, and lists one user of every group.
func groupDirectory(hits string) paritytest.Answer {
	return func(r paritytest.Request) (int, string) {
		if strings.HasSuffix(r.Path, "/users") {
			return http.StatusOK, `{"results_total":1,"pageOffset":0,"pageSize":100,"records":[` + ann + `]}`
		}
		return http.StatusOK, `{"records":[` + hits + `]}`
	}
}

const (
	financeTeam = `{"id":"g000000000002","name":"Finance team"}`
	finance     = `{"id":"g000000000001","name":"Finance"}`
)

// The mended defect: offset and limit belong to the users, not to the search for the group.
func TestUsersByGroupNamePagesTheUsersOnly(t *testing.T) {
	w := suite.Open(t, groupDirectory(finance))
	text, failed := w.Call(t, "zid_get_group_users_by_name", map[string]any{"name": "finance", "offset": 100, "limit": 50})
	if failed || !strings.Contains(text, "Ann Lee") || strings.Contains(text, "match") {
		t.Errorf("answer %q (error %v)", text, failed)
	}
	want := "GET /ziam/admin/api/v1/groups?name%5Blike%5D=finance\n" +
		"GET /ziam/admin/api/v1/groups/g000000000001/users?limit=50&offset=100"
	if got := w.Lines(); got != want {
		t.Errorf("requests:\n%s\nwant:\n%s", got, want)
	}
}

// A group of exactly that name goes before the first one; a note tells whose users these are, unless
// there can be no doubt.
func TestUsersByGroupName(t *testing.T) {
	for _, test := range []struct {
		name, hits, id string
		note           bool
	}{
		{"Finance", financeTeam + "," + finance, "g000000000001", true},
		{"FINANCE", financeTeam + "," + finance, "g000000000001", true},
		{"fin", financeTeam + "," + finance, "g000000000002", true},
		{"team", financeTeam, "g000000000002", true},
		{"finance team", financeTeam, "g000000000002", false},
	} {
		w := suite.Open(t, groupDirectory(test.hits))
		text, failed := w.Call(t, "zid_get_group_users_by_name", map[string]any{"name": test.name})
		if want := "/ziam/admin/api/v1/groups/" + test.id + "/users"; failed || w.Last(t).Path != want {
			t.Errorf("%s: users of %s, want %s: %s", test.name, w.Last(t).Path, want, text)
		}
		if strings.Contains(text, "these are the users of") != test.note || test.note && !strings.Contains(text, test.id) {
			t.Errorf("%s: note is wanted %v: %s", test.name, test.note, text)
		}
	}
	w := suite.Open(t, groupDirectory(""))
	text, failed := w.Call(t, "zid_get_group_users_by_name", map[string]any{"name": "nobody"})
	if !failed || !strings.Contains(text, `no group matches "nobody"`) || strings.Contains(w.Lines(), "/users") {
		t.Errorf("answer %q (error %v); requests %s", text, failed, w.Lines())
	}
	w = suite.Open(t, func(r paritytest.Request) (int, string) { return http.StatusForbidden, `{"message":"no permission"}` })
	if text, failed := w.Call(t, "zid_get_group_users_by_name", map[string]any{"name": "x"}); !failed || strings.Contains(text, "no group matches") {
		t.Errorf("a failed search is told as none found: %s", text)
	}
}

// The mended spelling has an effect, and both values of the flag are sent.
func TestExcludeDynamicGroups(t *testing.T) {
	w := suite.Open(t, nil)
	for flag, want := range map[bool]string{true: "4", false: "5"} {
		if got := w.First(t, "zid_list_groups", map[string]any{"exclude_dynamic_groups": flag}, "length(@)"); got != want {
			t.Errorf("%v: %s groups, want %s", flag, got, want)
		}
		if got := w.Last(t).Query["excludedynamicgroups"]; len(got) != 1 || (got[0] == "true") != flag {
			t.Errorf("%v: sent %q", flag, got)
		}
	}
}
