package zia_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// firewallLives are the kinds of objects of the toolset: how one is made and changed, and what it shows then.
var firewallLives = []struct {
	one, many, id string // names in the tools, and the argument that takes the id
	noun          string // in the question before a deletion
	create        map[string]any
	change        map[string]any
	want          map[string]string // by JMESPath expression on the list
}{
	{
		"cloud_firewall_rule", "cloud_firewall_rules", "rule_id", "cloud firewall rule",
		map[string]any{"name": "Probe", "action": "ALLOW", "description": "D", "advanced": map[string]any{
			"nw_services": []any{"2403604", 2403611}, "src_ip_groups": []any{"2403402"}, "dest_countries": []any{"COUNTRY_CA"}, "nw_applications": []any{"SSH"}, "enable_full_logging": true,
		}},
		map[string]any{"action": "BLOCK_ICMP", "enabled": false, "order": 3},
		map[string]string{
			"[0].nwServices[1].name": "Directory services", "[0].srcIpGroups[0].id": "2403402", "[0].destCountries[0]": "COUNTRY_CA", "[0].nwApplications[0]": "SSH",
			"[0].enableFullLogging": "true", "[0].action": "BLOCK_ICMP", "[0].state": "DISABLED", "[0].order": "3", "[0].rank": "7", "[0].description": "D",
		},
	},
	{
		"cloud_firewall_dns_rule", "cloud_firewall_dns_rules", "rule_id", "cloud firewall dns rule",
		map[string]any{"name": "Probe", "action": "REDIR_RES", "rank": 0, "advanced": map[string]any{"redirect_ip": "192.0.2.9", "applications": `["DNSOVERHTTPS"]`, "labels": []any{"2401004"}}},
		map[string]any{"description": "", "advanced": map[string]any{"redirect_ip": "192.0.2.10"}},
		map[string]string{
			"[0].redirectIp": "192.0.2.10", "[0].applications[0]": "DNSOVERHTTPS", "[0].labels[0].name": "Incident 2025-014", "[0].action": "REDIR_RES",
			"[0].state": "ENABLED", "[0].order": "1", "[0].rank": "0", "[0].description": "",
		},
	},
	{
		"cloud_firewall_ips_rule", "cloud_firewall_ips_rules", "rule_id", "cloud firewall ips rule",
		map[string]any{"name": "Probe", "action": "BLOCK_DROP", "enabled": false, "advanced": map[string]any{
			"threat_categories": []any{map[string]any{"id": 66}}, "dest_ip_groups": []any{2403501}, "capture_pcap": true,
		}},
		map[string]any{"action": "BYPASS_IPS", "enabled": true},
		map[string]string{
			"[0].threatCategories[0].id": "66", "[0].destIpGroups[0].name": "Public resolvers", "[0].capturePCAP": "true", "[0].action": "BYPASS_IPS", "[0].state": "ENABLED",
		},
	},
	{
		"ips_signature_rule", "ips_signature_rules", "rule_id", "ips signature rule",
		map[string]any{"name": "Probe", "rule_text": probeText, "description": "D"},
		map[string]any{"description": "E"},
		map[string]string{"[0].ruleText": probeText, "[0].description": "E"},
	},
	{
		"ip_source_group", "ip_source_groups", "group_id", "ip source group",
		map[string]any{"name": "Probe", "ip_addresses": []any{"10.1.0.0/16"}, "description": "D"},
		map[string]any{"ip_addresses": []any{"10.1.0.1", "10.1.0.2"}},
		map[string]string{"[0].ipAddresses[1]": "10.1.0.2", "[0].description": "D"},
	},
	{
		"ip_destination_group", "ip_destination_groups", "group_id", "ip destination group",
		map[string]any{"name": "Probe", "type": "DSTN_OTHER", "countries": []any{"COUNTRY_CA"}, "ip_categories": []any{"CUSTOM_01"}},
		map[string]any{"countries": []any{"COUNTRY_US"}, "description": "D"},
		map[string]string{"[0].countries[0]": "COUNTRY_US", "[0].ipCategories[0]": "CUSTOM_01", "[0].type": "DSTN_OTHER", "[0].description": "D"},
	},
	{
		"network_service", "network_services", "service_id", "network service",
		map[string]any{"name": "Probe", "ports": []any{[]any{"dest", "tcp", "8000", "8099"}, []any{"src", "udp", "9"}}},
		map[string]any{"description": "D"},
		map[string]string{
			"[0].destTcpPorts[0].start": "8000", "[0].destTcpPorts[0].end": "8099", "[0].srcUdpPorts[0].start": "9", "[0].description": "D", "[0].type": "CUSTOM",
		},
	},
	{
		"network_svc_group", "network_svc_groups", "group_id", "network svc group",
		map[string]any{"name": "Probe", "service_ids": []any{"2403604", "2403611"}},
		map[string]any{"service_ids": []any{"2403612"}, "description": "D"},
		map[string]string{"[0].services[0].name": "Build agents", "[0].services[0].id": "2403612", "[0].description": "D"},
	},
	{
		"network_app_group", "network_app_groups", "group_id", "network app group",
		map[string]any{"name": "Probe", "network_applications": []any{"SIP", "RTP"}},
		map[string]any{"network_applications": []any{"SSH"}},
		map[string]string{"[0].networkApplications[0]": "SSH"},
	},
}

