package zpa

import (
	"slices"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// The kinds of policy whose rules this toolset manages.
var (
	accessPolicy     = policy{kind: "ACCESS_POLICY"}
	timeoutPolicy    = policy{kind: "TIMEOUT_POLICY", action: "RE_AUTH"}
	forwardingPolicy = policy{kind: "CLIENT_FORWARDING_POLICY"}
	isolationPolicy  = policy{kind: "ISOLATION_POLICY", profileAction: "ISOLATE", profile: "zpnIsolationProfileId",
		profileArgument: "zpn_isolation_profile_id", clientType: "zpn_client_type_exporter"}
	protectionPolicy = policy{kind: "INSPECTION_POLICY", profileAction: "INSPECT", profile: "zpnInspectionProfileId",
		profileArgument: "zpn_inspection_profile_id"}
)

var accessPolicies = tool.Set{
	Name: "zpa_access_policies", Doc: "ZPA policy rules: access, timeout, client forwarding, isolation and app protection.",
	Tools: slices.Concat(
		ruleTools[newAccessRule, accessRuleChange](accessPolicy, "access_policy_rule", "access policy rule",
			"Such rules decide who may reach which application; the first that matches counts."),
		ruleTools[newTimeoutRule, timeoutRuleChange](timeoutPolicy, "timeout_policy_rule", "timeout (reauthentication) policy rule",
			"Such rules decide after how long users must sign in again, for which applications."),
		ruleTools[newForwardingRule, forwardingRuleChange](forwardingPolicy, "forwarding_policy_rule", "client forwarding policy rule",
			"Such rules decide which traffic Client Connector sends to ZPA at all; an application that is bypassed never reaches the access policy."),
		ruleTools[newIsolationRule, isolationRuleChange](isolationPolicy, "isolation_policy_rule", "isolation policy rule",
			"Such rules decide which browser-access applications open in an isolated browser, and for whom."),
		ruleTools[newProtectionRule, protectionRuleChange](protectionPolicy, "app_protection_rule", "app protection (inspection) policy rule",
			"Such rules decide whose web traffic to applications is inspected, and by which profile."),
	),
}

// ruleTools declares the five tools of a kind of policy; decide says what its rules are for.
func ruleTools[New, Change ruleInput](p policy, name, words, decide string) []tool.Tool {
	const conditionsDoc = " Conditions come grouped by object type, in the form that the create and update tools take."
	return []tool.Tool{
		rest.Read[search]("zpa_list_"+name+"s", "GET "+policySetPath+"/rules/policyType/"+p.kind,
			"List ZPA "+words+"s with their ids, in order of evaluation; first page unless page or all is given. "+decide+" Conditions come as the service keeps them, one operand a value.", rest.List),
		tool.Func(tool.Read, "zpa_get_"+name, "Get one ZPA "+words+" with its action, order and conditions."+conditionsDoc, p.get),
		tool.Func(tool.Create, "zpa_create_"+name,
			"Create a ZPA "+words+"; it takes effect at once, as the last rule before the default one. "+decide, createRule[New](p)),
		tool.Func(tool.Update, "zpa_update_"+name,
			"Change a ZPA "+words+", at once. What is not sent stays as it is, conditions included; conditions that are sent replace all.", updateRule[Change](p)),
		tool.Func(tool.Delete, "zpa_delete_"+name, "Delete a ZPA "+words+"; it stops applying at once, and the rules behind it decide. To see what it does first, use zpa_get_"+name+".", p.delete, p.asks(words)),
	}
}
