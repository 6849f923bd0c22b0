package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type sandboxRuleID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"Sandbox rule id, from zia_list_sandbox_rules."`
}

type newSandboxRule struct {
	newRule
	Action   string         `json:"action" in:"body=baRuleAction" jsonschema:"What happens to a file that the sandbox finds malicious: ALLOW or BLOCK."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: file_types, protocols, ba_policy_categories and url_categories as lists of names; first_time_enable (true or false) and first_time_operation (ALLOW_SCAN, QUARANTINE, ALLOW_NOSCAN, QUARANTINE_ISOLATE) for files never seen before; ml_action_enabled; by_threat_score as a number; locations, groups, departments, users and labels as lists of ids; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type sandboxRuleChange struct {
	sandboxRuleID
	ruleChange
	Action   string         `json:"action,omitempty" in:"body=baRuleAction" jsonschema:"New action: ALLOW or BLOCK."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings to change, by their snake_case names as in zia_create_sandbox_rule; each replaces the present value, a list the whole list."`
}

type sandboxReport struct {
	MD5Hash string `json:"md5_hash" in:"path" jsonschema:"MD5 hash of the file, 32 hexadecimal digits."`
	Details string `json:"report_details,omitempty" in:"query=details" unset:"\"summary\"" skipempty:"true" jsonschema:"summary, which is sent when absent, or full, which is long and has the single behaviours, network packets and screenshots."`
}

var sandbox = tool.Set{
	Name: "zia_sandbox", Doc: "ZIA cloud sandbox: its rules, its reports on files, its quota and the hashes it blocks.",
	Tools: []tool.Tool{
		rest.Read[searchedHere]("zia_list_sandbox_rules", "GET /zia/api/v1/sandboxRules",
			"List the sandbox rules with their order, state, baRuleAction, file types and first-time settings; search looks at the first page, with all=true at every rule.",
			rest.List, rest.Finish(keepNamed("search", "name"))),
		rest.Read[sandboxRuleID]("zia_get_sandbox_rule", "GET /zia/api/v1/sandboxRules/{rule_id}",
			"Get one sandbox rule; its action is the member baRuleAction."),
		rest.Create[newSandboxRule]("zia_create_sandbox_rule", "POST /zia/api/v1/sandboxRules",
			"Create a sandbox rule; takes effect after zia_activate_configuration. Which files it is about goes into advanced."),
		rest.Update[sandboxRuleChange]("zia_update_sandbox_rule", "PUT /zia/api/v1/sandboxRules/{rule_id}",
			"Change a sandbox rule; what is not given stays as it is. Takes effect after zia_activate_configuration."),
		rest.Delete[sandboxRuleID]("zia_delete_sandbox_rule", "DELETE /zia/api/v1/sandboxRules/{rule_id}",
			"Delete a sandbox rule; takes effect after zia_activate_configuration."),
		rest.Read[sandboxReport]("zia_get_sandbox_report", "GET /zia/api/v1/sandbox/report/{md5_hash}",
			"Get what the sandbox found in a file, by its MD5 hash. A file that it has not analysed has the status CONTENT_NOTFOUND: that says nothing about the file. Each report counts against zia_get_sandbox_quota.",
			rest.Untrusted),
		rest.Read[struct{}]("zia_get_sandbox_quota", "GET /zia/api/v1/sandbox/report/quota",
			"Tell how many sandbox reports the tenant may still fetch today: allowed, used and unused; startTime, in epoch seconds, is -1 before the first."),
		rest.Read[struct{}]("zia_get_sandbox_behavioral_analysis", "GET /zia/api/v1/behavioralAnalysisAdvancedSettings",
			"Get the MD5 hashes of files that the tenant itself lets the sandbox block or allow."),
		rest.Read[struct{}]("zia_get_sandbox_file_hash_count", "GET /zia/api/v1/behavioralAnalysisAdvancedSettings/fileHashCount",
			"Tell how many file hashes the tenant blocks and allows in the sandbox, and how many more it could add."),
	},
}
