package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// confirm runs what a Delete asks its human, against f.
func (f *tenant) confirm(t testing.TB, tl tool.Tool, arguments string) (string, error) {
	t.Helper()
	if err := tl.Spec().Check(); err != nil {
		t.Fatalf("declaration: %v", err)
	}
	return tl.Spec().Confirm(zscaler.ContextWithDoer(t.Context(), f), args(t, arguments))
}

// TestQuestion: what the human is shown, and the read that it comes from.
func TestQuestion(t *testing.T) {
	type scoped struct {
		ID    string `json:"group_id" in:"path"`
		Scope string `json:"microtenant_id,omitempty" in:"query=microtenantId" skipempty:"true"`
	}
	const groups = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/segmentGroup/{group_id}"
	group := rest.Delete[scoped]("zpa_delete_segment_group", "DELETE "+groups, "d", rest.ConstQuery("forceDelete", "true"))
	elsewhere := rest.Delete[scoped]("zpa_delete_thing", "DELETE /zpa/v2/thing/{group_id}", "d", rest.ReadFrom("/zpa/v1/thing/{group_id}"))
	unread := rest.Delete[byID]("x_delete_thing", "DELETE /a/{id}", "d", rest.Unread)
	type many struct {
		IDs []string `json:"ids" in:"body=ids"`
	}
	bulk := rest.Delete[many]("zpa_bulk_delete_things", "POST /zpa/x/bulkDelete", "d")
	bulkRead := rest.Delete[many]("zpa_delete_things", "POST /zpa/x/bulkDelete", "d", rest.ReadFrom("/zpa/x/owner"))
	session := rest.Delete[byID]("x_delete_session", "DELETE /a/{id}", "d", rest.NamedBy("details.title"))
	const label, wantLabel = `{"label_id":"7"}`, "GET /zia/api/v1/ruleLabels/7"
	for name, tc := range map[string]struct {
		tool            tool.Tool
		arguments, body string
		microtenant     string
		want, read      string
	}{
		"name":               {deleteLabel, label, `{"id":7,"name":"Finance"}`, "", `delete rule label "Finance" (label_id 7)`, wantLabel},
		"configured name":    {deleteLabel, label, `{"configuredName":"Partners","name":""}`, "", `delete rule label "Partners" (label_id 7)`, wantLabel},
		"login name":         {deleteLabel, label, `{"name":null,"loginName":"ann@acme"}`, "", `delete rule label "ann@acme" (label_id 7)`, wantLabel},
		"a number as name":   {deleteLabel, label, `{"name":9007199254740993}`, "", `delete rule label "9007199254740993" (label_id 7)`, wantLabel},
		"no name":            {deleteLabel, label, `{"name":{"en":"x"},"id":7}`, "", `delete rule label (label_id 7)`, wantLabel},
		"faked question":     {deleteLabel, label, `{"name":"A\" (label_id 8)\r\n\nConfirm: delete \u202e\"B\u2028C\u0007"}`, "", `delete rule label "A\" (label_id 8) Confirm: delete \"B C" (label_id 7)`, wantLabel},
		"long name":          {deleteLabel, label, `{"name":"` + strings.Repeat("é", 201) + `"}`, "", `delete rule label "` + strings.Repeat("é", 200) + `…" (label_id 7)`, wantLabel},
		"name of full size":  {deleteLabel, label, `{"name":"` + strings.Repeat("é", 200) + `"}`, "", `delete rule label "` + strings.Repeat("é", 200) + `" (label_id 7)`, wantLabel},
		"an id of words":     {deleteLabel, `{"label_id":"7) \"B"}`, `{"name":"A"}`, "", `delete rule label "A" (label_id "7) \"B")`, "GET /zia/api/v1/ruleLabels/7%29%20%22B"},
		"own microtenant":    {group, `{"group_id":"1","microtenant_id":"5"}`, `{"name":"A"}`, "4", `delete segment group "A" (group_id 1, microtenant_id 5)`, "GET " + strings.Replace(groups, "{group_id}", "1", 1) + "?microtenantId=5"},
		"empty microtenant":  {group, `{"group_id":"1","microtenant_id":""}`, `{"name":"A"}`, "", `delete segment group "A" (group_id 1)`, "GET " + strings.Replace(groups, "{group_id}", "1", 1)},
		"its setting":        {group, `{"group_id":"1"}`, `{"name":"A"}`, "4", `delete segment group "A" (group_id 1)`, "GET " + strings.Replace(groups, "{group_id}", "1", 1) + "?microtenantId=4"},
		"ReadFrom":           {elsewhere, `{"group_id":"1"}`, `{"name":"A"}`, "", `delete thing "A" (group_id 1)`, "GET /zpa/v1/thing/1"},
		"Unread":             {unread, `{"id":"1"}`, ``, "", `delete thing (id 1)`, ""},
		"NamedBy":            {session, `{"id":"1"}`, `{"name":"B","details":{"title":"A\nB"}}`, "", `delete session "A B" (id 1)`, "GET /a/1"},
		"NamedBy of nothing": {session, `{"id":"1"}`, `{"name":"B","details":null}`, "", `delete session (id 1)`, "GET /a/1"},
		"POST":               {bulk, `{"ids":["1","2"]}`, ``, "", `delete things (ids ["1","2"])`, ""},
		"a long list":        {bulk, `{"ids":["` + strings.Repeat(`7","`, 300) + `8"]}`, ``, "", `delete things (ids ["` + strings.Repeat(`7","`, 300) + `8"])`, ""},
		"escapes in a list":  {bulk, `{"ids":["\u0061.example.com","b\u202e\",\"c"]}`, ``, "", `delete things (ids ["a.example.com","b\u202e\",\"c"])`, ""},
		"POST with ReadFrom": {bulkRead, `{"ids":["1"]}`, `{"name":"Zoë"}`, "", `delete things "Zoë" (ids ["1"])`, "GET /zpa/x/owner"},
	} {
		t.Run(name, func(t *testing.T) {
			f := tenant{replies: []reply{{body: tc.body}}, microtenant: tc.microtenant}
			got, err := f.confirm(t, tc.tool, tc.arguments)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("question (-want +got):\n%s", diff)
			}
			if read := strings.Join(f.requests, "\n"); read != tc.read {
				t.Errorf("read by %q, want %q", read, tc.read)
			}
		})
	}
}

