package zia

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type sslRuleID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"SSL inspection rule id, from zia_list_ssl_inspection_rules."`
}

type newSSLRule struct {
	newRule
	Action   string         `json:"action,omitempty" in:"body=action.type" jsonschema:"What happens to a connection that matches: DECRYPT, DO_NOT_DECRYPT or BLOCK. How it is done in detail goes into advanced."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: url_categories, cloud_applications, platforms and user_agent_types as lists of names; action as an object with type and the details (decrypt_sub_actions, do_not_decrypt_sub_actions, show_eun, show_eunatp, override_default_certificate), in place of the argument action; road_warrior_for_kerberos; locations, groups, departments, users, labels and dest_ip_groups as lists of ids; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type sslRuleChange struct {
	sslRuleID
	ruleChange
	Action   string         `json:"action,omitempty" in:"body=action.type" jsonschema:"New kind of action: DECRYPT, DO_NOT_DECRYPT or BLOCK. Details of the action that belong to the former kind are dropped, the others stay."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings to change, by their snake_case names as in zia_create_ssl_inspection_rule; each replaces the present value, a list the whole list, and action the whole action."`
}

var sslInspection = tool.Set{
	Name: "zia_ssl_inspection", Doc: "ZIA SSL inspection: rules on which encrypted connections are decrypted.",
	Tools: []tool.Tool{
		rest.Read[struct{}]("zia_list_ssl_inspection_rules", "GET /zia/api/v1/sslInspectionRules",
			"List all SSL inspection rules with their order, state, action (an object with type and details) and conditions.", rest.List, rest.OnePage),
		rest.Read[sslRuleID]("zia_get_ssl_inspection_rule", "GET /zia/api/v1/sslInspectionRules/{rule_id}",
			"Get one SSL inspection rule; its member action is an object with the type and the details."),
		rest.Create[newSSLRule]("zia_create_ssl_inspection_rule", "POST /zia/api/v1/sslInspectionRules",
			"Create an SSL inspection rule; takes effect after zia_activate_configuration. Without conditions in advanced it matches all traffic."),
		rest.Update[sslRuleChange]("zia_update_ssl_inspection_rule", "PUT /zia/api/v1/sslInspectionRules/{rule_id}",
			"Change an SSL inspection rule; what is not given stays as it is. Takes effect after zia_activate_configuration.",
			rest.Prepare(someSSLChange), rest.Prepare(dropFormerActions)),
		rest.Delete[sslRuleID]("zia_delete_ssl_inspection_rule", "DELETE /zia/api/v1/sslInspectionRules/{rule_id}",
			"Delete an SSL inspection rule; takes effect after zia_activate_configuration."),
		rest.Read[cloudAppSearch]("zia_list_cloud_app_ssl_policy", "GET /zia/api/v1/cloudApplications/sslPolicy",
			"List the cloud applications that SSL inspection rules can name, with the category (parent) of each; for other rules see zia_list_cloud_app_policy. The first page has 200 rows unless page_size says otherwise.",
			rest.List, rest.Grouped("category", "applications")),
	},
}

// someSSLChange refuses an update that would write back what it has read.
func someSSLChange(_ context.Context, p *rest.Plan) error {
	names := []string{"name", "action", "description", "enabled", "order", "rank", "advanced"}
	if slices.ContainsFunc(names, p.Args.Has) {
		return nil
	}
	return errors.New("nothing to change: give at least one argument besides rule_id")
}

// subActions are the details of an action that go with one type of it only.
var subActions = map[string]string{"decryptSubActions": "DECRYPT", "doNotDecryptSubActions": "DO_NOT_DECRYPT"}

// dropFormerActions takes out of an action whose type is given the details that go with another type. What
// the caller gives stays.
func dropFormerActions(_ context.Context, p *rest.Plan) error {
	var action, former map[string]json.RawMessage
	if !p.Args.Has("action") || json.Unmarshal(p.Body["action"], &action) != nil {
		return nil
	}
	if err := json.Unmarshal(p.Current["action"], &former); err != nil {
		return nil // nothing of it can be left
	}
	for member, kind := range subActions {
		if string(action["type"]) != fmt.Sprintf("%q", kind) && bytes.Equal(action[member], former[member]) {
			delete(action, member)
		}
	}
	p.Body["action"] = rest.Encode(action)
	return nil
}
