package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const cloudAppRulesPath = "/zia/api/v1/webApplicationRules/{rule_type}"

type cloudAppRuleType struct {
	RuleType string `json:"rule_type" in:"path" jsonschema:"Category of applications that the rule is for, as parent in the rows of zia_list_cloud_app_policy, such as WEBMAIL, FILE_SHARE, SOCIAL_NETWORKING, STREAMING_MEDIA, INSTANT_MESSAGING, AI_ML, BUSINESS_PRODUCTIVITY or SYSTEM_AND_DEVELOPMENT."`
}

type cloudAppRuleID struct {
	cloudAppRuleType
	RuleID string `json:"rule_id" in:"path" jsonschema:"Cloud app control rule id, from zia_list_cloud_app_control_rules with the same rule_type."`
}

type newCloudAppRule struct {
	cloudAppRuleType
	newRule
	Action   string         `json:"action,omitempty" in:"body=actions|list" jsonschema:"What is done with the applications: one name from zia_list_cloud_app_control_actions, such as BLOCK_WEBMAIL_SEND, or the JSON text of a list of such names."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: applications as a list of names from zia_list_cloud_app_policy; actions as a list, in place of the argument action; locations, groups, departments, users, labels, time_windows and cloud_app_tenant_ids as lists of ids; device_trust_levels and user_agent_types as lists of names; size_quota in KB; time_quota in minutes; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type cloudAppRuleChange struct {
	cloudAppRuleID
	ruleChange
	Action   string         `json:"action,omitempty" in:"body=actions|list" jsonschema:"The new action, or the JSON text of a list of them; it replaces all present ones."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings to change, by their snake_case names as in zia_create_cloud_app_control_rule; each replaces the present value, a list the whole list."`
}

type cloudAppActions struct {
	cloudAppRuleType
	CloudApps []string `json:"cloud_apps,omitempty" in:"body=cloudApps" unset:"[]" skipempty:"true" jsonschema:"Applications, by their app names from zia_list_cloud_app_policy; only actions that they allow are listed. All of the rule type when absent."`
}

type cloudAppSearch struct {
	Search   string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name of the application."`
	AppClass string `json:"app_class,omitempty" in:"query=appClass" skipempty:"true" jsonschema:"Category of applications, such as WEBMAIL or SOCIAL_NETWORKING: the parent of the rows."`
	Page     int    `json:"page,omitempty" in:"query=page" jsonschema:"Page number, from 1."`
	PageSize int    `json:"page_size,omitempty" in:"query=pageSize" jsonschema:"Rows a page, 200 when absent and 1000 at most."`
	Group    bool   `json:"group_results,omitempty" in:"query=groupResults" jsonschema:"Whether to have one row for each category, which tells how many applications it has, instead of one for each application."`
}

var cloudAppControl = tool.Set{
	Name: "zia_cloud_app_control", Doc: "ZIA cloud app control: rules on what users may do in cloud applications.",
	Tools: []tool.Tool{
		rest.Read[cloudAppRuleType]("zia_list_cloud_app_control_rules", "GET "+cloudAppRulesPath,
			"List the cloud app control rules of one rule type with their order, state, actions, applications and conditions.", rest.List, rest.OnePage),
		rest.Read[cloudAppRuleID]("zia_get_cloud_app_control_rule", "GET "+cloudAppRulesPath+"/{rule_id}",
			"Get one cloud app control rule; what it does is the list actions."),
		rest.Create[newCloudAppRule]("zia_create_cloud_app_control_rule", "POST "+cloudAppRulesPath,
			"Create a cloud app control rule; takes effect after zia_activate_configuration. Which actions there are tells zia_list_cloud_app_control_actions."),
		rest.Update[cloudAppRuleChange]("zia_update_cloud_app_control_rule", "PUT "+cloudAppRulesPath+"/{rule_id}",
			"Change a cloud app control rule; what is not given stays as it is. Takes effect after zia_activate_configuration."),
		rest.Delete[cloudAppRuleID]("zia_delete_cloud_app_control_rule", "DELETE "+cloudAppRulesPath+"/{rule_id}",
			"Delete a cloud app control rule; takes effect after zia_activate_configuration."),
		rest.Read[cloudAppActions]("zia_list_cloud_app_control_actions", "POST "+cloudAppRulesPath+"/availableActions",
			"List the names of the actions that cloud app control rules of one rule type can have, one text a row.", rest.List, rest.Safe),
		rest.Read[cloudAppSearch]("zia_list_cloud_app_policy", "GET /zia/api/v1/cloudApplications/policy",
			"List the cloud applications that cloud app control, DLP and file type rules can name, with the category (parent) of each; for SSL inspection rules see zia_list_cloud_app_ssl_policy. The first page has 200 rows unless page_size says otherwise.",
			rest.List, rest.Grouped("category", "applications")),
	},
}
