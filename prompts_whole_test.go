package zscalermcp_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// With the whole catalogue every prompt is offered, without a tool that writes too: those of the vendor's server, under their names and with their arguments
// and defaults, and more.
func TestEveryPromptIsOffered(t *testing.T) {
	want := map[string][]string{ // arguments; required ones with a star, defaults behind =
		"zcell_audit_data_usage":           {"since_days=30", "country"},
		"zcell_investigate_sim":            {"iccid*", "since_days=7"},
		"zcell_review_anomaly_policies":    {"since_days=30", "policy_type"},
		"zdx_explain_user_experience":      {"user*", "since_hours=24"},
		"zdx_troubleshoot_user_experience": {"user_or_device*", "application", "since_hours=24"},
		"zia_investigate_blocked_url":      {"url*", "user"},
		"zia_prepare_change":               nil,
		"zpa_audit_application_access":     {"application*", "microtenant_id"},
		"zpa_find_stale_connectors":        {"offline_days=7", "microtenant_id"},
		"zpa_onboard_application":          {"name*", "domains*", "ports*", "connector_group*", "microtenant_id"},
		"zpa_review_access_policy":         {"microtenant_id"},
		"zpa_troubleshoot_application":     {"application*", "user", "microtenant_id"},
	}
	for era, version := range eras {
		listed := listedPrompts(t, promptSession(t, version))
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(listed))); diff != "" {
			t.Errorf("%s: (-want +listed)\n%s", era, diff)
		}
		for name, p := range listed {
			var got []string
			for _, a := range p.Arguments {
				got = append(got, a.Name+marks(a))
			}
			if diff := cmp.Diff(want[name], got); diff != "" {
				t.Errorf("%s, %s: (-want +listed)\n%s", name, era, diff)
			}
		}
	}
}

// marks tell whether an argument is required, and its default, which stands at the end of the description.
func marks(a *mcp.PromptArgument) string {
	if a.Required {
		return "*"
	}
	_, preset, ok := strings.Cut(strings.TrimSuffix(a.Description, "."), " Default: ")
	if !ok {
		return ""
	}
	return "=" + preset
}
