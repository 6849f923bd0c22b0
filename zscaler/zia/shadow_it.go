package zia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// shadowITPage always sends the number of the page: by it the engine sees that this list pages in another way
// than those of ZIA usually do.
type shadowITPage struct {
	PageNumber int `json:"page_number,omitempty" in:"query=pageNumber" unset:"1" jsonschema:"Number of the page, from 1; the first when absent."`
	Limit      int `json:"limit,omitempty" in:"query=limit" jsonschema:"Rows a page, up to 1000; 1000 when absent."`
}

type sanctioning struct {
	SanctionState  string   `json:"sanction_state" in:"-" nonempty:"true" jsonschema:"New state of the applications, in any case: sanctioned, unsanctioned, or any (neither)."`
	ApplicationIDs []string `json:"application_ids,omitempty" in:"body=applicationIds|int" skipempty:"true" jsonschema:"Ids of the applications, from zia_list_shadow_it_apps."`
	CustomTagIDs   []string `json:"custom_tag_ids,omitempty" in:"body=customTags[].id" skipempty:"true" jsonschema:"Ids of tags to put on the applications, from zia_list_shadow_it_custom_tags."`
}

var shadowIT = tool.Set{
	Name: "zia_shadow_it", Doc: "Cloud applications that ZIA discovers, whether they are sanctioned, and their tags.",
	Tools: []tool.Tool{
		rest.Read[shadowITPage]("zia_list_shadow_it_apps", "GET /zia/api/v1/cloudApplications/lite",
			"List all cloud applications that ZIA recognises, predefined and custom, by id and name only. How much they are used and how risky they are is told by the zins_shadow_it tools.",
			rest.List),
		rest.Read[struct{}]("zia_list_shadow_it_custom_tags", "GET /zia/api/v1/customTags",
			"List the tags that administrators made for cloud applications, by id and name.", rest.List, rest.OnePage),
		rest.Update[sanctioning]("zia_bulk_update_shadow_it_apps", "PUT /zia/api/v1/cloudApplications/bulkUpdate",
			"Mark cloud applications as sanctioned or unsanctioned, and tag them, many in one call: ZIA takes one call a minute and four an hour. Takes effect after zia_activate_configuration.",
			rest.Replace, rest.Prepare(sanction), rest.Finish(tellSanctioned)),
	},
}

// sanctionStates are the values of sanction_state on the wire. Never modified.
var sanctionStates = map[string]string{"sanctioned": "SANCTIONED", "unsanctioned": "UN_SANCTIONED", "any": "ANY"}

func sanction(_ context.Context, p *rest.Plan) error {
	state, ok := sanctionStates[strings.ToLower(p.Args.Text("sanction_state"))]
	if !ok {
		return fmt.Errorf("sanction_state %q is none of sanctioned, unsanctioned and any", p.Args.Text("sanction_state"))
	}
	if p.Body["applicationIds"] == nil && p.Body["customTags"] == nil {
		return errors.New("nothing to change: give application_ids from zia_list_shadow_it_apps")
	}
	return p.SetBody("sanctionedState", json.RawMessage(`"`+state+`"`))
}

// tellSanctioned says how many applications were named, beside what ZIA answered.
func tellSanctioned(_ context.Context, p *rest.Plan, a *rest.Answer) error {
	var ids []json.RawMessage
	if raw := p.Body["applicationIds"]; raw != nil {
		if err := json.Unmarshal(raw, &ids); err != nil {
			return fmt.Errorf("zia: application ids: %w", err)
		}
	}
	message := fmt.Sprintf("Set %d applications to %s.", len(ids), strings.Trim(string(p.Body["sanctionedState"]), `"`))
	result := map[string]json.RawMessage{"success": json.RawMessage("true"), "message": json.RawMessage(`"` + message + `"`)}
	if a.Record != nil {
		result["answer"] = a.Record
	}
	a.Record = rest.Encode(result)
	return nil
}
