package zdx_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// The mended defect: members of several words come through, byte for byte, as do members that nobody
// has heard of.
func TestAnswersComeThroughVerbatim(t *testing.T) {
	const (
		app    = `{"id":1,"name":"SharePoint","score":81.50,"most_impacted_region":{"id":"1.2","geo_type":"country"},"total_users":9007199254740993}`
		device = `{"id":7,"name":"LT-7","hardware":{"hw_model":"X1","hw_serial":"S"},"future_member":{"a":1}}`
		user   = `{"id":3,"name":"Ann","devices":[{"id":7,"geo_loc":[{"id":"1.2","time_stamp":1700000000}]}]}`
	)
	w := suite.Open(t, paritytest.Paths(map[string]string{
		"GET /zdx/v1/apps/1": app, "GET /zdx/v1/devices/7": device, "GET /zdx/v1/apps/1/users/3": user, "GET /zdx/v1/apps": "[" + app + "]",
	}))
	for _, test := range []struct {
		tool string
		args map[string]any
		want string
	}{
		{"zdx_get_application", map[string]any{"app_id": "1"}, app},
		{"zdx_get_device", map[string]any{"device_id": "7"}, device},
		{"zdx_get_application_user", map[string]any{"app_id": "1", "user_id": "3"}, user},
		{"zdx_list_applications", nil, "[" + app + "]"},
	} {
		if text, failed := w.Call(t, test.tool, test.args); failed || text != test.want {
			t.Errorf("%s: error %v\ngot  %s\nwant %s", test.tool, failed, text, test.want)
		}
	}
}

// The mended defect: the trend is an array of metrics, not an object; an object would come through too.
func TestScoreTrendOfEitherShape(t *testing.T) {
	for _, trend := range []string{
		`[{"metric":"score","unit":"","datapoints":[{"timestamp":1700000000,"value":81.5}]}]`,
		`{"metric":"score","datapoints":[{"timestamp":1700000000,"value":81.5}]}`,
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zdx/v1/apps/1/score": trend}))
		if text, failed := w.Call(t, "zdx_get_application_score_trend", map[string]any{"app_id": "1"}); failed || text != trend {
			t.Errorf("error %v: %s, want %s", failed, text, trend)
		}
	}
}

// Rows stand in a member of the answer; next_offset, which the vendor's server drops, is told.
func TestRowsOfPages(t *testing.T) {
	for _, test := range []struct {
		tool string
		args map[string]any
		path string
		body string
		want string
		note string // "" for none
	}{
		{
			"zdx_list_devices", nil, "/zdx/v1/devices", `{"devices":[{"id":7,"userid":3}],"next_offset":"b2Zmc2V0"}`,
			"id,userid\n7,3\n", "offset=b2Zmc2V0",
		},
		{"zdx_list_devices", map[string]any{"offset": "b2Zmc2V0"}, "/zdx/v1/devices", `{"devices":[{"id":8}],"next_offset":null}`, "id\n8\n", ""},
		{"zdx_list_application_users", map[string]any{"app_id": "1"}, "/zdx/v1/apps/1/users", `{"users":[{"id":3}],"next_offset":"abc"}`, "id\n3\n", "more rows"},
		{"zdx_list_application_users", map[string]any{"app_id": "1"}, "/zdx/v1/apps/1/users", `{"users":[],"next_offset":""}`, "[]", ""},
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + test.path: test.body}))
		text, failed := w.Call(t, test.tool, test.args)
		table, note, _ := strings.Cut(text, "There ")
		if failed || strings.TrimSpace(table) != strings.TrimSpace(test.want) {
			t.Errorf("%s %v: error %v: %q", test.tool, test.args, failed, text)
		}
		if (note != "") != (test.note != "") || !strings.Contains(note, test.note) {
			t.Errorf("%s %v: note %q, want %q in it", test.tool, test.args, note, test.note)
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zdx/v1/apps/1/users": `{"users":[]}`, "GET /zdx/v1/apps/1/metrics": "[]"}))
	for _, test := range []struct {
		tool    string
		args    map[string]any
		refused bool
	}{
		{"zdx_list_application_users", map[string]any{"app_id": "1", "since": 0}, true},
		{"zdx_list_application_users", map[string]any{"app_id": "1", "since": 1}, false},
		{"zdx_list_application_users", map[string]any{"app_id": "1", "score_bucket": "bad"}, true},
		{"zdx_list_application_users", map[string]any{"app_id": "1", "score_bucket": "okay"}, false},
		{"zdx_list_application_users", map[string]any{"app_id": ""}, true},
		{"zdx_get_application_metric", map[string]any{"app_id": "1", "metric_name": "score"}, true},
		{"zdx_get_application_metric", map[string]any{"app_id": "1", "metric_name": "pft"}, false},
	} {
		if text, failed := w.Call(t, test.tool, test.args); failed != test.refused {
			t.Errorf("%s %v: refused is %v: %s", test.tool, test.args, failed, text)
		}
	}
	if got := strings.Count(w.Lines(), "GET"); got != 3 {
		t.Errorf("%d requests, want only the 3 lawful ones:\n%s", got, w.Lines())
	}
}

// Empty lists and texts count as absent, and "since" is the only source of times.
func TestEmptyArgumentsAreNotSent(t *testing.T) {
	args := map[string]any{"emails": []string{}, "user_ids": []string{}, "location_id": []string{}, "mac_address": "", "offset": "", "since": nil}
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zdx/v1/devices": `{"devices":[]}`}))
	if text, failed := w.Call(t, "zdx_list_devices", args); failed {
		t.Error(text)
	}
	if got := w.Lines(); got != "GET /zdx/v1/devices" {
		t.Errorf("request: %s", got)
	}
}
