package zcell_test

import (
	"fmt"
	"testing"
)

func TestEveryToolWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	policy := w.First(t, "zcell_list_anomaly_policies", map[string]any{"days": 30}, "[0].id")
	iccid := w.First(t, "zcell_list_anomaly_policy_violations", map[string]any{"policy_id": policy}, "[0].iccid")
	args := map[string]map[string]any{
		"zcell_get_sim_details":                {"icc_id": iccid},
		"zcell_get_sim_location_group":         {"group_id": w.First(t, "zcell_list_sim_location_groups", nil, "[0].id")},
		"zcell_list_anomaly_policy_logs":       {"policy_id": policy, "size": 2},
		"zcell_list_anomaly_policy_violations": {"policy_id": policy, "days": 14},
		"zcell_list_iccid_violations":          {"policy_id": policy, "iccid": iccid},
		"zcell_list_audit_customers_search":    {"operation_type": "UPDATE", "size": 1},
		"zcell_list_network_events":            {"filter_by": []any{map[string]any{"filter_name": "outcome", "operator": "IN", "values": []string{"REJECTED"}}}, "sort_by": map[string]any{"name": "eventName"}, "exclude_apn_config": true, "size": 1},
		"zcell_list_regions":                   {"skip_sku_check": true},
		"zcell_list_sim_analytics_map":         {"icc_ids": []string{iccid}},
		"zcell_list_sims":                      {"tag": []string{"scanner"}, "status": "ACTIVE", "size": 1},
	}
	for name, spec := range suite.Specs(t) {
		text, failed := w.Call(t, name, args[name])
		if failed || spec.List && text == "[]" {
			t.Errorf("%s: error %v: %s", name, failed, text)
		}
	}
}

// Filters have an effect: each finds some SIMs, events or entries, but fewer than there are.
func TestFiltersHaveAnEffect(t *testing.T) {
	w := suite.Open(t, nil)
	const sims = "pageDetails.totalElements"
	for _, test := range []struct {
		tool, count string
		filter      map[string]any
	}{
		{"zcell_list_sims", sims, map[string]any{"iccid": []string{"8933000900100200300"}}},
		{"zcell_list_sims", sims, map[string]any{"status": "INACTIVE"}},
		{"zcell_list_sims", sims, map[string]any{"network_status": "OFFLINE"}},
		{"zcell_list_sims", sims, map[string]any{"ip_address": []string{"100.64.7.12", "100.64.7.13"}}},
		{"zcell_list_sims", sims, map[string]any{"location_country": "Norway"}},
		{"zcell_list_sims", sims, map[string]any{"tag": []string{"pilot"}}},
		{"zcell_list_sims", sims, map[string]any{"device_type": "KIOSK"}},
		{"zcell_list_sims", sims, map[string]any{"brand_name": "Roadlink"}},
		{"zcell_list_sims", sims, map[string]any{"marketing_name": "Truck Router"}},
		{"zcell_list_sims", sims, map[string]any{"model_name": "RS5"}},
		{"zcell_list_sims", sims, map[string]any{"form_factor": "MFF2"}},
		{"zcell_list_sims", sims, map[string]any{"imei_status": "LOCKED"}},
		{"zcell_list_network_events", "length(@)", map[string]any{"days": 1}},
		{"zcell_list_network_events", "length(@)", map[string]any{"filter_by": []any{map[string]any{"filter_name": "outcome", "operator": "IN", "values": []string{"REJECTED"}}}}},
		{"zcell_list_audit_customers_search", "length(@)", map[string]any{"days": 1}},
		{"zcell_list_audit_customers_search", "length(@)", map[string]any{"operation_type": "CREATE"}},
		{"zcell_list_audit_customers_search", "length(@)", map[string]any{"object_type": "TAG"}},
		{"zcell_list_audit_customers_search", "length(@)", map[string]any{"object_name": "pilot"}},
		{"zcell_list_audit_customers_search", "length(@)", map[string]any{"object_id": "41"}},
		{"zcell_list_audit_customers_search", "length(@)", map[string]any{"modified_by_user_id": "9001"}},
		{"zcell_list_anomaly_policies", "length(@)", map[string]any{"policy_type": "DATA_USAGE"}},
		{"zcell_list_anomaly_policies", "sum([].violations)", map[string]any{"days": 1}},
		{"zcell_list_tags", "length(@)", map[string]any{"name": "scan"}},
		{"zcell_list_sim_location_groups", "length(@)", map[string]any{"name": "paris"}},
		{"zcell_list_sim_usage_by_sim", "length(@)", map[string]any{"limit": 2}},
		{"zcell_list_sim_analytics_map", "length(@)", map[string]any{"icc_ids": []string{"8933000900100200300"}}},
		{"zcell_list_sim_usage_by_day", "sum([].usage)", map[string]any{"icc_id": "8933000900100200301"}},
	} {
		all := number(w.First(t, test.tool, nil, test.count))
		if got := number(w.First(t, test.tool, test.filter, test.count)); got == 0 || got >= all {
			t.Errorf("%s %v: %d of %d", test.tool, test.filter, got, all)
		}
	}
}

func number(text string) (n int) {
	fmt.Sscan(text, &n)
	return n
}
