package zpa

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const segmentGroupPath = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/segmentGroup"

type groupID struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"Segment group id, from zpa_list_segment_groups."`
}

type segmentGroupID struct {
	groupID
	scope
}

type newSegmentGroup struct {
	Name        string `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the segment group, unique in the tenant."`
	Enabled     bool   `json:"enabled,omitempty" in:"body=enabled" default:"true" jsonschema:"Whether the group's application segments can be reached."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"What the group is for."`
	ownerScope
}

type segmentGroupChange struct {
	groupID
	Name        string `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes it."`
	Enabled     *bool  `json:"enabled,omitempty" in:"body=enabled" jsonschema:"Whether the group's application segments can be reached."`
	ownerScope
}

var segmentGroups = tool.Set{
	Name: "zpa_segment_groups", Doc: "Groups of ZPA application segments, which access policies refer to.",
	Tools: []tool.Tool{
		rest.Read[search]("zpa_list_segment_groups", "GET "+segmentGroupPath,
			"List ZPA segment groups with their ids and application segments; first page unless page or all is given. Application segments take such an id as segment_group_id, and policy conditions of type APP_GROUP name it.", rest.List),
		rest.Read[segmentGroupID]("zpa_get_segment_group", "GET "+segmentGroupPath+"/{group_id}",
			"Get one ZPA segment group with the application segments in it; for their ports and server groups use zpa_get_application_segment."),
		rest.Create[newSegmentGroup]("zpa_create_segment_group", "POST "+segmentGroupPath,
			"Create a ZPA segment group, empty and effective at once. Application segments are put into it by their own segment_group_id, see zpa_create_application_segment."),
		rest.Update[segmentGroupChange]("zpa_update_segment_group",
			"PUT /zpa/mgmtconfig/v2/admin/customers/{customer_id}/segmentGroup/{group_id}",
			"Rename, describe, enable or disable a ZPA segment group, at once; disabling it cuts off all its application segments. What is not sent stays as it is.",
			rest.ReadFrom(segmentGroupPath+"/{group_id}")),
		rest.Delete[segmentGroupID]("zpa_delete_segment_group", "DELETE "+segmentGroupPath+"/{group_id}",
			"Delete a ZPA segment group, at once. The service refuses while application segments are in it or policies use it: move or delete those first."),
	},
}
