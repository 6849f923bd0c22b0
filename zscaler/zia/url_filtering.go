package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type urlFilteringSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name of the rule."`
}

type urlFilteringRuleID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"URL filtering rule id, from zia_list_url_filtering_rules."`
}

type newURLFilteringRule struct {
	newRule
	Action   string         `json:"action" in:"body=action" jsonschema:"What happens to a request that matches: ALLOW, CAUTION, BLOCK or ISOLATE."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: protocols, request_methods and url_categories as lists of names; locations, groups, departments, users, labels and time_windows as lists of ids; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type urlFilteringRuleChange struct {
	urlFilteringRuleID
	ruleChange
	Action   string         `json:"action,omitempty" in:"body=action" jsonschema:"New action: ALLOW, CAUTION, BLOCK or ISOLATE."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings to change, by their snake_case names as in zia_create_url_filtering_rule; each replaces the present value, a list the whole list."`
}

var urlFiltering = tool.Set{
	Name: "zia_url_filtering", Doc: "ZIA rules that allow, caution, block or isolate web requests by URL category, user and place.",
	Tools: []tool.Tool{
		rest.Read[urlFilteringSearch]("zia_list_url_filtering_rules", "GET /zia/api/v1/urlFilteringRules",
			"List the URL filtering rules in the order in which ZIA tries them, the first match deciding, with their ids, state, action and conditions; the first page unless all is given.", rest.List),
		rest.Read[urlFilteringRuleID]("zia_get_url_filtering_rule", "GET /zia/api/v1/urlFilteringRules/{rule_id}",
			"Get one URL filtering rule with its action, order, state and all conditions; ids in it come with the names of what they refer to."),
		rest.Create[newURLFilteringRule]("zia_create_url_filtering_rule", "POST /zia/api/v1/urlFilteringRules",
			"Create a URL filtering rule; without conditions in advanced it matches all traffic, and without order it comes first. Takes effect after zia_activate_configuration."),
		rest.Update[urlFilteringRuleChange]("zia_update_url_filtering_rule", "PUT /zia/api/v1/urlFilteringRules/{rule_id}",
			"Change, move or switch off a URL filtering rule; what is not given stays as it is. Takes effect after zia_activate_configuration."),
		rest.Delete[urlFilteringRuleID]("zia_delete_url_filtering_rule", "DELETE /zia/api/v1/urlFilteringRules/{rule_id}",
			"Delete a URL filtering rule, so that the rules below it move up; to keep it for later, update it with enabled: false. Takes effect after zia_activate_configuration."),
	},
}
