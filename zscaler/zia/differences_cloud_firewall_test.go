package zia_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

// cloudFirewallDifferences are the deliberate departures of zia_cloud_firewall.
var cloudFirewallDifferences = []paritytest.Difference{
	{
		Tools: []string{"zia_create_cloud_firewall*_rule", "zia_update_cloud_firewall*_rule"},
		Text:  "`order` (from 1) and `rank` (0 to 7) advertise the bounds that the reference checks without saying so.",
		Params: map[string]func(*paritytest.Param){
			"order": ordered, "rank": ranked,
		},
	},
	{
		Tools: []string{
			"zia_update_ip_source_group", "zia_update_ip_destination_group", "zia_update_network_app_group", "zia_update_network_service", "zia_update_network_svc_group",
		},
		Text: "Name, type and lists may be left out and then stay as they are: the object is read anyway, so that a change of one need not repeat the others.",
		Params: map[string]func(*paritytest.Param){
			"name": optional, "type": optional, "ip_addresses": optional, "network_applications": optional, "service_ids": optional,
		},
	},
	{
		Tools: []string{"zia_update_ip_destination_group"},
		Test:  "TestDestinationGroupsComeWhole",
		Text:  "`ipAddresses`, the service's second copy of the addresses, is not written back: it would contradict new addresses.",
	},
	{
		Tools: []string{"zia_get_ip_destination_group", "zia_list_ip_destination_groups"},
		Text:  "`ipAddresses` of the record comes through; the reference loses it.", Defect: true, Test: "TestDestinationGroupsComeWhole",
	},
	{
		Tools: []string{"zia_create_network_service", "zia_update_network_service"},
		Text: "Ports that are none, a range that ends before it begins, and directions and protocols other than src, dest, tcp and udp are refused before any request, with their place; " +
			"the reference invents a member for them, or fails without saying where.",
		Elsewhere: "TestPortsOfServices",
	},
	{
		Tools: []string{"zia_update_network_service"},
		Test:  "TestPortsOfServices",
		Text:  "Ports that are given are the whole new set; absent ports stay, which the reference's PUT leaves out.",
	},
	{
		Tools: []string{"zia_create_ips_signature_rule"},
		Text:  "When the text is refused, the error tells the position, the parameter and the suggestion of the service, and that nothing was created.", Elsewhere: "TestSignaturesAreValidated",
	},
	{
		Tools: []string{"zia_list_cloud_firewall_dns_rules", "zia_list_cloud_firewall_ips_rules", "zia_list_network_services"},
		Test:  "TestFirewallSearchOfAFullPage",
		Text:  "Where `search` or `name` filters after the call and the page was full, a note says that only that page was searched, and `all` searches every page; in the reference, what is on later pages does not seem to exist.",
	},
}

func optional(p *paritytest.Param) { p.Required = false }
