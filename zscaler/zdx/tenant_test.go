package zdx_test

import (
	"strings"
	"testing"
)

func TestEveryToolWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	app := w.First(t, "zdx_list_applications", nil, "[0].id")
	user := w.First(t, "zdx_list_application_users", map[string]any{"app_id": app}, "[0].id")
	args := map[string]map[string]any{
		"zdx_get_application":             {"app_id": app, "since": 4},
		"zdx_get_application_metric":      {"app_id": app, "metric_name": "dns", "since": 4},
		"zdx_get_application_score_trend": {"app_id": app},
		"zdx_get_application_user":        {"app_id": app, "user_id": user},
		"zdx_list_application_users":      {"app_id": app},
		"zdx_get_device":                  {"device_id": w.First(t, "zdx_list_devices", nil, "[0].id")},
		"zdx_list_applications":           {"location_id": []string{w.First(t, "zdx_list_locations", nil, "[0].id")}},
		"zdx_list_devices":                {"department_id": []string{w.First(t, "zdx_list_departments", map[string]any{"search": "fin"}, "[0].id")}},
	}
	for name, spec := range suite.Specs(t) {
		text, failed := w.Call(t, name, args[name])
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
