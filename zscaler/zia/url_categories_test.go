package zia_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const (
	categories = "/zia/api/v1/urlCategories"
	custom     = `{"id":"CUSTOM_01","configuredName":"Partners","superCategory":"USER_DEFINED","customCategory":true,"editable":true,"type":"URL_CATEGORY","val":128,` +
		`"urls":["partner.example.com",".Example.org:8443/x"],"keywords":["k"],"dbCategorizedUrls":["news.example.net"],"description":"Old","future":9007199254740993}`
	finance = `{"id":"FINANCE","superCategory":"BUSINESS_AND_ECONOMY","customCategory":false,"editable":true,"type":"URL_CATEGORY","val":40,"urls":["bank.example.com"],"description":"D"}`
	news    = `{"id":"NEWS_AND_MEDIA","configuredName":"News/Media","customCategory":false,"urls":[],"dbCategorizedUrls":["10.1.2.3"]}`
	twin    = `{"id":"CUSTOM_02","configuredName":"finance","customCategory":true,"urls":[]}`
)

// tenantCategories answers for the categories above, custom ones first.
func tenantCategories() paritytest.Answer {
	return paritytest.Paths(map[string]string{
		"GET " + categories:                 "[" + custom + "," + twin + "," + finance + "," + news + "]",
		"GET " + categories + "/CUSTOM_01":  custom,
		"PUT " + categories + "/CUSTOM_01":  custom,
		"GET " + categories + "/CUSTOM_02":  twin,
		"GET " + categories + "/FINANCE":    finance,
		"PUT " + categories + "/FINANCE":    finance,
		"POST " + categories:                custom,
		"DELETE " + categories + "/FINANCE": "", "DELETE " + categories + "/CUSTOM_01": "",
	})
}

func TestUpdateCategoryKeepsWhatIsNotGiven(t *testing.T) {
	args := map[string]any{"category_id": "CUSTOM_01", "configured_name": "Partners", "keywords": []string{}, "advanced": map[string]any{
		"db_categorized_urls": `["a.example.com"]`, "ip_ranges_retaining_parent_category": nil,
	}}
	w := suite.Open(t, tenantCategories())
	if text, failed := w.Call(t, "zia_update_url_category", args); failed {
		t.Fatal(text)
	}
	want := strings.NewReplacer(`"keywords":["k"]`, `"keywords":[]`, "news.example.net", "a.example.com").Replace(custom)
	if diff := cmp.Diff(paritytest.JSON(t, want), w.Last(t).Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestPredefinedCategoriesAreRefused(t *testing.T) {
	for _, test := range []struct {
		id      string
		refused bool
	}{{"FINANCE", true}, {"CUSTOM_01", false}} {
		w := suite.Open(t, tenantCategories())
		text, failed := w.Call(t, "zia_update_url_category", map[string]any{"category_id": test.id, "configured_name": "X"})
		if failed != test.refused || failed && !strings.Contains(text, "zia_update_url_category_predefined") {
			t.Errorf("update %s: refused is %v: %s", test.id, failed, text)
		}
		args := map[string]any{"category_id": test.id}
		text, failed = w.Call(t, "zia_delete_url_category", args)
		about := strings.Join(w.Asked(), "\n")
		if failed != test.refused || (about == "") != test.refused || !test.refused && !strings.Contains(about, `delete custom URL category "Partners" (category_id CUSTOM_01)`) {
			t.Errorf("delete %s: refused is %v: %s; asked %q", test.id, failed, text, about)
		}
		for _, method := range []string{"PUT", "DELETE"} {
			if wrote := strings.Contains(w.Lines(), method); wrote == test.refused {
				t.Errorf("%s: requests:\n%s", test.id, w.Lines())
			}
		}
		w.Forget() // behind the confirmation, the category is looked at once more
		if _, err := suite.Handle(zscaler.ContextWithDoer(t.Context(), w.Doer), t, "zia_delete_url_category", args); (err != nil) != test.refused || strings.Contains(w.Lines(), "DELETE") == test.refused {
			t.Errorf("delete %s without confirmation: %v; requests:\n%s", test.id, err, w.Lines())
		}
	}
}

func TestFindPredefined(t *testing.T) {
	const list = "GET " + categories
	for _, test := range []struct {
		name string
		want string // in the answer
		bad  bool
		asks string
	}{
		{"FINANCE", finance, false, list + "/FINANCE"},
		{"finance", finance, false, list + "/finance\n" + list}, // before the custom category of that name
		{"news/media", news, false, list},                       // no id has a slash
		{"CUSTOM_01", "is a custom URL category", true, list + "/CUSTOM_01"},
		{"partners", "is a custom URL category", true, list + "/partners\n" + list},
		{"nothing", "no such URL category", true, list + "/nothing\n" + list},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := suite.Open(t, tenantCategories())
			text, failed := w.Call(t, "zia_get_url_category_predefined", map[string]any{"name": test.name})
			if failed != test.bad || !strings.Contains(text, test.want) {
				t.Errorf("error %v: %s", failed, text)
			}
			if got := w.Lines(); got != test.asks {
				t.Errorf("requests:\n%s\nwant:\n%s", got, test.asks)
			}
		})
	}
}

