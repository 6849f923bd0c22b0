package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const firewallDNSPath = "/zia/api/v1/firewallDnsRules"

type firewallDNSID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"DNS control rule id, from zia_list_cloud_firewall_dns_rules."`
}

type newFirewallDNS struct {
	newRule
	Action   string         `json:"action" in:"body=action" jsonschema:"What happens to a DNS request or answer that matches: ALLOW, BLOCK, BLOCK_WITH_RESPONSE, REDIR_REQ, REDIR_RES, REDIR_ZPA, REDIR_REQ_DOH, REDIR_REQ_TCP, REDIR_REQ_UDP or REDIR_REQ_KEEP_SENDER. The redirections need where to in advanced."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: applications (DNS tunnels and network applications), src_ips, dest_addresses, dest_countries, dest_ip_categories, res_categories (categories of the resolved name), dns_rule_request_types (such as A or TXT) and protocols as lists of text; src_ip_groups, dest_ip_groups, locations, groups, departments, users, labels and time_windows as lists of ids; redirect_ip for REDIR_RES; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type firewallDNSChange struct {
	firewallDNSID
	firewallRuleChange
}

var firewallDNSTools = []tool.Tool{
	rest.Read[searchedHere]("zia_list_cloud_firewall_dns_rules", "GET "+firewallDNSPath,
		"List the DNS control rules, which allow, block or redirect name resolution, with their order, state, action and conditions; the first page unless all is given.",
		rest.List, rest.Finish(keepNamed("search", "name"))),
	rest.Read[firewallDNSID]("zia_get_cloud_firewall_dns_rule", "GET "+firewallDNSPath+"/{rule_id}",
		"Get one DNS control rule with its action and conditions."),
	rest.Create[newFirewallDNS]("zia_create_cloud_firewall_dns_rule", "POST "+firewallDNSPath,
		"Create a DNS control rule; takes effect after zia_activate_configuration. Without conditions in advanced it matches every DNS request."),
	rest.Update[firewallDNSChange]("zia_update_cloud_firewall_dns_rule", "PUT "+firewallDNSPath+"/{rule_id}",
		"Change a DNS control rule; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[firewallDNSID]("zia_delete_cloud_firewall_dns_rule", "DELETE "+firewallDNSPath+"/{rule_id}",
		"Delete a DNS control rule; takes effect after zia_activate_configuration. To switch it off for a while use zia_update_cloud_firewall_dns_rule."),
}
