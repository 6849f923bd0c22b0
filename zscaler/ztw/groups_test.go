package ztw_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// A group is made, found, and deleted after a human has seen its name; what rules use stays.
func TestLifeOfGroups(t *testing.T) {
	for kind, test := range map[string]struct{ list, make, remove, used string }{
		"ip group":             {"ztw_list_ip_groups", "ztw_create_ip_group", "ztw_delete_ip_group", "Pool Frankfurt"},
		"ip source group":      {"ztw_list_ip_source_groups", "ztw_create_ip_source_group", "ztw_delete_ip_source_group", "Build machines"},
		"ip destination group": {"ztw_list_ip_destination_groups", "ztw_create_ip_destination_group", "ztw_delete_ip_destination_group", "Update servers"},
	} {
		w := suite.Open(t, nil)
		args := map[string]any{"name": "Audit", "description": "For the auditors", "ip_addresses": []string{"10.9.0.0/24"}}
		if kind == "ip destination group" {
			args = map[string]any{"name": "Audit", "type": "DSTN_FQDN", "addresses": []string{"audit.example.com"}}
		}
		id := w.Member(t, test.make, args, "id")
		for _, list := range []string{test.list, test.list + "_lite"} {
			if got := w.First(t, list, nil, "[?name=='Audit'].id"); got != id {
				t.Errorf("%s finds %s, want %s", list, got, id)
			}
		}
		if text, failed := w.Call(t, test.make, args); !failed || !strings.Contains(text, "DUPLICATE_ITEM") {
			t.Errorf("%s twice: %s", test.make, text)
		}
		w.Must(t, test.remove, map[string]any{"group_id": id})
		if want := "Confirm this deletion: delete " + kind + ` "Audit" (group_id ` + id + ")"; cmp.Diff([]string{want}, w.Asked()) != "" {
			t.Errorf("%s asked %q, want %q", test.remove, w.Asked(), want)
		}
		w.Forget()
		if text, failed := w.Call(t, test.remove, map[string]any{"group_id": id}); !failed || len(w.Asked()) > 0 || strings.Contains(w.Lines(), "DELETE") {
			t.Errorf("%s of nothing: %s; asked %q", test.remove, text, w.Asked())
		}
		used := w.First(t, test.list, nil, "[?name=='"+test.used+"'].id")
		if text, failed := w.Call(t, test.remove, map[string]any{"group_id": used}); !failed || !strings.Contains(text, "RESOURCE_IN_USE") {
			t.Errorf("%s of a group in use: %s", test.remove, text)
		}
	}
}

// The mended defect: the short list is asked for where it is, and other types can be left out of both.
func TestLiteListOfDestinationGroups(t *testing.T) {
	w := suite.Open(t, nil)
	text := w.Must(t, "ztw_list_ip_destination_groups_lite", map[string]any{"exclude_type": "DSTN_IP"})
	if got, want := w.Lines(), "GET /ztw/api/v1/ipDestinationGroups/lite?excludeType=DSTN_IP"; got != want {
		t.Errorf("request %s, want %s", got, want)
	}
	if !strings.Contains(text, "Update servers") || strings.Contains(text, "DSTN_IP") || strings.Contains(text, "updates.example.com") {
		t.Errorf("answer %s", text)
	}
	if text := w.Must(t, "ztw_list_ip_destination_groups", map[string]any{"exclude_type": ""}); !strings.Contains(text, "updates.example.com") || strings.Contains(w.Last(t).String(), "excludeType") {
		t.Errorf("request %s, answer %s", w.Last(t), text)
	}
}

// Short lists and roles are searched here, in any case: the service does not search them.
func TestSearchByName(t *testing.T) {
	for tool, test := range map[string]struct{ search, want string }{
		"ztw_list_ip_groups_lite":        {"pool FR", "Pool Frankfurt"},
		"ztw_list_ip_source_groups_lite": {"kube", "Kubernetes nodes"},
		"ztw_list_roles":                 {"operator", "Branch Operator"},
	} {
		w := suite.Open(t, nil)
		all := w.First(t, tool, nil, "length(@)")
		if got := w.First(t, tool, map[string]any{"search": test.search}, "[].name"); got != test.want {
			t.Errorf("%s finds %s, want %s", tool, got, test.want)
		}
		if w.Last(t).Query != nil {
			t.Errorf("%s sends %s", tool, w.Last(t))
		}
		if got := w.Must(t, tool, map[string]any{"search": "nothing of the kind"}); got != "[]" {
			t.Errorf("%s: %s", tool, got)
		}
		if got := w.First(t, tool, map[string]any{"search": ""}, "length(@)"); got != all || all == "1" {
			t.Errorf("%s: an empty search finds %s of %s", tool, got, all)
		}
	}
}

// group answers every creation with what was sent.
func group(paritytest.Request) (int, string) { return http.StatusOK, `{"id":1,"name":"G"}` }

