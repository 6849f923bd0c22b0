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

// newFirewallRule is what the three kinds of new rules share.
type newFirewallRule struct {
	Name        string `json:"name" in:"body=name" jsonschema:"Name of the rule, of which there is no other among the rules of its kind."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"What the rule is for."`
	Enabled     bool   `json:"enabled,omitempty" in:"body=state|state" default:"true" jsonschema:"Whether the rule is in force."`
	Order       int    `json:"order,omitempty" in:"body=order" unset:"1" min:"1" jsonschema:"Place among the rules of its kind; 1, the top, when absent. The rules from there on move down."`
	Rank        int    `json:"rank,omitempty" in:"body=rank" unset:"7" min:"0" max:"7" jsonschema:"Administrator rank, 0 (highest) to 7; 7 when absent."`
}

// firewallRuleChange is what the changes of the three kinds of rules share.
type firewallRuleChange struct {
	Name        string         `json:"name,omitempty" in:"body=name" jsonschema:"New name."`
	Action      string         `json:"action,omitempty" in:"body=action" jsonschema:"New action, one of those that the tool which creates such rules names."`
	Description string         `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
	Enabled     bool           `json:"enabled,omitempty" in:"body=state|state" jsonschema:"Whether the rule is in force."`
	Order       int            `json:"order,omitempty" in:"body=order" min:"1" jsonschema:"New place among the rules of its kind, 1 is the top."`
	Rank        int            `json:"rank,omitempty" in:"body=rank" min:"0" max:"7" jsonschema:"New administrator rank, 0 (highest) to 7."`
	Advanced    map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings to change, by their snake_case names as in the tool that creates such rules; each replaces the present value, a list the whole list."`
}