// A name that administrators gave to predefined categories finds neither the wrong one nor one of several, and what is no category
// is none.
func TestPredefinedNamesThatMislead(t *testing.T) {
	const posing = `{"id":"NEWS_AND_MEDIA","configuredName":"finance","customCategory":false}`
	const one, other = `{"id":"ONE","configuredName":"Same","customCategory":false}`, `{"id":"OTHER","configuredName":"same","customCategory":false}`
	answers := paritytest.Paths(map[string]string{
		"GET " + categories: "[" + posing + "," + finance + "," + one + "," + other + "]", "GET " + categories + "/FINANCE": finance,
		"GET " + categories + "/urlQuota": `{"uniqueUrlsProvisioned":1}`, "PUT " + categories + "/FINANCE": "",
	})
	for _, test := range []struct{ name, want, refusal string }{
		{"finance", finance, ""},
		{"same", "", "ONE or OTHER"},
		{"urlQuota", "", "no such URL category"},
	} {
		w := suite.Open(t, answers)
		for _, tool := range []string{"zia_get_url_category_predefined", "zia_update_url_category_predefined"} {
			args := map[string]any{"name": test.name}
			if strings.Contains(tool, "update") {
				args["description"] = "D"
			}
			text, failed := w.Call(t, tool, args)
			if failed != (test.refusal != "") || !strings.Contains(text, test.want+test.refusal) {
				t.Errorf("%s %s: error %v: %s", tool, test.name, failed, text)
			}
		}
		if strings.Contains(w.Lines(), "PUT") != (test.refusal == "") {
			t.Errorf("%s: requests:\n%s", test.name, w.Lines())
		}
	}
}

// Only a missing category leads to the search by name.
func TestFindPredefinedReportsOtherFailures(t *testing.T) {
	w := suite.Open(t, func(paritytest.Request) (int, string) {
		return http.StatusForbidden, `{"code":"RBA_LIMITED","message":"Functional scope restriction"}`
	})
	text, failed := w.Call(t, "zia_get_url_category_predefined", map[string]any{"name": "FINANCE"})
	if !failed || !strings.Contains(text, "RBA_LIMITED") || w.Lines() != "GET "+categories+"/FINANCE" {
		t.Errorf("error %v: %s\nrequests:\n%s", failed, text, w.Lines())
	}
}

func TestUpdatePredefined(t *testing.T) {
	w := suite.Open(t, tenantCategories())
	args := map[string]any{"name": "Finance", "configured_name": "", "urls": []string{"x.example.com"}, "advanced": map[string]any{
		"keywords_retaining_parent_category": []string{"loan"},
	}}
	if text, failed := w.Call(t, "zia_update_url_category_predefined", args); failed {
		t.Fatal(text)
	}
	if got := w.Last(t); got.Method != "PUT" || got.Path != categories+"/FINANCE" {
		t.Errorf("last request is %s %s", got.Method, got.Path)
	}
	want := `{"id":"FINANCE","superCategory":"BUSINESS_AND_ECONOMY","customCategory":false,"editable":true,"type":"URL_CATEGORY","val":40,
		"urls":["x.example.com"],"description":"D","keywordsRetainingParentCategory":["loan"]}`
	if diff := cmp.Diff(paritytest.JSON(t, want), w.Last(t).Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	w.Forget()
	for _, args := range []map[string]any{{"name": "FINANCE"}, {"name": "CUSTOM_01", "urls": []string{}}} {
		if text, failed := w.Call(t, "zia_update_url_category_predefined", args); !failed || strings.Contains(w.Lines(), "PUT") {
			t.Errorf("%v was not refused: %s", args, text)
		}
	}
}

// Some writes answer 204: then the category is read back.
func TestUpdatePredefinedWithoutAnswer(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + categories + "/FINANCE": finance, "PUT " + categories + "/FINANCE": ""}))
	text, failed := w.Call(t, "zia_update_url_category_predefined", map[string]any{"name": "FINANCE", "description": "New"})
	if failed || text != finance {
		t.Errorf("error %v: %s", failed, text)
	}
}