func TestCountriesOfADestinationGroup(t *testing.T) {
	for country, want := range map[string]string{
		"COUNTRY_DE": "COUNTRY_DE", "country_de": "COUNTRY_DE", "DE": "COUNTRY_DE", "de": "COUNTRY_DE", "DEU": "COUNTRY_DE", "AND": "COUNTRY_AD", "st": "COUNTRY_ST", "Germany": "COUNTRY_DE",
		" united  states ": "COUNTRY_US", "USA": "COUNTRY_US", "U.S.A.": "COUNTRY_US", "the Netherlands": "COUNTRY_NL", "UK": "COUNTRY_GB",
		"Côte d'Ivoire": "COUNTRY_CI", "Cote d’Ivoire": "COUNTRY_CI", "Bosnia and Herzegovina": "COUNTRY_BA", "St. Lucia": "COUNTRY_LC", "Saint Lucia": "COUNTRY_LC",
		"Niger": "COUNTRY_NE", "Nigeria": "COUNTRY_NG", "South Korea": "COUNTRY_KR", "Türkiye": "COUNTRY_TR", "Turkey": "COUNTRY_TR", "Guinea-Bissau": "COUNTRY_GW",
	} {
		w := suite.Open(t, group)
		w.Must(t, "ztw_create_ip_destination_group", map[string]any{"name": "G", "type": "DSTN_OTHER", "countries": []string{country}})
		want := paritytest.JSON(t, `{"name":"G","type":"DSTN_OTHER","description":null,"addresses":null,"countries":["`+want+`"]}`)
		if diff := cmp.Diff(want, w.Last(t).Body); diff != "" {
			t.Errorf("%q (-want +sent):\n%s", country, diff)
		}
	}
}

// No country is guessed, and none is sent with a type that has none.
func TestRefusedCountries(t *testing.T) {
	for _, test := range []struct {
		countries []string
		kind      string
		says      string // "" for accepted
	}{
		{[]string{"Germny"}, "DSTN_OTHER", "not known: give the ISO code"},
		{[]string{"DE", "Korea"}, "DSTN_OTHER", "it could be North Korea (KP), South Korea (KR)"},
		{[]string{"Congo"}, "DSTN_OTHER", "Democratic Republic of the Congo (CD), Republic of the Congo (CG)"},
		{[]string{""}, "DSTN_OTHER", "not known"},
		{[]string{"the"}, "DSTN_OTHER", "not known"},
		{[]string{"Saint"}, "DSTN_OTHER", "it could be "},
		{[]string{"XX"}, "DSTN_OTHER", "not known"},
		{[]string{"COUNTRY_DEU"}, "DSTN_OTHER", "not known"},
		{[]string{"DE"}, "DSTN_IP", "type DSTN_OTHER"},
		{[]string{}, "DSTN_IP", ""},
		{nil, "DSTN_FQDN", ""},
	} {
		w := suite.Open(t, group)
		text, failed := w.Call(t, "ztw_create_ip_destination_group", map[string]any{"name": "G", "type": test.kind, "countries": test.countries})
		if failed != (test.says != "") || !strings.Contains(text, test.says) || failed && w.Lines() != "" {
			t.Errorf("%q of %s: error %v: %s; requests %s", test.countries, test.kind, failed, text, w.Lines())
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	w := suite.Open(t, group)
	for _, test := range []struct {
		tool, args string
		refused    bool
	}{
		{"ztw_create_ip_group", `{"name":"","ip_addresses":["10.0.0.1"]}`, true},
		{"ztw_create_ip_group", `{"name":"A","ip_addresses":[]}`, true},
		{"ztw_create_ip_group", `{"name":"A"}`, true},
		{"ztw_create_ip_group", `{"name":"A","ip_addresses":["10.0.0.1"]}`, false},
		{"ztw_create_ip_source_group", `{"name":"A","ip_addresses":[]}`, true},
		{"ztw_create_ip_source_group", `{"name":"A","ip_addresses":["10.0.0.1"],"description":null}`, false},
		{"ztw_create_ip_destination_group", `{"name":"A","type":"DSTN_ANY"}`, true},
		{"ztw_create_ip_destination_group", `{"name":"A","type":"DSTN_IP"}`, false},
	} {
		w.Forget()
		text, failed := w.Call(t, test.tool, paritytest.JSON(t, test.args))
		if failed != test.refused || failed != (w.Lines() == "") {
			t.Errorf("%s %s: refused is %v: %s; requests %s", test.tool, test.args, failed, text, w.Lines())
		}
	}
	w.Must(t, "ztw_create_ip_group", map[string]any{"name": "A", "ip_addresses": []string{"10.0.0.1"}})
	if diff := cmp.Diff(paritytest.JSON(t, `{"name":"A","ipAddresses":["10.0.0.1"],"description":null}`), w.Last(t).Body); diff != "" {
		t.Errorf("an absent description is sent as null (-want +sent):\n%s", diff)
	}
	w.Must(t, "ztw_create_ip_destination_group", map[string]any{"name": "A", "type": "DSTN_IP"})
	if diff := cmp.Diff(paritytest.JSON(t, `{"name":"A","type":"DSTN_IP","description":null,"addresses":null}`), w.Last(t).Body); diff != "" {
		t.Errorf("what was not given is sent as null (-want +sent):\n%s", diff)
	}
	w.Must(t, "ztw_create_ip_destination_group", map[string]any{"name": "A", "type": "DSTN_OTHER"})
	if diff := cmp.Diff(paritytest.JSON(t, `{"name":"A","type":"DSTN_OTHER","description":null,"addresses":null,"countries":null}`), w.Last(t).Body); diff != "" {
		t.Errorf("countries too, where a group can have them (-want +sent):\n%s", diff)
	}
}
