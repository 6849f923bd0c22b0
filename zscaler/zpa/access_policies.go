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
		ruleTools[newAccessRule, accessRuleChange](accessPolicy, "access_policy_rule", "access policy rule"),
		ruleTools[newTimeoutRule, timeoutRuleChange](timeoutPolicy, "timeout_policy_rule", "timeout (reauthentication) policy rule"),
		ruleTools[newForwardingRule, forwardingRuleChange](forwardingPolicy, "forwarding_policy_rule", "client forwarding policy rule"),
		ruleTools[newIsolationRule, isolationRuleChange](isolationPolicy, "isolation_policy_rule", "isolation policy rule"),
		ruleTools[newProtectionRule, protectionRuleChange](protectionPolicy, "app_protection_rule", "app protection (inspection) policy rule"),
	),
}

// ruleTools declares the five tools of a kind of policy.
func ruleTools[New, Change ruleInput](p policy, name, words string) []tool.Tool {
	const conditionsDoc = " Conditions come grouped by object type, in the form that the create and update tools take."
	return []tool.Tool{
		rest.Read[search]("zpa_list_"+name+"s", "GET "+policySetPath+"/rules/policyType/"+p.kind,
			"List ZPA "+words+"s with their ids, in order of evaluation; first page unless page is given. Conditions come as the service keeps them, one operand a value.", rest.List),
		tool.Func(tool.Read, "zpa_get_"+name, "Get one ZPA "+words+"."+conditionsDoc, p.get),
		tool.Func(tool.Create, "zpa_create_"+name,
			"Create a ZPA "+words+"; it takes effect at once, as the last rule before the default one. Rules are evaluated in order.", createRule[New](p)),
		tool.Func(tool.Update, "zpa_update_"+name,
			"Change a ZPA "+words+", at once. What is not sent stays as it is, conditions included; conditions that are sent replace all.", updateRule[Change](p)),
		tool.Func(tool.Delete, "zpa_delete_"+name, "Delete a ZPA "+words+"; it stops applying at once.", p.delete, p.asks(words)),
	}
}
