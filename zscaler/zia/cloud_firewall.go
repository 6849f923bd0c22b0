package zia

import (
	"slices"

	"github.com/org/zscalermcp/tool"
)

var cloudFirewall = tool.Set{
	Name: "zia_cloud_firewall", Doc: "ZIA cloud firewall: filtering, DNS and IPS rules, custom IPS signatures, and the address groups, network services and applications that rules match.",
	Tools: slices.Concat(
		firewallRuleTools, firewallDNSTools, firewallIPSTools, firewallSignatureTools, firewallSourceGroupTools, firewallDestinationGroupTools,
		firewallServiceTools, firewallServiceGroupTools, firewallApplicationTools, firewallApplicationGroupTools,
	),
}

type firewallSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text to look for, mainly in the name; everything is listed when absent or empty."`
}

// firewallRuleChange is what the changes of the three kinds of rules share.
type firewallRuleChange struct {
	ruleChange
	Action   string         `json:"action,omitempty" in:"body=action" jsonschema:"New action, one of those that the tool which creates such rules names."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings to change, by their snake_case names as in the tool that creates such rules; each replaces the present value, a list the whole list."`
}
