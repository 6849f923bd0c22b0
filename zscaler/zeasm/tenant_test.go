package zeasm_test

import "testing"

func TestEveryToolWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	org := w.First(t, "zeasm_list_organizations", nil, "[0].id")
	finding := map[string]any{"org_id": org, "finding_id": w.First(t, "zeasm_list_findings", map[string]any{"org_id": org}, "[0].id")}
	args := map[string]map[string]any{
		"zeasm_list_organizations":      nil,
		"zeasm_get_finding_details":     finding,
		"zeasm_get_finding_evidence":    finding,
		"zeasm_get_finding_scan_output": finding,
		"zeasm_get_lookalike_domain":    {"org_id": org, "lookalike_raw": "acme-login.example.org"},
		"zeasm_list_findings":           {"org_id": org},
		"zeasm_list_lookalike_domains":  {"org_id": org},
	}
	for name, spec := range suite.Specs(t) {
		text, failed := w.Call(t, name, args[name])
		if failed || spec.List && text == "[]" {
			t.Errorf("%s: error %v: %s", name, failed, text)
		}
	}
}
