package zpa_test

import (
	"regexp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

var policiesDifferences = []paritytest.Difference{
	{
		Tools: []string{"zpa_create_*_rule", "zpa_update_*_rule"}, Elsewhere: "TestConditionsAccepted", Test: "TestConditionsRefused",
		Text: "operators of conditions (AND, OR) and `negated` are always kept; the reference loses the operator of operands with `values`, bare `lhs`/`rhs` and platforms.",
	},
	{
		Tools: []string{"zpa_create_*_rule", "zpa_update_*_rule"}, Test: "TestConditionsAccepted",
		Text: "conditions given as objects stay separate conditions, in their order; the reference joins all application operands of all conditions into one (AND becomes OR). " +
			"Pairs are joined as in the reference.",
	},
	{
		Tools: []string{"zpa_create_*_rule", "zpa_update_*_rule"}, Test: "TestConditionsRefused",
		Text: "operands of types that cannot share a condition are split when joined by AND or without operator, and refused when joined by an explicit OR or negated, " +
			"since a split would change the meaning; the reference always splits. Repeated values are sent once.",
	},
	{Tools: []string{"zpa_create_*_rule", "zpa_update_*_rule"}, Test: "TestConditionsRefused", Text: "mistakes in conditions are refused before any request, with their place."},
	{
		Tools: []string{"zpa_get_*_rule", "zpa_create_*_rule", "zpa_update_*_rule"}, Test: "TestConditionsRoundTrip",
		Text: "regrouped conditions keep `negated`, operands of unknown object types and empty conditions, and the order of the API; wire names (`entryValues`) instead of snake case. " +
			"The result can be given back as `conditions`.",
	},
	{
		Tools: []string{"zpa_get_*_rule", "zpa_update_*_rule", "zpa_delete_*_rule"}, Test: "TestRulesOfOtherPolicies",
		Text: "a rule of another kind of policy is refused.",
	},
	{
		Tools: []string{"zpa_update_*_rule"}, Test: "TestUpdateLosesNothing",
		Text: "read, change, write: what is not sent stays (conditions, action, order, custom message, timeouts, profiles, groups, unknown members); " +
			"the reference sends null or an empty list, which clears them. After the write the rule is read again and returned. An update without any change is refused.",
	},
	{
		Tools: []string{"zpa_update_*_rule"}, Defect: true, Test: "TestUpdateChanges",
		Text: "absent `action_type` keeps the action; the reference sends an empty text or fails.",
	},
	{
		Tools: []string{"zpa_update_app_protection_rule"}, Defect: true, Requests: conditionsOfAppProtection,
		Text: "conditions are sent; the reference never does.",
	},
	{
		Tools: []string{"zpa_create_*_rule", "zpa_update_*_rule"}, Defect: true, Requests: scopePolicySet, Test: "TestMicrotenantScopesThePolicySet",
		Text: "`microtenant_id` also scopes the policy-set lookup, and reaches the app-protection tools.",
	},
	{
		Tools: []string{"zpa_create_*_rule"}, Requests: withoutNull,
		Text: "absent members are left out instead of sent as null (`description`, `customMsg`, `ruleOrder`, profile ids).",
	},
	{
		Tools: []string{"zpa_update_isolation_policy_rule"}, Test: "TestIsolationRulesAreLimitedToBrowsers",
		Text: "the exporter client type is added only when conditions are sent.",
	},
	{
		Tools: []string{"zpa_update_isolation_policy_rule", "zpa_update_app_protection_rule"}, Test: "TestUpdateToProfileActionKeepsTheProfile",
		Text: "a rule whose action comes to be ISOLATE or INSPECT and has no profile is refused before the write.",
	},
	{
		Tools: []string{"zpa_create_timeout_policy_rule", "zpa_update_timeout_policy_rule"}, Requests: digitsOnly,
		Text: "timeouts that are not digits or \"-1\" are refused.",
	},
}

var policiesHints = []paritytest.Hint{
	{Tools: []string{"zpa_update_app_protection_rule"}, Values: map[string][]any{"conditions": {clientConditions}}},
	{
		Tools:  []string{"zpa_create_timeout_policy_rule", "zpa_update_timeout_policy_rule"},
		Values: map[string][]any{"reauth_timeout": {"86400", "-1", "soon"}, "reauth_idle_timeout": {"900", "-1", "soon"}},
	},
}

var clientConditions = []any{map[string]any{"operator": "AND", "operands": []any{
	map[string]any{"objectType": "CLIENT_TYPE", "values": []any{"zpn_client_type_zapp"}},
}}}

func conditionsOfAppProtection(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	if args["conditions"] != nil {
		bodyOf(requests)["conditions"] = clientConditions
	}
	return requests
}

func scopePolicySet(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	if id, _ := args["microtenant_id"].(string); id != "" {
		for i := range requests {
			requests[i].Query = map[string][]string{"microtenantId": {id}}
		}
	}
	return requests
}

func withoutNull(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	body := bodyOf(requests)
	for name, value := range body {
		if value == nil {
			delete(body, name)
		}
	}
	return requests
}

var timeout = regexp.MustCompile(`^(-1|[0-9]+)$`)

func digitsOnly(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	for _, name := range []string{"reauthTimeout", "reauthIdleTimeout"} {
		if value, ok := bodyOf(requests)[name].(string); ok && !timeout.MatchString(value) {
			return nil
		}
	}
	return requests
}

// bodyOf returns the body of the last request.
func bodyOf(requests []paritytest.Request) map[string]any {
	body, _ := requests[len(requests)-1].Body.(map[string]any)
	return body
}
