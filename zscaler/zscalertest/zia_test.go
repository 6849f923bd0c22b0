package zscalertest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

const (
	rulesPath      = "/zia/api/v1/urlFilteringRules"
	categoriesPath = "/zia/api/v1/urlCategories"
)

func TestRuleLabelLifecycleAndActivation(t *testing.T) {
	c := start(t, zscalertest.Options{})
	status := func() string { return text(c.want(200, "GET", "/zia/api/v1/status", "").object()["status"]) }
	if got := status(); got != "ACTIVE" {
		t.Fatalf("status %s", got)
	}
	made := c.want(200, "POST", labelsPath, `{"name":"Audit","description":"d"}`).object()
	path := labelsPath + "/" + text(made["id"])
	if status() != "PENDING" {
		t.Error("a write must be staged")
	}
	c.wantCode(409, "DUPLICATE_ITEM", "POST", labelsPath, `{"name":"audit"}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", labelsPath, `{"description":"d"}`)
	c.want(200, "PUT", path, `{"name":"Audit 2"}`)
	got := c.want(200, "GET", path, "").object()
	if got["name"] != "Audit 2" || got["description"] != nil || got["createdBy"] == nil {
		t.Errorf("PUT must replace what the client owns, and only that: %v", got)
	}
	if a := c.want(204, "DELETE", path, ""); a.text != "" {
		t.Errorf("204 with %q", a.text)
	}
	c.wantCode(404, "RESOURCE_NOT_FOUND", "GET", path, "")
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "GET", labelsPath+"/abc", "")
	if a := c.want(200, "POST", "/zia/api/v1/status/activate", `{}`); a.object()["status"] != "ACTIVE" || status() != "ACTIVE" {
		t.Error("activation did not take effect")
	}
}

func TestZIAPagesBareArrays(t *testing.T) {
	c := start(t, zscalertest.Options{})
	if all := c.want(200, "GET", labelsPath, "").list(); len(all) != 8 {
		t.Errorf("%d labels", len(all))
	}
	second := c.want(200, "GET", labelsPath+"?page=2&pageSize=3", "").list()
	if diff := cmp.Diff([]string{"Incident 2025-014", "Marketing", "Contractors"}, names(second, "name")); diff != "" {
		t.Errorf("page 2 (-want +got):\n%s", diff)
	}
	if past := c.want(200, "GET", labelsPath+"?page=9", ""); past.text != "[]\n" {
		t.Errorf("past the end: %q", past.text)
	}
	c.want(200, "GET", labelsPath+"?pageSize=1000", "")
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "GET", labelsPath+"?pageSize=1001", "")
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "GET", labelsPath+"?page=0", "")
	if found := c.want(200, "GET", labelsPath+"?search=AUDIT", "").list(); len(found) != 2 {
		t.Errorf("search found %v", names(found, "name"))
	}
}

func TestLabelsCountTheirRules(t *testing.T) {
	c := start(t, zscalertest.Options{})
	count := func() string {
		return text(c.want(200, "GET", labelsPath+"/2401007", "").object()["referencedRuleCount"])
	}
	if got := count(); got != "2" {
		t.Errorf("referencedRuleCount %s", got)
	}
	rule := c.want(200, "GET", rulesPath+"/2401201", "").object()
	if diff := cmp.Diff([]string{"Legacy"}, names(rule["labels"].([]any), "name")); diff != "" {
		t.Errorf("labels of the rule (-want +got):\n%s", diff)
	}
	c.want(204, "DELETE", rulesPath+"/2401201", "")
	if got := count(); got != "1" {
		t.Errorf("after the delete: %s", got)
	}
}

func TestURLFilteringRuleOrder(t *testing.T) {
	c := start(t, zscalertest.Options{})
	order := func() string { return strings.Join(names(c.want(200, "GET", rulesPath, "").list(), "id"), " ") }
	made := c.want(200, "POST", rulesPath, `{"name":"Top","order":1,"action":"BLOCK"}`).object()
	if made["state"] != "ENABLED" || text(made["rank"]) != "7" || made["accessControl"] != "READ_WRITE" {
		t.Errorf("defaults: %v", made)
	}
	id := text(made["id"])
	if got, want := order(), id+" 2401201 2401202 2401203 2401204 2401205 2401206"; got != want {
		t.Errorf("insert at 1: %s", got)
	}
	c.want(200, "PUT", rulesPath+"/"+id, `{"name":"Top","order":3,"action":"BLOCK"}`)
	if got, want := order(), "2401201 2401202 "+id+" 2401203 2401204 2401205 2401206"; got != want {
		t.Errorf("move to 3: %s", got)
	}
	c.want(204, "DELETE", rulesPath+"/2401201", "")
	if got := c.want(200, "GET", rulesPath+"/"+id, "").object(); text(got["order"]) != "2" {
		t.Errorf("after a delete above: order %v", got["order"])
	}
}

func TestURLFilteringRuleChecks(t *testing.T) {
	c := start(t, zscalertest.Options{})
	body := func(extra string) string { return `{"name":"N","order":1,"action":"BLOCK"` + extra + `}` }
	for _, bad := range []string{
		`{"name":"N","order":1}`, `{"name":"N","action":"BLOCK"}`, `{"order":1,"action":"BLOCK"}`, `{"name":"N","order":0,"action":"BLOCK"}`,
		`{"name":"N","order":"1","action":"BLOCK"}`, `{"name":"N","order":1,"action":"DENY"}`, body(`,"rank":8`), body(`,"state":"ON"`),
		body(`,"labels":[2401001]`), body(`,"labels":[{"id":"2401001"}]`), body(`,"labels":[{"id":99}]`), body(`,"labels":{"id":2401001}`), body(`,"urlCategories":["NO_SUCH"]`),
	} {
		c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", rulesPath, bad)
	}
	made := c.want(200, "POST", rulesPath, body(`,"rank":0,"labels":[{"id":2401001}],"urlCategories":["GAMBLING","CUSTOM_01"]`)).object()
	c.wantCode(409, "DUPLICATE_ITEM", "POST", rulesPath, body(""))
	path := rulesPath + "/" + text(made["id"])
	if got := c.want(200, "PUT", path, body("")).object(); got["labels"] != nil || got["urlCategories"] != nil {
		t.Errorf("PUT must empty what it does not repeat: %v", got)
	}
}

func TestURLCategoriesIgnorePagingAndFilter(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for query, want := range map[string]int{
		"": 10, "?page=2&pageSize=2": 10, "?customOnly=true": 4, "?customOnly=True": 4, "?type=TLD_CATEGORY": 1, "?type=URL_CATEGORY": 9, "?type=ALL&customOnly=false": 10,
	} {
		if got := c.want(200, "GET", categoriesPath+query, "").list(); len(got) != want {
			t.Errorf("%s: %d rows, want %d", query, len(got), want)
		}
	}
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "GET", categoriesPath+"?type=OTHER", "")
	if got := c.want(200, "GET", categoriesPath+"/CUSTOM_01", "").object(); text(got["customUrlsCount"]) != "3" || text(got["val"]) != "129" {
		t.Errorf("CUSTOM_01: %v", got)
	}
	c.wantCode(404, "RESOURCE_NOT_FOUND", "GET", categoriesPath+"/Gambling", "")
}

func TestURLCategoryLifecycle(t *testing.T) {
	c := start(t, zscalertest.Options{})
	made := c.want(200, "POST", categoriesPath, `{"configuredName":"Lab","superCategory":"USER_DEFINED","urls":["a.example.com"],"description":"d","type":"URL_CATEGORY","customCategory":true}`).object()
	if made["id"] != "CUSTOM_04" || made["customCategory"] != true {
		t.Fatalf("created %v", made)
	}
	path := categoriesPath + "/CUSTOM_04"
	c.wantCode(409, "DUPLICATE_ITEM", "POST", categoriesPath, `{"configuredName":"lab","superCategory":"USER_DEFINED"}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", categoriesPath, `{"configuredName":"Lab 2"}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", path, `{"configuredName":"Lab","urls":"a.example.com"}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", path, `{"configuredName":"Lab","urls":["https://a.example.com"]}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", path+"?action=ADD_TO_LIST", `{"urls":["b.example.com"]}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "PUT", path+"?action=ADD", `{"configuredName":"Lab","urls":["b.example.com"]}`)
	urls := func(a answer) string { return fmt.Sprint(a.object()["urls"]) }
	if got := urls(c.want(200, "PUT", path+"?action=ADD_TO_LIST", `{"configuredName":"Lab","urls":["b.example.com","a.example.com"]}`)); got != "[b.example.com a.example.com]" {
		t.Errorf("added: %s", got)
	}
	if got := urls(c.want(200, "PUT", path+"?action=REMOVE_FROM_LIST", `{"configuredName":"Lab","urls":["a.example.com"]}`)); got != "[b.example.com]" {
		t.Errorf("removed: %s", got)
	}
	if got := c.want(200, "PUT", path, `{"configuredName":"Lab","superCategory":"USER_DEFINED"}`).object(); got["urls"] != nil || got["description"] != nil {
		t.Errorf("PUT must replace: %v", got)
	}
	c.want(204, "DELETE", path, "")
	c.want(404, "GET", path, "")
}

func TestPredefinedCategories(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "DELETE", categoriesPath+"/GAMBLING", "")
	got := c.want(200, "PUT", categoriesPath+"/GAMBLING", `{"urls":["odds.example.org"],"superCategory":"OTHER"}`).object()
	if got["superCategory"] != "GAMBLING" || got["customCategory"] != false || text(got["customUrlsCount"]) != "1" {
		t.Errorf("changed %v", got)
	}
}

func TestURLLookup(t *testing.T) {
	c := start(t, zscalertest.Options{})
	rows := c.want(200, "POST", "/zia/api/v1/urlLookup", `["https://news.example.org/today","sub.partner.example.com","malware.example.net","unknown.example"]`).list()
	want := []any{
		object{"url": "https://news.example.org/today", "urlClassifications": []any{"NEWS_AND_MEDIA"}, "urlClassificationsWithSecurityAlert": []any{}},
		object{"url": "sub.partner.example.com", "urlClassifications": []any{"CUSTOM_01"}, "urlClassificationsWithSecurityAlert": []any{}},
		object{"url": "malware.example.net", "urlClassifications": []any{}, "urlClassificationsWithSecurityAlert": []any{"MALWARE_SITE"}},
		object{"url": "unknown.example", "urlClassifications": []any{"CUSTOM_TLD_01"}, "urlClassificationsWithSecurityAlert": []any{}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	many := func(n int) string { return `["a.test"` + strings.Repeat(`,"a.test"`, n-1) + `]` }
	c.want(200, "POST", "/zia/api/v1/urlLookup", many(100))
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", "/zia/api/v1/urlLookup", many(101))
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", "/zia/api/v1/urlLookup", `{"urls":["a.test"]}`)
}
