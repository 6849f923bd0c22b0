package zms

import "github.com/org/zscalermcp/tool"

type policyRuleSearch struct {
	paged
	FetchAll bool   `json:"fetch_all,omitempty" in:"var=fetchAll" default:"false" jsonschema:"Whether to return every rule at once instead of one page."`
	Name     string `json:"name,omitempty" in:"var=filter.name.contains" skipempty:"true" jsonschema:"Part of the rule name."`
	Action   string `json:"action,omitempty" in:"var=filter.action.equals" skipempty:"true" jsonschema:"Action of the rule: ALLOW, BLOCK or SIM_BLOCK (simulated block)."`
}

var policies = []tool.Tool{
	list[policyRuleSearch]("zms_list_policy_rules",
		"List microsegmentation policy rules, one page or all of them: "+
			"action (allow, block, simulated block), priority, kinds of source and target, ports, and the time of the last hit. "+
			"What holds where none of them matches is in zms_list_default_policy_rules.",
		question{
			operation: "ListPolicyRules", root: "policyRules",
			variables: "pageNum: Int, pageSize: Int, fetchAll: Boolean, filter: PolicyRuleFilter",
			selection: "id name action priority description deleted sourceTargetType destinationTargetType appZoneScopeTargetType creationTime modifiedTime lastHit portAndProtocols { protocol portRanges { startPort endPort } }",
		}),
	list[paged]("zms_list_default_policy_rules",
		"List one page of the default microsegmentation rules, which decide where no rule of zms_list_policy_rules matches: action, direction and scope.",
		question{
			operation: "ListDefaultPolicyRules", root: "defaultPolicyRules", variables: "pageNum: Int, pageSize: Int",
			selection: "id name action direction description scopeType modifiedTime",
		}),
}
