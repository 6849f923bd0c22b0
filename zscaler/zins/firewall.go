package zins

import "github.com/org/zscalermcp/tool"

type weekReport struct {
	week
	limited
}

var firewall = []tool.Tool{
	list[weekReport]("zins_get_firewall_by_action",
		"Report firewall traffic of 7 or 14 days by what was done with it, such as allowed and blocked.",
		report{operation: "FirewallByAction", domain: "ZERO_TRUST_FIREWALL", field: "action", selection: entries("name total")}),
	list[weekReport]("zins_get_firewall_by_location",
		"Report firewall traffic of 7 or 14 days by location, with the ids of the locations.",
		report{operation: "FirewallByLocation", domain: "ZERO_TRUST_FIREWALL", field: "location_firewall", selection: entries("id name total")}),
	list[weekReport]("zins_get_firewall_network_services",
		"Report firewall traffic of 7 or 14 days by network service, such as HTTPS, DNS and SSH.",
		report{operation: "FirewallNetworkServices", domain: "ZERO_TRUST_FIREWALL", field: "network_service", selection: entries("name total")}),
}
