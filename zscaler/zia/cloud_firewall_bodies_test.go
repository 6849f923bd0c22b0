package zia_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const firewallBase = "/zia/api/v1/"

// What is created goes out in the form that the service takes: a member that was not given is null where it
// always has been, ids are references, ports are lists of ranges.
func TestFirewallCreations(t *testing.T) {
	for _, test := range []struct{ tool, args, path, want string }{
		{
			"zia_create_cloud_firewall_rule", `{"name":"n","action":"ALLOW","enabled":false,"advanced":{"dest_ip_groups":["11"],"src_ips":"[\"10.0.0.1\"]","nw_applications":null}}`,
			"firewallFilteringRules", `{"name":"n","action":"ALLOW","state":"DISABLED","order":1,"rank":7,"destIpGroups":[{"id":11}],"srcIps":["10.0.0.1"]}`,
		},
		{
			"zia_create_cloud_firewall_dns_rule", `{"name":"n","action":"BLOCK","order":4,"rank":0,"description":"","advanced":{"res_categories":["GAMBLING"],"order":4}}`,
			"firewallDnsRules", `{"name":"n","action":"BLOCK","state":"ENABLED","order":4,"rank":0,"description":"","resCategories":["GAMBLING"]}`,
		},
		{
			"zia_create_cloud_firewall_ips_rule", `{"name":"n","action":"BLOCK_DROP","advanced":{"capture_pcap":true,"time_windows":[{"id":5}],"dest_countries":["COUNTRY_CA"]}}`,
			"firewallIpsRules", `{"name":"n","action":"BLOCK_DROP","state":"ENABLED","order":1,"rank":7,"capturePCAP":true,"timeWindows":[{"id":5}],"destCountries":["COUNTRY_CA"]}`,
		},
		{"zia_create_ip_source_group", `{"name":"n","ip_addresses":["10.0.0.1"]}`, "ipSourceGroups", `{"name":"n","ipAddresses":["10.0.0.1"],"description":null}`},
		{
			"zia_create_ip_destination_group", `{"name":"n","type":"DSTN_OTHER","countries":["CA"]}`, "ipDestinationGroups",
			`{"name":"n","type":"DSTN_OTHER","countries":["CA"],"addresses":null,"description":null,"ipCategories":null}`,
		},
		{
			"zia_create_ip_destination_group", `{"name":"n","type":"DSTN_IP","addresses":["192.0.2.1"]}`, "ipDestinationGroups",
			`{"name":"n","type":"DSTN_IP","countries":null,"addresses":["192.0.2.1"],"description":null,"ipCategories":null}`,
		},
		{
			"zia_create_network_service", `{"name":"n","description":"","ports":[["dest","tcp","443"],["DEST","TCP","8000","8099"],["src","udp","53","53"]]}`, "networkServices",
			`{"name":"n","destTcpPorts":[{"start":443},{"start":8000,"end":8099}],"srcUdpPorts":[{"start":53,"end":53}]}`,
		},
		{"zia_create_network_svc_group", `{"name":"n","service_ids":["773995","x"]}`, "networkServiceGroups", `{"name":"n","services":[{"id":773995},{"id":"x"}],"description":null}`},
		{"zia_create_network_app_group", `{"name":"n","network_applications":["SSH"],"description":"d"}`, "networkApplicationGroups", `{"name":"n","networkApplications":["SSH"],"description":"d"}`},
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"POST " + firewallBase + test.path: `{"id":1,"new":9007199254740993}`}))
		if got := w.Must(t, test.tool, paritytest.JSON(t, test.args)); got != `{"id":1,"new":9007199254740993}` {
			t.Errorf("%s: the answer became %s", test.tool, got)
		}
		if diff := cmp.Diff(paritytest.JSON(t, test.want), w.Last(t).Body); diff != "" {
			t.Errorf("%s: body (-want +got):\n%s", test.tool, diff)
		}
	}
}

