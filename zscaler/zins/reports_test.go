package zins_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// graph answers every query with body.
func graph(body string) paritytest.Answer {
	return paritytest.Paths(map[string]string{"POST /zins/graphql": body})
}

// Rows are the entries, byte for byte; names that are obfuscated are told of.
func TestRowsAreTheEntries(t *testing.T) {
	const entries = `[{"name":"a","total":9007199254740993,"entries":[{"name":"b","total":1.50}]}]`
	for answer, want := range map[string]string{
		`{"obfuscated":false,"entries":` + entries + `}`: entries,
		`{"obfuscated":true,"entries":` + entries + `}`:  entries + "\nThe names are obfuscated: the API client's role may not see them.",
		`{"obfuscated":false,"entries":null}`:            "[]",
		`null`:                                           "[]",
	} {
		w := suite.Open(t, graph(`{"data":{"CYBER_SECURITY":{"incidents":`+answer+`}}}`))
		if text, failed := w.Call(t, "zins_get_cyber_incidents", nil); failed || text != want {
			t.Errorf("%s: error %v: %s", answer, failed, text)
		}
	}
}

// The two reports that are no lists come back as they are.
func TestSingleReports(t *testing.T) {
	for name, root := range map[string][2]string{
		"zins_get_shadow_it_summary": {"SHADOW_IT", "shadow_it_summary"}, "zins_get_iot_device_stats": {"IOT", "device_stats"},
	} {
		const report = `{"total_bytes":9007199254740993, "entries":[{"total":1}],"future":null}`
		w := suite.Open(t, graph(`{"data":{"`+root[0]+`":{"`+root[1]+`":`+report+`}}}`))
		if text, failed := w.Call(t, name, nil); failed || text != report {
			t.Errorf("%s: error %v: %s", name, failed, text)
		}
		w = suite.Open(t, graph(`{"data":{"`+root[0]+`":{"`+root[1]+`":null}}}`))
		if text, failed := w.Call(t, name, nil); !failed || !strings.Contains(text, "nothing found") {
			t.Errorf("%s of nothing: error %v: %s", name, failed, text)
		}
	}
}

// Errors with status 200 are errors that say what they mean here.
func TestFailuresOfQueriesAreErrors(t *testing.T) {
	for classification, want := range map[string]string{"INTERNAL_ERROR": "no licence", "BAD_REQUEST": "7 or 14 days", "FORBIDDEN": "ask an administrator"} {
		w := suite.Open(t, func(paritytest.Request) (int, string) {
			return http.StatusOK, `{"errors":[{"message":"Something went wrong","extensions":{"classification":"` + classification + `"}}],"data":{"IOT":{"device_stats":null}}}`
		})
		if text, failed := w.Call(t, "zins_get_iot_device_stats", nil); !failed || !strings.Contains(text, want) {
			t.Errorf("%s: error %v: %s", classification, failed, text)
		}
	}
}