const probeText = `alert tcp any any -> any any (msg:"Probe"; content:"probe"; sid:1009999; rev:1;)`

// Every kind of object is created, changed, listed, read, and deleted once the human has agreed to what is named.
func TestLivesInTheFirewall(t *testing.T) {
	for _, life := range firewallLives {
		t.Run(life.one, func(t *testing.T) {
			w := suite.Open(t, nil)
			id := w.Member(t, "zia_create_"+life.one, life.create, "id")
			if got := status(t, w); got != "PENDING" {
				t.Errorf("status after the creation is %s", got)
			}
			life.change[life.id] = id
			w.Must(t, "zia_update_"+life.one, life.change)
			for expression, want := range life.want {
				if got := w.First(t, "zia_list_"+life.many, map[string]any{"search": "prob"}, expression); got != want {
					t.Errorf("%s is %s, want %s", expression, got, want)
				}
			}
			byID := map[string]any{life.id: id}
			if got := w.Member(t, "zia_get_"+life.one, byID, "name"); got != "Probe" {
				t.Errorf("the name became %q", got)
			}
			w.Must(t, "zia_delete_"+life.one, byID)
			if diff := cmp.Diff([]string{fmt.Sprintf("Confirm this deletion: delete %s %q (%s %s)", life.noun, "Probe", life.id, id)}, w.Asked()); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			w.Forget()
			if text, failed := w.Call(t, "zia_delete_"+life.one, byID); !failed || !strings.Contains(text, "status 404") || len(w.Asked()) > 0 || strings.Contains(w.Lines(), "DELETE") {
				t.Errorf("deleted twice: %s; asked %q; requests:\n%s", text, w.Asked(), w.Lines())
			}
		})
	}
}

// An update that names nothing to change writes nothing, and nor does one of an object that is not there.
func TestFirewallUpdatesOfNothing(t *testing.T) {
	w := suite.Open(t, nil)
	for _, life := range firewallLives {
		id := w.First(t, "zia_list_"+life.many, nil, "[-1].id")
		for _, nothing := range []map[string]any{{life.id: id}, {life.id: id, "name": nil}} {
			if text, failed := w.Call(t, "zia_update_"+life.one, nothing); !failed || !strings.Contains(text, "nothing to change") {
				t.Errorf("%s %v: %s", life.one, nothing, text)
			}
		}
		if text, failed := w.Call(t, "zia_update_"+life.one, map[string]any{life.id: "99999999", "name": "Nowhere"}); !failed || !strings.Contains(text, "nothing was changed") {
			t.Errorf("%s: changed what is not there: %s", life.one, text)
		}
		if strings.Contains(w.Lines(), "PUT") {
			t.Fatalf("%s: written all the same:\n%s", life.one, w.Lines())
		}
		w.Must(t, "zia_update_"+life.one, map[string]any{life.id: id, "name": "Renamed"})
		w.Forget()
	}
}

// What a rule holds stays, and so does what is Zscaler's own; what nothing holds goes.
func TestWhatTheFirewallRefusesToDelete(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct{ tool, argument, id, refusal string }{
		{"zia_delete_ip_source_group", "group_id", "2403402", "in use by Allow directory services"},
		{"zia_delete_ip_source_group", "group_id", "2403405", ""},
		{"zia_delete_network_service", "service_id", "2403612", "in use by Farm"},
		{"zia_delete_network_svc_group", "group_id", "2403704", ""},
		{"zia_delete_network_service", "service_id", "2403612", ""},
		{"zia_delete_network_service", "service_id", "2403601", "predefined"},
		{"zia_delete_cloud_firewall_rule", "rule_id", "2403001", "default rule"},
		{"zia_delete_cloud_firewall_rule", "rule_id", "2403002", ""},
	} {
		text, failed := w.Call(t, test.tool, map[string]any{test.argument: test.id})
		if failed != (test.refusal != "") || !strings.Contains(text, test.refusal) {
			t.Errorf("%s %s: refused is %v: %s", test.tool, test.id, failed, text)
		}
	}
}