// An update reads the object and sends it back whole; ports and lists of ids are replaced whole.
func TestFirewallUpdates(t *testing.T) {
	const (
		filtering = `{"id":9,"name":"o","order":-1,"rank":7,"state":"ENABLED","action":"ALLOW","accessControl":"READ_WRITE","defaultRule":true,"predefined":false,
			"lastModifiedTime":1,"lastModifiedBy":{"id":1},"destIpGroups":[{"id":11,"name":"g"}],"eunTemplateId":14,"endPointApplications":[]}`
		service = `{"id":9,"name":"o","srcTcpPorts":[],"destTcpPorts":[{"start":389},{"start":3268,"end":3269}],"destUdpPorts":[{"start":389}],"type":"CUSTOM","description":"d","isNameL10nTag":false}`
		group   = `{"id":9,"name":"o","services":[{"id":773995,"name":"ICMP_ANY","isNameL10nTag":true}],"description":"d","creatorContext":"ZIA"}`
		dests   = `{"id":9,"name":"o","type":"DSTN_IP","addresses":["192.0.2.1"],"ipAddresses":["192.0.2.1"],"urlCategories":["A"],"countries":[]}`
		sources = `{"id":9,"name":"o","ipAddresses":["192.0.2.1"],"description":"d","extranetIpPool":false}`
		text    = `{"id":9,"name":"o","ruleText":"t","category":{"id":64,"name":"ADVANCED_SECURITY"},"enabled":true}`
	)
	for _, test := range []struct{ tool, args, path, have, want string }{
		{
			"zia_update_cloud_firewall_rule", `{"rule_id":"9","action":"BLOCK_DROP"}`, "firewallFilteringRules", filtering,
			`{"id":9,"name":"o","order":-1,"rank":7,"state":"ENABLED","action":"BLOCK_DROP","destIpGroups":[{"id":11}],"eunTemplateId":14,"endPointApplications":[]}`,
		},
		{
			"zia_update_network_service", `{"service_id":"9","name":"n"}`, "networkServices", service, strings.Replace(service, `"o"`, `"n"`, 1),
		},
		{
			"zia_update_network_service", `{"service_id":"9","ports":[["src","tcp","1"]]}`, "networkServices", service,
			`{"id":9,"name":"o","srcTcpPorts":[{"start":1}],"type":"CUSTOM","description":"d","isNameL10nTag":false}`,
		},
		{
			"zia_update_network_svc_group", `{"group_id":"9","description":""}`, "networkServiceGroups", group,
			`{"id":9,"name":"o","services":[{"id":773995}],"description":"","creatorContext":"ZIA"}`,
		},
		{
			"zia_update_network_svc_group", `{"group_id":"9","service_ids":["5"]}`, "networkServiceGroups", group,
			`{"id":9,"name":"o","services":[{"id":5}],"description":"d","creatorContext":"ZIA"}`,
		},
		{
			"zia_update_ip_destination_group", `{"group_id":"9","addresses":["192.0.2.7"]}`, "ipDestinationGroups", dests,
			`{"id":9,"name":"o","type":"DSTN_IP","addresses":["192.0.2.7"],"urlCategories":["A"],"countries":[]}`,
		},
		{
			"zia_update_ip_source_group", `{"group_id":"9","name":"n"}`, "ipSourceGroups", sources, strings.Replace(sources, `"o"`, `"n"`, 1),
		},
		{
			"zia_update_ips_signature_rule", `{"rule_id":"9","name":"n"}`, "ipsSignatureRules", text, strings.Replace(text, `"o"`, `"n"`, 1),
		},
	} {
		path := firewallBase + test.path + "/9"
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + path: test.have, "PUT " + path: test.have}))
		w.Must(t, test.tool, paritytest.JSON(t, test.args))
		if got, want := w.Lines(), "GET "+path+"\nPUT "+path; got != want {
			t.Errorf("%s %s: requests:\n%s\nwant:\n%s", test.tool, test.args, got, want)
		}
		if diff := cmp.Diff(paritytest.JSON(t, test.want), w.Last(t).Body); diff != "" {
			t.Errorf("%s %s: body (-want +got):\n%s", test.tool, test.args, diff)
		}
	}
}

