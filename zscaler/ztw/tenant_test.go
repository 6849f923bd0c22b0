package ztw_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

func TestEveryReaderWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	args := map[string]map[string]any{
		"ztw_list_admins":                 {"search": "ada", "include_admin_users": true, "page": 1, "page_size": 5},
		"ztw_list_roles":                  {"include_auditor_role": true},
		"ztw_list_public_cloud_info":      {"cloud_type": "AWS", "search": "data", "page": 1, "page_size": 5},
		"ztw_list_public_account_details": {"page": 2, "page_size": 2},
		"ztw_list_network_services":       {"protocol": "TCP", "search": "pay", "locale": "en-US"},
	}
	for name, spec := range suite.Specs(t) {
		if spec.Effect != tool.Read {
			continue
		}
		if text, failed := w.Call(t, name, args[name]); failed || spec.List && text == "[]" {
			t.Errorf("%s: error %v: %s", name, failed, text)
		}
	}
}

// Each filter has an effect on what the tenant answers.
func TestFiltersHaveAnEffect(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct {
		tool string
		args map[string]any
		want string // names
	}{
		{"ztw_list_roles", map[string]any{"include_partner_role": true, "search": "partner"}, `["Partner Support"]`},
		{"ztw_list_roles", map[string]any{"search": "partner"}, `[]`},
		{"ztw_list_roles", map[string]any{"role_ids": []string{"3310102", "3310103"}}, `["Network Admin","Read Only"]`},
		{"ztw_list_public_cloud_info", map[string]any{"cloud_type": "GCP"}, `["Acme analytics"]`},
		{"ztw_list_network_services", map[string]any{"protocol": "ICMP"}, `["ICMP_ANY"]`},
		{"ztw_list_ip_groups", map[string]any{"search": "oslo"}, `["Pool Oslo"]`},
		{"ztw_list_network_service_groups", map[string]any{"search": "web"}, `["Web"]`},
	} {
		args := map[string]any{"query": "[].name"}
		for name, value := range test.args {
			args[name] = value
		}
		if text, _, _ := strings.Cut(w.Must(t, test.tool, args), "\n"); text != test.want {
			t.Errorf("%s %v: %s, want %s", test.tool, test.args, text, test.want)
		}
	}
}

// The record comes through whole under settings; a list of settings, which the vendor's Go client
// expects, too.
func TestDiscoverySettings(t *testing.T) {
	for answer, want := range map[string]string{
		`{"discoveryRole":"r","externalId":"e","new":9007199254740993}`: `{"discovery_role":"r","external_id":"e","settings":{"discoveryRole":"r","externalId":"e","new":9007199254740993}}`,
		`{"trustedRoleName":"z"}`:                 `{"discovery_role":null,"external_id":null,"settings":{"trustedRoleName":"z"}}`,
		`[{"externalId":"e"},{"externalId":"f"}]`: `{"discovery_role":null,"external_id":"e","settings":[{"externalId":"e"},{"externalId":"f"}]}`,
		`[]`: `{"discovery_role":null,"external_id":null,"settings":[]}`,
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET /ztw/api/v1/discoveryService/workloadDiscoverySettings": answer}))
		if got := w.Must(t, "ztw_get_discovery_settings", nil); cmp.Diff(paritytest.JSON(t, want), paritytest.JSON(t, got)) != "" || !strings.Contains(got, answer) {
			t.Errorf("%s becomes %s, want %s", answer, got, want)
		}
	}
	for _, answer := range []string{``, `null`, `"x"`, `[1]`} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET /ztw/api/v1/discoveryService/workloadDiscoverySettings": answer}))
		if text, failed := w.Call(t, "ztw_get_discovery_settings", nil); !failed {
			t.Errorf("%q becomes %s, want an error", answer, text)
		}
	}
}
