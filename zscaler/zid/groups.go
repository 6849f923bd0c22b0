package zid

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const groupsPath = "/ziam/admin/api/v1/groups"

type groupSearch struct {
	Name                 string `json:"name,omitempty" in:"query=name[like]" skipempty:"true" jsonschema:"Part of the name; all groups when absent."`
	ExcludeDynamicGroups *bool  `json:"exclude_dynamic_groups,omitempty" in:"query=excludedynamicgroups" jsonschema:"Whether groups whose members follow from rules are left out."`
	page
}

type groupID struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"Group id, from zid_list_groups or zid_search_groups."`
}

type groupPage struct {
	groupID
	page
}

type groupName struct {
	Name string `json:"name" in:"query=name[like]" nonempty:"true" jsonschema:"Part of the name."`
	page
}

type groupByName struct {
	Name string `json:"name" nonempty:"true" jsonschema:"Name of the group, or a part of it; a group with exactly this name goes before others."`
	page
}

var groups = tool.Set{
	Name: "zid_groups", Doc: "Groups of ZIdentity and the users in them.",
	Tools: []tool.Tool{
		rest.Read[groupSearch]("zid_list_groups", "GET "+groupsPath,
			"List one page of the groups of ZIdentity with ids, source (API, SCIM, ZIDENTITY) and whether they are dynamic; static ones only with exclude_dynamic_groups.", rest.List),
		rest.Read[groupName]("zid_search_groups", "GET "+groupsPath,
			"Find groups by part of their name: the way from a group's name to its id.", rest.List),
		rest.Read[groupID]("zid_get_group", "GET "+groupsPath+"/{group_id}",
			"Get one group with description, source, identity provider, and whether it gives admin and service entitlements."),
		rest.Read[groupPage]("zid_get_group_users", "GET "+groupsPath+"/{group_id}/users",
			"List one page of the users in the group with this id; with a name instead of an id use zid_get_group_users_by_name.", rest.List),
		tool.Func(tool.Read, "zid_get_group_users_by_name",
			"List one page of the users in the group that a name finds; of several groups one of exactly this name goes first, then the first found, and a note tells which.",
			usersOfNamedGroup, tool.List),
	},
}
