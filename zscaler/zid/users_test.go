package zid_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const ann = `{"id":"a1b2c3d4e5f6g","loginName":"ann@acme.example.com","displayName":"Ann Lee","primaryEmail":"ann@acme.example.com","customAttrsInfo":{"badge":9007199254740993}}`
const anna = `{"id":"z9y8x7w6v5u4t","loginName":"anna@acme.example.com","displayName":"Anna Berg","primaryEmail":"anna@acme.example.com"}`

// directory answers searches for users from hits, by query name, and lists one group of every user.
func directory(hits map[string]string) paritytest.Answer {
	return func(r paritytest.Request) (int, string) {
		if strings.HasSuffix(r.Path, "/groups") {
			return http.StatusOK, `{"results_total":1,"pageOffset":0,"pageSize":100,"records":[{"id":"g000000000001","name":"Finance"}]}`
		}
		rows := ""
		for name := range r.Query {
			rows += hits[name]
		}
		if r.Query.Get("offset") == "200" {
			rows = ""
		}
		return http.StatusOK, `{"records":[` + rows + `]}`
	}
}

func TestSearchUsers(t *testing.T) {
	const users = "GET /ziam/admin/api/v1/users?"
	for _, test := range []struct {
		name string
		args map[string]any
		hits map[string]string
		want string // requests
		text string // in the answer
	}{
		{
			"an at sign means e-mail", map[string]any{"name": "ann@"}, map[string]string{"primaryemail[like]": ann},
			users + "primaryemail%5Blike%5D=ann%40", "Ann Lee",
		},
		{
			"an e-mail without hits is not searched as a name", map[string]any{"name": "bob@"}, nil,
			users + "primaryemail%5Blike%5D=bob%40", "[]",
		},
		{
			"login name first", map[string]any{"name": "ann"}, map[string]string{"loginname[like]": ann},
			users + "loginname%5Blike%5D=ann", "Ann Lee",
		},
		{
			"display name only when no login name matches", map[string]any{"name": "Lee", "limit": 5}, map[string]string{"displayname[like]": ann},
			users + "limit=5&loginname%5Blike%5D=Lee\n" + users + "displayname%5Blike%5D=Lee&limit=5", "Ann Lee",
		},
		{
			"an empty later page of login names is the end", map[string]any{"name": "ann", "offset": 200}, map[string]string{"loginname[like]": ann},
			users + "loginname%5Blike%5D=ann&offset=200\n" + users + "limit=1&loginname%5Blike%5D=ann", "[]",
		},
		{
			"a later page of display names", map[string]any{"name": "Lee", "offset": 100}, map[string]string{"displayname[like]": ann},
			users + "loginname%5Blike%5D=Lee&offset=100\n" + users + "limit=1&loginname%5Blike%5D=Lee\n" + users + "displayname%5Blike%5D=Lee&offset=100", "Ann Lee",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := suite.Open(t, directory(test.hits))
			text, failed := w.Call(t, "zid_search_users", test.args)
			if failed || !strings.Contains(text, test.text) {
				t.Errorf("answer %q (error %v), want %q in it", text, failed, test.text)
			}
			if got := w.Lines(); got != test.want {
				t.Errorf("requests:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

// The mended defect: offset and limit belong to the groups, not to the search for the user.
func TestGroupsByNamePagesTheGroupsOnly(t *testing.T) {
	w := suite.Open(t, directory(map[string]string{"loginname[like]": ann}))
	text, failed := w.Call(t, "zid_get_user_groups_by_name", map[string]any{"name": "ann", "offset": 100, "limit": 50})
	if failed || !strings.Contains(text, "Finance") {
		t.Errorf("answer %q (error %v)", text, failed)
	}
	want := "GET /ziam/admin/api/v1/users?loginname%5Blike%5D=ann\n" +
		"GET /ziam/admin/api/v1/users/a1b2c3d4e5f6g/groups?limit=50&offset=100"
	if got := w.Lines(); got != want {
		t.Errorf("requests:\n%s\nwant:\n%s", got, want)
	}
}

func TestGroupsByNameOfSeveralUsers(t *testing.T) {
	for name, id := range map[string]string{
		"ann@acme.example.com":  "a1b2c3d4e5f6g", // exact, though second
		"ANN@acme.example.com":  "a1b2c3d4e5f6g",
		"anna@acme.example.com": "z9y8x7w6v5u4t",
		"@acme.example.com":     "z9y8x7w6v5u4t", // nobody exactly: the first
	} {
		w := suite.Open(t, directory(map[string]string{"primaryemail[like]": anna + "," + ann}))
		text, failed := w.Call(t, "zid_get_user_groups_by_name", map[string]any{"name": name})
		if want := "/ziam/admin/api/v1/users/" + id + "/groups"; w.Last(t).Path != want {
			t.Errorf("%s: groups of %s, want %s", name, w.Last(t).Path, want)
		}
		if failed || !strings.Contains(text, "2 users match") || !strings.Contains(text, id) {
			t.Errorf("%s: the answer does not name the user: %q", name, text)
		}
	}
}

func TestGroupsByNameWithoutUser(t *testing.T) {
	w := suite.Open(t, directory(nil))
	text, failed := w.Call(t, "zid_get_user_groups_by_name", map[string]any{"name": "nobody"})
	if !failed || !strings.Contains(text, `no user matches "nobody"`) {
		t.Errorf("answer %q (error %v)", text, failed)
	}
	if strings.Contains(w.Lines(), "groups") {
		t.Errorf("groups were asked for all the same: %s", w.Lines())
	}
}

func TestRecordsComeThroughVerbatim(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET /ziam/admin/api/v1/users/a1b2c3d4e5f6g": ann}))
	if text, failed := w.Call(t, "zid_get_user", map[string]any{"user_id": "a1b2c3d4e5f6g"}); failed || text != ann {
		t.Errorf("answer %q (error %v), want %q", text, failed, ann)
	}
}

func TestLaterPagesAreAnnounced(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{
		"GET /ziam/admin/api/v1/users": `{"results_total":3,"pageOffset":0,"pageSize":1,"next_link":"https://elsewhere.example.com/admin/api/v1/users?offset=1","records":[` + ann + `]}`,
	}))
	text, failed := w.Call(t, "zid_list_users", map[string]any{"limit": 1})
	if failed || !strings.Contains(text, "offset=1") {
		t.Errorf("answer %q (error %v), want the next offset in it", text, failed)
	}
	if got := w.Lines(); got != "GET /ziam/admin/api/v1/users?limit=1" {
		t.Errorf("requests:\n%s", got)
	}
}

func TestBoundsOfPages(t *testing.T) {
	w := suite.Open(t, directory(nil))
	for _, test := range []struct {
		args    map[string]any
		refused bool
	}{
		{map[string]any{"limit": 0}, true},
		{map[string]any{"limit": 1}, false},
		{map[string]any{"limit": 1000}, false},
		{map[string]any{"limit": 1001}, true},
		{map[string]any{"offset": -1}, true},
		{map[string]any{"offset": 0}, false},
	} {
		if text, failed := w.Call(t, "zid_list_users", test.args); failed != test.refused {
			t.Errorf("%v: refused is %v: %s", test.args, failed, text)
		}
	}
}
