package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type dlpRuleID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"Web DLP rule id, from zia_list_web_dlp_rules."`
}

type newDLPRule struct {
	newRule
	Action   string         `json:"action,omitempty" in:"body=action" jsonschema:"What happens to content that matches: ALLOW, BLOCK, CONFIRM or ICAP_RESPONSE."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: dlp_engines as a list of ids from get_zia_dlp_engines; protocols, file_types and cloud_applications as lists of names; severity such as RULE_SEVERITY_HIGH; match_only and without_content_inspection as true or false; min_size in KB; parent_rule as an id; auditor, notification_template, locations, groups, departments, users, labels, url_categories and time_windows as ids; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type dlpRuleChange struct {
	dlpRuleID
	ruleChange
	Action   string         `json:"action,omitempty" in:"body=action" jsonschema:"New action: ALLOW, BLOCK, CONFIRM or ICAP_RESPONSE."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings to change, by their snake_case names as in zia_create_web_dlp_rule; each replaces the present value, a list the whole list."`
}

var dlp = tool.Set{
	Name: "zia_dlp", Doc: "ZIA data loss prevention: its dictionaries, engines and web rules.",
	Tools: []tool.Tool{
		tool.Func(tool.Read, "get_zia_dlp_dictionaries",
			"List the DLP dictionaries, predefined and custom: what content they recognise, by phrases, patterns or otherwise. Engines combine them, see get_zia_dlp_engines.",
			dlpDictionaries, tool.List, tool.Pages),
		tool.Func(tool.Read, "get_zia_dlp_engines",
			"List the DLP engines, predefined and custom, with the expression that combines dictionaries; web DLP rules name them by their ids.",
			dlpEngines, tool.List, tool.Pages),
		rest.Read[searchedHere]("zia_list_web_dlp_rules", "GET /zia/api/v1/webDlpRules",
			"List the web DLP rules with their order, state, action, engines and conditions; search looks at the first page, with all=true at every rule. For names and ids alone use zia_list_web_dlp_rules_lite.",
			rest.List, rest.Finish(keepNamed("search", "name"))),
		rest.Read[searchedHere]("zia_list_web_dlp_rules_lite", "GET /zia/api/v1/webDlpRules/lite",
			"List the web DLP rules by their ids and names alone. For all of a rule use zia_get_web_dlp_rule.",
			rest.List, rest.Finish(keepNamed("search", "name"))),
		rest.Read[dlpRuleID]("zia_get_web_dlp_rule", "GET /zia/api/v1/webDlpRules/{rule_id}",
			"Get one web DLP rule with its engines, conditions and sub-rules."),
		rest.Create[newDLPRule]("zia_create_web_dlp_rule", "POST /zia/api/v1/webDlpRules",
			"Create a web DLP rule; takes effect after zia_activate_configuration. Engines and conditions go into advanced."),
		rest.Update[dlpRuleChange]("zia_update_web_dlp_rule", "PUT /zia/api/v1/webDlpRules/{rule_id}",
			"Change a web DLP rule; what is not given stays as it is. Takes effect after zia_activate_configuration."),
		rest.Delete[dlpRuleID]("zia_delete_web_dlp_rule", "DELETE /zia/api/v1/webDlpRules/{rule_id}",
			"Delete a web DLP rule; takes effect after zia_activate_configuration."),
	},
}