func TestAdvancedOfCategories(t *testing.T) {
	for _, test := range []struct {
		advanced map[string]any
		want     string // dbCategorizedUrls as sent, or
		refusal  string
	}{
		{map[string]any{"db_categorized_urls": []any{"a", "b"}}, `["a","b"]`, ""},
		{map[string]any{"db_categorized_urls": `["a","b"]`}, `["a","b"]`, ""},
		{map[string]any{"db_categorized_urls": []any{}}, `[]`, ""},
		{map[string]any{"db_categorized_urls": nil}, `null`, ""},
		{map[string]any{}, `null`, ""},
		{map[string]any{"db_categorized_urls": "a"}, "", "advanced.db_categorized_urls must be a list of text"},
		{map[string]any{"db_categorized_urls": []any{7}}, "", "must be a list of text"},
		{map[string]any{"db_categorised_urls": []any{"a"}}, "", "db_categorized_urls, ip_ranges_retaining_parent_category"},
	} {
		args := map[string]any{"configured_name": "Partners", "super_category": "USER_DEFINED", "advanced": test.advanced}
		w := suite.Open(t, tenantCategories())
		text, failed := w.Call(t, "zia_create_url_category", args)
		if test.refusal != "" {
			if !failed || !strings.Contains(text, test.refusal) || w.Lines() != "" {
				t.Errorf("%v: error %v: %s\n%s", test.advanced, failed, text, w.Lines())
			}
			continue
		}
		if failed {
			t.Errorf("%v: %s", test.advanced, text)
			continue
		}
		body := w.Last(t).Body.(map[string]any)
		if diff := cmp.Diff(paritytest.JSON(t, test.want), body["dbCategorizedUrls"]); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.advanced, diff)
		}
	}
}

func TestFilterCategories(t *testing.T) {
	const match = `,"_url_match":{"url":`
	for _, test := range []struct {
		args map[string]any
		want string // rows
	}{
		{map[string]any{}, custom + "," + twin + "," + finance + "," + news},
		{map[string]any{"search": "PARTN"}, custom},
		{map[string]any{"search": "nobody"}, ""},
		{map[string]any{"search": ""}, custom + "," + twin + "," + finance + "," + news},
		{
			map[string]any{"contains_url": "https://bank.example.com:443/login?x=1"},
			cut(finance) + match + `"https://bank.example.com:443/login?x=1","matched":[{"field":"urls","entry":"bank.example.com"}]}}`,
		},
		{ // a domain above, with port and path; and a host
			map[string]any{"contains_url": "WWW.example.org."},
			cut(custom) + match + `"WWW.example.org.","matched":[{"field":"urls","entry":".Example.org:8443/x"}]}}`,
		},
		{
			map[string]any{"contains_url": "a.news.example.net"},
			cut(custom) + match + `"a.news.example.net","matched":[{"field":"dbCategorizedUrls","entry":"news.example.net"}]}}`,
		},
		{map[string]any{"contains_url": "example.com"}, ""}, // only domains below are listed
		{map[string]any{"contains_url": "notpartner.example.com"}, ""},
		{map[string]any{"contains_url": "http://10.1.2.3/"}, cut(news) + match + `"http://10.1.2.3/","matched":[{"field":"dbCategorizedUrls","entry":"10.1.2.3"}]}}`},
		{map[string]any{"contains_url": "bank.example.com", "search": "partn"}, ""},
	} {
		w := suite.Open(t, tenantCategories())
		text, failed := w.Call(t, "zia_list_url_categories", test.args)
		if failed || text != "["+test.want+"]" {
			t.Errorf("%v: error %v\ngot  %s\nwant [%s]", test.args, failed, text, test.want)
		}
	}
	w := suite.Open(t, tenantCategories())
	if text, failed := w.Call(t, "zia_list_url_categories", map[string]any{"contains_url": "https://"}); !failed || !strings.Contains(text, "names no host") {
		t.Errorf("a URL without a host: error %v: %s", failed, text)
	}
}

// cut returns an object without its final brace.
func cut(object string) string { return strings.TrimSuffix(object, "}") }
