package zdx_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool"
)

func TestEveryToolWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	app := w.First(t, "zdx_list_applications", nil, "[0].id")
	user := w.First(t, "zdx_list_application_users", map[string]any{"app_id": app}, "[0].id")
	device := w.First(t, "zdx_list_devices", nil, "[0].id")
	alert := w.First(t, "zdx_list_alerts", nil, "[0].id")
	trace := map[string]any{"device_id": device, "trace_id": w.First(t, "zdx_list_device_deep_traces", map[string]any{"device_id": device}, "[0].trace_id")}
	args := map[string]map[string]any{
		"zdx_get_application":             {"app_id": app, "since": 4},
		"zdx_get_application_metric":      {"app_id": app, "metric_name": "dns", "since": 4},
		"zdx_get_application_score_trend": {"app_id": app},
		"zdx_get_application_user":        {"app_id": app, "user_id": user},
		"zdx_list_application_users":      {"app_id": app},
		"zdx_get_device":                  {"device_id": device},
		"zdx_list_applications":           {"location_id": []string{w.First(t, "zdx_list_locations", nil, "[0].id")}},
		"zdx_list_devices":                {"department_id": []string{w.First(t, "zdx_list_departments", map[string]any{"search": "fin"}, "[0].id")}},
		"zdx_get_alert":                   {"alert_id": alert},
		"zdx_list_alert_affected_devices": {"alert_id": alert, "since": 4, "limit": 3, "location_groups": []int{702}},
		"zdx_list_software":               {"device_ids": []string{device}},
		"zdx_get_software_details":        {"software_key": "acme-browser-140"},
		"zdx_get_web_probes":              {"device_id": device, "app_id": app},
		"zdx_list_cloudpath_probes":       {"device_id": device, "app_id": app, "since": 4},
		"zdx_list_device_deep_traces":     {"device_id": device},
		"zdx_get_analysis":                {"analysis_id": w.Member(t, "zdx_start_analysis", map[string]any{"device_id": device, "app_id": 1}, "analysis_id")},
	}
	for name, spec := range suite.Specs(t) {
		if spec.Effect != tool.Read {
			continue // see TestLifeOfADeepTrace and TestLifeOfAnAnalysis
		}
		arguments := args[name]
		if arguments == nil && strings.Contains(name, "trace") {
			arguments = trace
		}
		text, failed := w.Call(t, name, arguments)
		if failed {
			t.Errorf("%s: %s", name, text)
		}
		if spec.List && text == "[]" {
			t.Errorf("%s: no rows", name)
		}
	}
}

// A band limits the users: the mended spelling of score_bucket is the one that has an effect.
func TestScoreBucketHasAnEffect(t *testing.T) {
	w := suite.Open(t, nil)
	app := w.First(t, "zdx_list_applications", nil, "[0].id")
	band := map[string]string{}
	for _, name := range []string{"poor", "okay", "good"} {
		text, failed := w.Call(t, "zdx_list_application_users", map[string]any{"app_id": app, "score_bucket": name, "query": "[].to_string(id)"})
		if failed {
			t.Fatal(text)
		}
		for id := range strings.SplitSeq(strings.Trim(strings.SplitN(text, "\n", 2)[0], "[]"), ",") {
			if other, twice := band[id]; twice && id != "" {
				t.Errorf("user %s is in both %s and %s", id, other, name)
			}
			band[id] = name
		}
	}
	if len(band) < 3 {
		t.Errorf("too few users to tell: %v", band)
	}
}
