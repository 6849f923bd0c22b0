package zia

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type fileTypeSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name of the rule."`
}

type fileTypeRuleID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"File type rule id, from zia_list_file_type_control_rules."`
}

type newFileTypeRule struct {
	newRule
	Action   string         `json:"action" in:"body=filteringAction" jsonschema:"What happens to a file that matches: ALLOW, CAUTION or BLOCK."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings of the rule by their snake_case names: file_types as a list of names from zia_list_file_type_categories, such as FTCATEGORY_ZIP; protocols, cloud_applications and url_categories as lists of names; operation as UPLOAD, DOWNLOAD or UPLOAD_DOWNLOAD; active_content and unscannable as true or false; min_size and max_size in KB; locations, groups, departments, users, labels and time_windows as lists of ids; and others as the API documents them. ZIA may pass over a misspelt name in silence, and the rule then matches more: take names that other rules have."`
}

type fileTypeRuleChange struct {
	fileTypeRuleID
	ruleChange
	Action   string         `json:"action,omitempty" in:"body=filteringAction" jsonschema:"New action: ALLOW, CAUTION or BLOCK."`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings to change, by their snake_case names as in zia_create_file_type_control_rule; each replaces the present value, a list the whole list."`
}

type fileTypeSelection struct {
	Enums         any  `json:"enums,omitempty" in:"-" jsonschema:"Policies whose predefined file types are wanted, one name or a list: FILETYPECATEGORYFORFILETYPECONTROL (file type control; true means the same), ZSCALERDLP (web DLP rules with content inspection), EXTERNALDLP (those without). All file types when absent."`
	ExcludeCustom bool `json:"exclude_custom_file_types,omitempty" in:"query=excludeCustomFileTypes" jsonschema:"Whether to leave out the file types that administrators defined."`
}

var fileTypeControl = tool.Set{
	Name: "zia_file_type_control", Doc: "ZIA file type control: rules on which files may be uploaded and downloaded.",
	Tools: []tool.Tool{
		rest.Read[fileTypeSearch]("zia_list_file_type_control_rules", "GET /zia/api/v1/fileTypeRules",
			"List the file type control rules with their order, state, filteringAction, file types and conditions.", rest.List),
		rest.Read[fileTypeRuleID]("zia_get_file_type_control_rule", "GET /zia/api/v1/fileTypeRules/{rule_id}",
			"Get one file type control rule; its action is the member filteringAction."),
		rest.Create[newFileTypeRule]("zia_create_file_type_control_rule", "POST /zia/api/v1/fileTypeRules",
			"Create a file type control rule; takes effect after zia_activate_configuration. The file types go into advanced."),
		rest.Update[fileTypeRuleChange]("zia_update_file_type_control_rule", "PUT /zia/api/v1/fileTypeRules/{rule_id}",
			"Change a file type control rule; what is not given stays as it is. Takes effect after zia_activate_configuration."),
		rest.Delete[fileTypeRuleID]("zia_delete_file_type_control_rule", "DELETE /zia/api/v1/fileTypeRules/{rule_id}",
			"Delete a file type control rule; takes effect after zia_activate_configuration."),
		rest.Read[fileTypeSelection]("zia_list_file_type_categories", "GET /zia/api/v1/fileTypeCategories",
			"List the file types that file type control rules can name, with their names and the group that each belongs to (parent).",
			rest.List, rest.Prepare(askForFileTypes)),
	},
}

// askForFileTypes sends the policies that enums names. The service knows names only; true stands for the
// policy of this toolset, and false for no choice.
func askForFileTypes(_ context.Context, p *rest.Plan) error {
	raw, ok := p.Args.Raw("enums")
	if !ok {
		return nil
	}
	var names []string
	var one string
	var wanted bool
	switch {
	case json.Unmarshal(raw, &wanted) == nil:
		if wanted {
			names = []string{"FILETYPECATEGORYFORFILETYPECONTROL"}
		}
	case json.Unmarshal(raw, &one) == nil:
		names = []string{one}
	case json.Unmarshal(raw, &names) != nil:
		return errors.New("enums must be a name such as ZSCALERDLP, a list of names, or true")
	}
	for _, name := range names {
		if p.Query == nil {
			p.Query = url.Values{}
		}
		p.Query.Add("enums", name)
	}
	return nil
}
