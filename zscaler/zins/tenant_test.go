package zins_test

import "testing"

// The simulated tenant parses the documents and knows the schema: every query is a valid one, and brings what it is for.
func TestEveryToolWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	args := map[string]map[string]any{
		"zins_get_cyber_incidents":         {"categorize_by": []string{"USER_ID", "SRC_COUNTRY"}, "start_days_ago": 9},
		"zins_get_web_traffic_by_location": {"include_trend": true, "trend_interval": "HOUR", "traffic_unit": "BYTES", "limit": 2},
		"zins_get_web_traffic_no_grouping": {"dlp_engine_filter": "PCI", "action_filter": "BLOCK", "include_trend": true},
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
