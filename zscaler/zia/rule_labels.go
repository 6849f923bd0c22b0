package zia

import (
	"context"
	"errors"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type ruleLabelSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name of the label."`
}

type ruleLabelID struct {
	LabelID string `json:"label_id" in:"path" jsonschema:"Rule label id, from zia_list_rule_labels."`
}

type newRuleLabel struct {
	Name        string `json:"name" in:"body=name" jsonschema:"Name of the label."`
	Description string `json:"description,omitempty" in:"body=description" skipempty:"true" jsonschema:"What the label is for."`
}

type ruleLabelChange struct {
	ruleLabelID
	Name        string `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name; the present one stays when absent or empty."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
}

var ruleLabels = tool.Set{
	Name: "zia_rule_labels", Doc: "Labels that group ZIA policy rules for reporting.",
	Tools: []tool.Tool{
		rest.Read[ruleLabelSearch]("zia_list_rule_labels", "GET /zia/api/v1/ruleLabels",
			"List the labels that ZIA policy rules of any kind can carry, with their ids, descriptions and how many rules carry each; the first page unless all is given.", rest.List),
		rest.Read[ruleLabelID]("zia_get_rule_label", "GET /zia/api/v1/ruleLabels/{label_id}",
			"Get one rule label with its description, its last change and the number of rules that carry it."),
		rest.Create[newRuleLabel]("zia_create_rule_label", "POST /zia/api/v1/ruleLabels",
			"Create a label, which rules then carry by its id in their labels; takes effect after zia_activate_configuration."),
		rest.Update[ruleLabelChange]("zia_update_rule_label", "PUT /zia/api/v1/ruleLabels/{label_id}",
			"Rename a rule label or change its description; the rules that carry it keep it. Takes effect after zia_activate_configuration.",
			rest.Prepare(someLabelChange)),
		rest.Delete[ruleLabelID]("zia_delete_rule_label", "DELETE /zia/api/v1/ruleLabels/{label_id}",
			"Delete a rule label; zia_get_rule_label tells first how many rules still carry it. Takes effect after zia_activate_configuration."),
	},
}

// someLabelChange refuses an update that would change nothing.
func someLabelChange(_ context.Context, p *rest.Plan) error {
	if p.Args.Text("name") == "" && !p.Args.Has("description") {
		return errors.New("nothing to change: give name, description or both")
	}
	return nil
}
