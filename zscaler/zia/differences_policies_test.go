package zia_test

import (
	"net/http"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// The tools that create and that update a rule of these policies.
var (
	policyCreates = []string{
		"zia_create_cloud_app_control_rule", "zia_create_file_type_control_rule", "zia_create_sandbox_rule", "zia_create_ssl_inspection_rule",
		"zia_create_web_dlp_rule",
	}
	policyUpdates = []string{
		"zia_update_cloud_app_control_rule", "zia_update_file_type_control_rule", "zia_update_sandbox_rule", "zia_update_ssl_inspection_rule",
		"zia_update_web_dlp_rule",
	}
	policyBounds = map[string]func(*paritytest.Param){
		"order": func(p *paritytest.Param) { p.Min = paritytest.Bound(1) },
		"rank":  func(p *paritytest.Param) { p.Min, p.Max = paritytest.Bound(0), paritytest.Bound(7) },
	}
)

var policiesDifferences = []paritytest.Difference{
	{
		Tools: policyCreates, Params: policyBounds, Test: "TestBoundsOfThePolicyRules",
		Text: "The bounds of `order` (from 1) and `rank` (0 to 7) are advertised in the schema; a null `enabled` counts as absent.",
	}, {
		Tools: policyUpdates, Params: policyBounds, Test: "TestLifeOfThePolicyRules",
		Text: "The rule is read first, the given arguments are laid over it and the whole is sent back; a PUT of the given fields alone would clear all others. A call that changes nothing is refused. The bounds of `order` and `rank` are advertised in the schema.",
	}, {
		Tools: []string{"zia_create_cloud_app_control_rule"}, Defect: true,
		Requests: moveAction(func(body map[string]any, action any) { body["actions"] = asList(action) }),
		Text:     "`action` is sent as the list `actions`, which is the field that the API has; it may also be the JSON text of a list. The reference sends a member `action` that the API does not know.",
	}, {
		Tools: []string{"zia_create_file_type_control_rule"}, Defect: true,
		Requests: moveAction(func(body map[string]any, action any) { body["filteringAction"] = action }),
		Text:     "`action` is sent as `filteringAction`, which is the field that the API has, not as `action`.",
	}, {
		Tools: []string{"zia_create_sandbox_rule"}, Defect: true,
		Requests: moveAction(func(body map[string]any, action any) { body["baRuleAction"] = action }),
		Text:     "`action` is sent as `baRuleAction`, which is the field that the API has, not as `action`.",
	}, {
		Tools: []string{"zia_create_ssl_inspection_rule"}, Defect: true,
		Requests: moveAction(func(body map[string]any, action any) { body["action"] = map[string]any{"type": action} }),
		Text:     "`action` is sent as the member `type` of the object `action`, as the API has it, not as a text in its place.",
	}, {
		Tools: []string{"zia_update_cloud_app_control_rule"}, Defect: true, Test: "TestLifeOfThePolicyRules",
		Requests: moveAction(func(body map[string]any, action any) { body["actions"] = asList(action) }),
		Text:     "`action` replaces the list `actions`, which is the field that the API has; it may also be the JSON text of a list.",
	}, {
		Tools: []string{"zia_update_file_type_control_rule"}, Defect: true, Test: "TestLifeOfThePolicyRules",
		Requests: moveAction(func(body map[string]any, action any) { body["filteringAction"] = action }),
		Text:     "`action` changes `filteringAction`, which is the field that the API has.",
	}, {
		Tools: []string{"zia_update_sandbox_rule"}, Defect: true, Test: "TestLifeOfThePolicyRules",
		Requests: moveAction(func(body map[string]any, action any) { body["baRuleAction"] = action }),
		Text:     "`action` changes `baRuleAction`, which is the field that the API has.",
	}, {
		Tools: []string{"zia_update_ssl_inspection_rule"}, Defect: true, Test: "TestSSLActionChangesItsType",
		Requests: moveAction(func(body map[string]any, action any) { body["action"] = map[string]any{"type": action} }),
		Text:     "`action` changes the member `type` of the object `action`. The details of the action stay, but for those that go with its former type only.",
	}, {
		Tools: []string{"zia_list_cloud_app_control_actions"}, Defect: true, Test: "TestCloudAppActionsAreNamed",
		Text: "The names of the actions come through as rows of text; the reference turns each into an empty row.",
	}, {
		Tools: []string{"zia_list_cloud_app_policy", "zia_list_cloud_app_ssl_policy"}, Test: "TestCloudAppsAndTheirCategories",
		Text: "With `group_results` the API answers an object with a member for each category; each becomes a row with `category` and `applications`.",
	}, {
		Tools: []string{"zia_list_file_type_categories"}, Defect: true, Test: "TestFileTypesComeThrough",
		Text: "Rows come through as the API sent them, `parent` included; the reference reads them as file type rules.",
	}, {
		Tools:  []string{"zia_list_file_type_categories"},
		Params: map[string]func(*paritytest.Param){"enums": func(p *paritytest.Param) { p.Type = "any" }}, Elsewhere: "TestFileTypesComeThrough",
		Text: "`enums` takes the names of policies that the API wants there, one or a list; the reference declares it as a boolean. True stands for file type control, and false is not sent.",
	}, {
		Tools: []string{"get_zia_dlp_dictionaries"}, Test: "TestDLPDictionariesAndEngines",
		Text: "`search` also narrows what `read_lite` lists, after the call; the reference ignores it there.",
	}, {
		Tools: []string{"get_zia_dlp_engines"}, Test: "TestDLPDictionariesAndEngines",
		Text: "`search` looks into `predefinedEngineName` too, since predefined engines have no `name`.",
	},
}

// moveAction puts the argument action where the API has it.
func moveAction(to func(body map[string]any, action any)) func(map[string]any, []paritytest.Request) []paritytest.Request {
	return func(args map[string]any, requests []paritytest.Request) []paritytest.Request {
		for _, r := range requests {
			body, ok := r.Body.(map[string]any)
			if action, given := args["action"]; ok && given && action != nil {
				delete(body, "action")
				to(body, action)
			}
		}
		return requests
	}
}

func asList(value any) []any { return []any{value} }

// policiesHints say what the table cannot: the action of an SSL rule is an object.
var policiesHints = []paritytest.Hint{{
	Tools: []string{"zia_update_ssl_inspection_rule"},
	Answer: func(r paritytest.Request) (int, string) {
		if r.Method == http.MethodGet {
			return http.StatusOK, `{"id":7,"name":"object","memberOfTheService":{"kept":9007199254740993},"action":{"type":"BLOCK"}}`
		}
		return 0, ""
	},
}}