// What is sent beside the window: filters only when they are set, the trend's switch always.
func TestVariables(t *testing.T) {
	const empty = `{"data":{"WEB_TRAFFIC":{"no_grouping":{"entries":[]},"location":{"entries":[]}},"CYBER_SECURITY":{"incidents":{"entries":[]},"cyber_security_location":{"entries":[]}}}}`
	for _, test := range []struct {
		tool string
		args map[string]any
		want string // variables without the window
	}{
		{"zins_get_web_traffic_by_location", nil, `{"trafficUnit":"TRANSACTIONS","includeTrend":false,"limit":50}`},
		{"zins_get_web_traffic_by_location", map[string]any{"traffic_unit": "BYTES", "include_trend": true, "trend_interval": "DAY", "limit": 1000},
			`{"trafficUnit":"BYTES","includeTrend":true,"trendInterval":"DAY","limit":1000}`},
		{"zins_get_web_traffic_no_grouping", map[string]any{"dlp_engine_filter": nil, "action_filter": nil, "trend_interval": nil, "start_time": nil},
			`{"trafficUnit":"TRANSACTIONS","includeTrend":false,"limit":50}`},
		{"zins_get_web_traffic_no_grouping", map[string]any{"dlp_engine_filter": "HIPAA", "action_filter": "BLOCK"},
			`{"trafficUnit":"TRANSACTIONS","dlpEngineFilter":"HIPAA","actionFilter":"BLOCK","includeTrend":false,"limit":50}`},
		{"zins_get_cyber_incidents", nil, `{"categorizeBy":["THREAT_CATEGORY_ID"],"limit":50}`},
		{"zins_get_cyber_incidents", map[string]any{"categorize_by": []string{}}, `{"categorizeBy":["THREAT_CATEGORY_ID"],"limit":50}`},
		{"zins_get_cyber_incidents", map[string]any{"categorize_by": []string{"APP_ID", "TIME"}}, `{"categorizeBy":["APP_ID","TIME"],"limit":50}`},
		{"zins_get_cyber_incidents_daily", nil, `{"categorizeBy":["TIME"],"limit":50}`},
		{"zins_get_cyber_incidents_by_threat_and_app", nil, `{"categorizeBy":["THREAT_CATEGORY_ID","APP_ID"],"limit":50}`},
		{"zins_get_cyber_incidents_by_location", nil, `{"categorizeBy":"LOCATION_ID","limit":50}`},
	} {
		w := suite.Open(t, graph(empty))
		w.Must(t, test.tool, test.args)
		variables := w.Last(t).Body.(map[string]any)["variables"].(map[string]any)
		delete(variables, "startTime")
		delete(variables, "endTime")
		if diff := cmp.Diff(paritytest.JSON(t, test.want), any(variables)); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", test.tool, test.args, diff)
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	for _, test := range []struct {
		tool     string
		refused  map[string]any
		accepted map[string]any
	}{
		{"zins_get_web_protocols", map[string]any{"traffic_unit": "PACKETS"}, map[string]any{"traffic_unit": "BYTES"}},
		{"zins_get_web_protocols", map[string]any{"limit": 0}, map[string]any{"limit": 1}},
		{"zins_get_web_protocols", map[string]any{"limit": 1001}, map[string]any{"limit": 1000}},
		{"zins_get_web_protocols", map[string]any{"end_days_ago": 0}, map[string]any{"end_days_ago": 1}},
		{"zins_get_web_traffic_by_location", map[string]any{"trend_interval": "WEEK"}, map[string]any{"trend_interval": "HOUR"}},
		{"zins_get_web_traffic_no_grouping", map[string]any{"action_filter": "DROP"}, map[string]any{"action_filter": "ALLOW"}},
		{"zins_get_web_traffic_no_grouping", map[string]any{"dlp_engine_filter": "SOX"}, map[string]any{"dlp_engine_filter": "NONE"}},
		{"zins_get_cyber_incidents", map[string]any{"categorize_by": []string{"LOCATION_ID"}}, map[string]any{"categorize_by": []string{"SRC_COUNTRY"}}},
	} {
		w := suite.Open(t, nil)
		if text, failed := w.Call(t, test.tool, test.refused); !failed || w.Lines() != "" {
			t.Errorf("%s %v: error %v: %s", test.tool, test.refused, failed, text)
		}
		if text, failed := w.Call(t, test.tool, test.accepted); failed {
			t.Errorf("%s %v: %s", test.tool, test.accepted, text)
		}
	}
}

// Arguments have an effect with the simulated tenant.
func TestArgumentsHaveAnEffect(t *testing.T) {
	w := suite.Open(t, nil)
	total := func(tool string, args map[string]any) string { return w.First(t, tool, args, "sum([].total)") }
	all := total("zins_get_web_traffic_no_grouping", nil)
	for name, value := range map[string]any{"action_filter": "BLOCK", "dlp_engine_filter": "PCI", "traffic_unit": "BYTES", "start_days_ago": 16} {
		if got := total("zins_get_web_traffic_no_grouping", map[string]any{name: value}); got == all {
			t.Errorf("%s=%v: still %s", name, value, all)
		}
	}
	if got := w.First(t, "zins_get_threat_class", map[string]any{"limit": 2}, "length(@)"); got != "2" {
		t.Errorf("limit of 2: %s rows", got)
	}
	if got := w.First(t, "zins_get_cyber_incidents_daily", map[string]any{"start_days_ago": 9}, "length(@)"); got != "7" {
		t.Errorf("a week has %s days", got)
	}
	inner := w.First(t, "zins_get_cyber_incidents_by_threat_and_app", nil, "[0].entries[0].name")
	if single := w.First(t, "zins_get_cyber_incidents", map[string]any{"categorize_by": []string{"APP_ID"}}, "[0].name"); inner != single {
		t.Errorf("inner group begins with %s, the outer one with %s", inner, single)
	}
}

// Rows that came beside an error are shown, with what is missing.
func TestRowsBesideAnError(t *testing.T) {
	w := suite.Open(t, graph(`{"errors":[{"message":"one shard is down"}],"data":{"SAAS_SECURITY":{"casb_app":{"entries":[{"name":"a","total":1}]}}}}`))
	if text, failed := w.Call(t, "zins_get_casb_app_report", nil); failed || !strings.HasPrefix(text, "name,total\na,1\n") || !strings.Contains(text, "The answer is incomplete") || !strings.Contains(text, "one shard is down") {
		t.Errorf("error %v: %s", failed, text)
	}
}
