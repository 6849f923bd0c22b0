package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const firewallIPSPath = "/zia/api/v1/firewallIpsRules"

type firewallIPSID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"IPS control rule id, from zia_list_cloud_firewall_ips_rules."`
}

type newFirewallIPS struct {
	newRule
	Action   string         `json:"action" in:"body=action" jsonschema:"What happens to traffic in which a threat is found: ALLOW, BLOCK_DROP (silently), BLOCK_RESET (TCP reset) or BYPASS_IPS (not inspected)."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: threat_categories as a list of objects with an id; src_ips, dest_addresses, dest_countries, source_countries, dest_ip_categories and res_categories as lists of text; src_ip_groups, dest_ip_groups, nw_services, nw_service_groups, locations, groups, departments, users, labels and time_windows as lists of ids; enable_full_logging and capture_pcap as true or false; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type firewallIPSChange struct {
	firewallIPSID
	firewallRuleChange
}

var firewallIPSTools = []tool.Tool{
	rest.Read[searchedHere]("zia_list_cloud_firewall_ips_rules", "GET "+firewallIPSPath,
		"List the IPS control rules, which say what to do about intrusions by threat category, with their order, state, action and conditions; the first page unless all is given. The signatures themselves: zia_list_ips_signature_rules.",
		rest.List, rest.Finish(keepNamed("search", "name"))),
	rest.Read[firewallIPSID]("zia_get_cloud_firewall_ips_rule", "GET "+firewallIPSPath+"/{rule_id}",
		"Get one IPS control rule with its action and threat categories."),
	rest.Create[newFirewallIPS]("zia_create_cloud_firewall_ips_rule", "POST "+firewallIPSPath,
		"Create an IPS control rule; takes effect after zia_activate_configuration. Without conditions in advanced it applies to every threat that is found."),
	rest.Update[firewallIPSChange]("zia_update_cloud_firewall_ips_rule", "PUT "+firewallIPSPath+"/{rule_id}",
		"Change an IPS control rule; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[firewallIPSID]("zia_delete_cloud_firewall_ips_rule", "DELETE "+firewallIPSPath+"/{rule_id}",
		"Delete an IPS control rule; takes effect after zia_activate_configuration. To switch it off for a while use zia_update_cloud_firewall_ips_rule."),
}
