package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const firewallRulesPath = "/zia/api/v1/firewallFilteringRules"

type firewallFilteringID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"Firewall filtering rule id, from zia_list_cloud_firewall_rules."`
}

type newFirewallFiltering struct {
	newRule
	Action   string         `json:"action" in:"body=action" jsonschema:"What happens to a connection that matches: ALLOW, BLOCK_DROP (silently), BLOCK_RESET (TCP reset), BLOCK_ICMP (ICMP error) or EVAL_NWAPP (judge by network application)."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: src_ips, dest_addresses, dest_countries, dest_ip_categories and nw_applications as lists of text; src_ip_groups, dest_ip_groups, nw_services, nw_service_groups, nw_application_groups, app_services, locations, groups, departments, users, labels and time_windows as lists of ids; enable_full_logging as true or false; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type firewallFilteringChange struct {
	firewallFilteringID
	firewallRuleChange
}

var firewallRuleTools = []tool.Tool{
	rest.Read[firewallSearch]("zia_list_cloud_firewall_rules", "GET "+firewallRulesPath,
		"List the firewall filtering rules with their order, state, action and conditions; the default rule, which cannot be deleted, among them; the first page unless all is given. DNS and IPS rules have lists of their own.", rest.List),
	rest.Read[firewallFilteringID]("zia_get_cloud_firewall_rule", "GET "+firewallRulesPath+"/{rule_id}",
		"Get one firewall filtering rule with its action and conditions."),
	rest.Create[newFirewallFiltering]("zia_create_cloud_firewall_rule", "POST "+firewallRulesPath,
		"Create a firewall filtering rule by source, destination, network service or application; takes effect after zia_activate_configuration. Without conditions in advanced it matches all traffic."),
	rest.Update[firewallFilteringChange]("zia_update_cloud_firewall_rule", "PUT "+firewallRulesPath+"/{rule_id}",
		"Change a firewall filtering rule; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[firewallFilteringID]("zia_delete_cloud_firewall_rule", "DELETE "+firewallRulesPath+"/{rule_id}",
		"Delete a firewall filtering rule; takes effect after zia_activate_configuration. To switch it off for a while use zia_update_cloud_firewall_rule."),
}