// TestNoQuestion: an object that cannot be read, because it is not there or for another reason, is not
// asked about.
func TestNoQuestion(t *testing.T) {
	gone := &zscaler.APIError{Service: zscaler.ZIA, Method: "GET", Path: "/zia/api/v1/ruleLabels/7", Status: 404}
	forbidden := &zscaler.APIError{Service: zscaler.ZIA, Method: "GET", Path: "/zia/api/v1/ruleLabels/7", Status: 403}
	for name, tc := range map[string]struct {
		reply reply
		says  string
	}{
		"404":       {reply{err: gone}, "status 404"},
		"403":       {reply{err: forbidden}, "status 403"},
		"network":   {reply{err: errors.New("down")}, "down"},
		"empty":     {reply{body: ""}, "did not answer an object"},
		"a list":    {reply{body: "[1]"}, "did not answer an object"},
		"not there": {reply{body: "null"}, "did not answer an object"},
	} {
		f := tenant{replies: []reply{tc.reply}}
		text, err := f.confirm(t, deleteLabel, `{"label_id":"7"}`)
		if err == nil || text != "" || !strings.Contains(err.Error(), tc.says) || !strings.HasPrefix(err.Error(), "nothing was deleted and nobody was asked: ") {
			t.Errorf("%s: asked %q, %v", name, text, err)
		}
		if tc.reply.err != nil && !errors.Is(err, tc.reply.err) {
			t.Errorf("%s: the cause is lost: %v", name, err)
		}
	}
	f := tenant{}
	if text, err := f.confirm(t, deleteLabel, `{"label_id":"../users/7"}`); err == nil || len(f.requests) > 0 {
		t.Errorf("asked %q, sent %v", text, f.requests)
	}
	if _, err := deleteLabel.Spec().Confirm(t.Context(), args(t, `{"label_id":"7"}`)); err == nil || !strings.Contains(err.Error(), "no tenant") {
		t.Errorf("without a tenant: %v", err)
	}
}

// TestOnlyDeletesAsk: no other effect has a question.
func TestOnlyDeletesAsk(t *testing.T) {
	for _, tl := range []tool.Tool{rest.Read[none]("x", "GET /a", "d"), rest.Create[none]("x", "POST /a", "d"), rest.Update[named]("x", "PUT /a", "d")} {
		if tl.Spec().Confirm != nil {
			t.Errorf("an effect %v asks", tl.Spec().Effect)
		}
	}
}

// FuzzQuestion: whatever an object is called, the question stays one line, the name is one quoted
// string in it, and the ids come after.
func FuzzQuestion(f *testing.F) {
	for _, seed := range []string{"Finance", `a" (label_id 8)`, "a\nb", "\u202e\u2066x", strings.Repeat("\U0001F600", 300), `\`, "\x00\xff", "\U000E0041"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		read := func(context.Context, tool.Args) (map[string]json.RawMessage, error) {
			return map[string]json.RawMessage{"name": json.RawMessage(quote(name))}, nil
		}
		text, err := rest.Question("rule label", read, "label_id")(t.Context(), args(t, `{"label_id":"7"}`))
		if err != nil {
			t.Fatal(err)
		}
		inside, ok := strings.CutSuffix(text, " (label_id 7)")
		inside, front := strings.CutPrefix(inside, "delete rule label")
		if !ok || !front || len(text) > 1000 || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Fatalf("question %q", text)
		}
		if inside == "" {
			return
		}
		quoted := strings.ReplaceAll(strings.ReplaceAll(inside, `\\`, ""), `\"`, "")
		if !strings.HasPrefix(inside, ` "`) || !strings.HasSuffix(quoted, `"`) || slices.Index([]byte(quoted[2:]), '"') != len(quoted)-3 {
			t.Fatalf("name %q", inside)
		}
	})
}
