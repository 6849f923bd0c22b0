package zscalertest_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// noon is the time of the tenants in these tests.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// insight sends a query of Z-Insights with a window of days before noon.
func insight(c *client, query string, from, to int, more object) object {
	c.t.Helper()
	variables := object{"s": noon.AddDate(0, 0, -from).UnixMilli(), "e": noon.AddDate(0, 0, -to).UnixMilli()}
	for name, value := range more {
		variables[name] = value
	}
	body, err := json.Marshal(object{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	return c.want(200, "POST", "/zins/graphql", string(body)).object()
}

// class returns the classification of the first error, "" for none.
func class(a object) string {
	failures, _ := a["errors"].([]any)
	if len(failures) == 0 {
		return ""
	}
	extensions, _ := failures[0].(object)["extensions"].(object)
	return text(extensions["classification"])
}

func TestZINSReports(t *testing.T) {
	c := start(t, zscalertest.Options{Clock: func() time.Time { return noon }})
	const head = `query Q($s: Long!, $e: Long!, $by: [IncidentsGroupBy!]!, $n: Int) { CYBER_SECURITY { it: incidents(start_time: $s, end_time: $e, categorize_by: $by) `
	got := insight(c, head+`{ obfuscated entries(limit: $n) { name entries(limit: $n) { name } } } } }`, 9, 2, object{"by": []string{"APP_ID", "SRC_COUNTRY"}, "n": 1})
	want := object{"data": object{"CYBER_SECURITY": object{"it": object{"obfuscated": false, "entries": []any{
		object{"name": "General browsing", "entries": []any{object{"name": "France"}}},
	}}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	days := insight(c, head+`{ entries { name total } } } }`, 16, 2, object{"by": []string{"TIME"}})
	entries := days["data"].(object)["CYBER_SECURITY"].(object)["it"].(object)["entries"].([]any)
	if first := text(entries[0].(object)["name"]); len(entries) != 14 || first != fmt.Sprint(noon.AddDate(0, 0, -16).UnixMilli()) {
		t.Errorf("%d days from %s", len(entries), first)
	}
	for _, by := range [][]string{{}, {"APP_ID", "TIME", "USER_ID"}} {
		if got := class(insight(c, head+`{ entries { name } } } }`, 9, 2, object{"by": by})); got != "BAD_REQUEST" {
			t.Errorf("%v: %q", by, got)
		}
	}
}

// Windows are 7 or 14 days and end a day ago; the refusal tells the report.
func TestZINSWindows(t *testing.T) {
	c := start(t, zscalertest.Options{Clock: func() time.Time { return noon }})
	const query = `query Q($s: Long!, $e: Long!) { ZERO_TRUST_FIREWALL { action(start_time: $s, end_time: $e) { entries { name } } } }`
	for window, want := range map[[2]int]string{{9, 2}: "", {8, 1}: "", {16, 2}: "", {7, 0}: "BAD_REQUEST", {2, 9}: "BAD_REQUEST", {12, 2}: "BAD_REQUEST", {40, 2}: "BAD_REQUEST"} {
		a := insight(c, query, window[0], window[1], nil)
		if got := class(a); got != want {
			t.Errorf("%v: %q, want %q", window, got, want)
		}
		if null, _ := a["data"].(object)["ZERO_TRUST_FIREWALL"].(object); want != "" && (null == nil || null["action"] != nil) {
			t.Errorf("%v: data %v", window, a["data"])
		}
	}
}

func TestZINSRefusesWhatTheSchemaDoesNotKnow(t *testing.T) {
	c := start(t, zscalertest.Options{Clock: func() time.Time { return noon }})
	const web = `query Q($s: Long!, $e: Long!, $u: WebTrafficUnits!) { WEB_TRAFFIC { protocols(start_time: $s, end_time: $e, traffic_unit: $u) `
	for name, test := range map[string]struct {
		query     string
		variables object
		good      bool
	}{
		"lawful":            {web + `{ entries(limit: 1) { name } } } }`, object{"u": "BYTES"}, true},
		"unit":              {web + `{ entries(limit: 1) { name } } } }`, object{"u": "PACKETS"}, false},
		"domain":            {`query Q($s: Long!, $e: Long!) { WEB { protocols(start_time: $s, end_time: $e) { entries { name } } } }`, nil, false},
		"report":            {`query Q($s: Long!, $e: Long!) { WEB_TRAFFIC { ports(start_time: $s, end_time: $e) { entries { name } } } }`, nil, false},
		"argument below":    {web + `{ entries(first: 1) { name } } } }`, object{"u": "BYTES"}, false},
		"argument of name":  {web + `{ entries { name(limit: 1) } } } }`, object{"u": "BYTES"}, false},
		"limit of a kind":   {web + `{ entries(limit: "1") { name } } } }`, object{"u": "BYTES"}, false},
		"field":             {web + `{ entries { id } } } }`, object{"u": "BYTES"}, false},
		"no list":           {`query Q($by: [IncidentsGroupBy!]!) { CYBER_SECURITY { incidents(categorize_by: $by) { entries { name } } } }`, object{"by": "APP_ID"}, false},
		"element":           {`query Q($by: [IncidentsGroupBy!]!) { CYBER_SECURITY { incidents(categorize_by: $by) { entries { name } } } }`, object{"by": []string{"LOCATION_ID"}}, false},
		"list not closed":   {`query Q($by: [IncidentsGroupBy!) { IOT { device_stats { devices_count } } }`, nil, false},
		"report of devices": {`query Q($s: Long, $e: Long) { IOT { device_stats { devices_count entries(limit: 2) { category } } } }`, nil, true},
	} {
		a := insight(c, test.query, 9, 2, test.variables)
		if got := class(a); (got == "") != test.good {
			t.Errorf("%s: %q: %v", name, got, a)
		}
	}
}

func TestEmptyTenantHasNoReports(t *testing.T) {
	c := start(t, zscalertest.Options{Empty: true, Clock: func() time.Time { return noon }})
	const query = `query Q($s: Long!, $e: Long!) { SHADOW_IT { apps(start_time: $s, end_time: $e) { entries { application } } shadow_it_summary(start_time: $s, end_time: $e) { total_apps } }
		IOT { device_stats { devices_count entries { total } } } }`
	got := insight(c, query, 9, 2, nil)
	want := object{"data": object{
		"SHADOW_IT": object{"apps": object{"entries": []any{}}, "shadow_it_summary": object{"total_apps": json.Number("0")}},
		"IOT":       object{"device_stats": object{"devices_count": json.Number("0"), "entries": []any{}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	for _, path := range []string{"/easm/easm-ui/v1/organizations", "/zcell/config/api/v1/customers/" + c.tenant.ZCellCustomerID + "/tag"} {
		o := c.want(200, "GET", path, "").object()
		if len(rowsOf(answer{value: o}, "results"))+len(rowsOf(answer{value: o}, "content")) > 0 {
			t.Errorf("%s: %v", path, o)
		}
	}
}