// The addresses that the service answers a second time come through, as everything does.
func TestDestinationGroupsComeWhole(t *testing.T) {
	const group = `{"id":9,"name":"o","addresses":["192.0.2.1"],"ipAddresses":["192.0.2.1"],"creatorContext":"ZIA"}`
	path := firewallBase + "ipDestinationGroups"
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + path: "[" + group + "]", "GET " + path + "/9": group}))
	if got := w.Must(t, "zia_get_ip_destination_group", map[string]any{"group_id": "9"}); got != group {
		t.Errorf("the group became %s", got)
	}
	if got := w.First(t, "zia_list_ip_destination_groups", nil, "[].ipAddresses[]"); got != "192.0.2.1" {
		t.Errorf("the addresses became %s", got)
	}
}

// Ports that are none are refused with their place, before anything is sent, on creation and update.
func TestPortsOfServices(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{
		"POST /zia/api/v1/networkServices": "{}", "GET /zia/api/v1/networkServices/9": "{}", "PUT /zia/api/v1/networkServices/9": "{}",
	}))
	for ports, refusal := range map[string]string{
		`[["dest","tcp","1"]]`: "", `[["src","udp","65535"]]`: "", `[["dest","udp","10","10"]]`: "", `[["Dest","Tcp"," 80 "]]`: "",
		`[["dest","tcp","0"]]`: `"0" is no port`, `[["dest","tcp","65536"]]`: `"65536" is no port`, `[["dest","tcp","-1"]]`: "no port", `[["dest","tcp","80-90"]]`: "no port",
		`[["dest","tcp","1"],["dest","udp","10","9"]]`: "entry 2: the last port, 9, is below the first, 10", `[["dest","tcp","10",""]]`: "no port",
		`[["dst","tcp","1"]]`: "src or dest", `[["dest","icmp","1"]]`: "tcp or udp", `[["dest","tcp"]]`: "entry 1: has 2 parts", `[["dest","tcp","1","2","3"]]`: "has 5 parts", `[[]]`: "has 0 parts",
	} {
		for tool, args := range map[string]string{"zia_create_network_service": `{"name":"n","ports":`, "zia_update_network_service": `{"service_id":"9","ports":`} {
			text, failed := w.Call(t, tool, paritytest.JSON(t, args+ports+"}"))
			if failed != (refusal != "") || !strings.Contains(text, refusal) || failed && (strings.Contains(w.Lines(), "POST") || strings.Contains(w.Lines(), "PUT")) {
				t.Errorf("%s %s: refused is %v: %s\n%s", tool, ports, failed, text, w.Lines())
			}
			w.Forget()
		}
	}
}

// Bounds of order and rank, and the types of a group of destinations, from both sides.
func TestFirewallBounds(t *testing.T) {
	everything := func(paritytest.Request) (int, string) { return 200, `{"id":9,"name":"o"}` }
	for _, kind := range []string{"rule", "dns_rule", "ips_rule"} {
		w := suite.Open(t, everything)
		for arg, refused := range map[string]bool{
			`"order":0`: true, `"order":1`: false, `"order":true`: true, `"rank":-1`: true, `"rank":0`: false, `"rank":7`: false, `"rank":8`: true, `"rank":false`: true,
		} {
			for _, call := range [][2]string{{"zia_create_cloud_firewall_" + kind, `"name":"n","action":"ALLOW"`}, {"zia_update_cloud_firewall_" + kind, `"rule_id":"9"`}} {
				if text, failed := w.Call(t, call[0], paritytest.JSON(t, "{"+call[1]+","+arg+"}")); failed != refused {
					t.Errorf("%s %s: refused is %v: %s", call[0], arg, failed, text)
				}
			}
		}
	}
	w := suite.Open(t, everything)
	for kind, refused := range map[string]bool{"DSTN_IP": false, "DSTN_FQDN": false, "DSTN_DOMAIN": false, "DSTN_OTHER": false, "dstn_ip": true, "": true, "DSTN_IPX": true} {
		for tool, args := range map[string]map[string]any{"zia_create_ip_destination_group": {"name": "n"}, "zia_update_ip_destination_group": {"group_id": "9"}} {
			args["type"] = kind
			if text, failed := w.Call(t, tool, args); failed != refused {
				t.Errorf("%s %q: refused is %v: %s", tool, kind, failed, text)
			}
		}
	}
}
