package zpa

import (
	"context"
	"errors"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	serverGroupPath   = customerV1 + "/serverGroup"
	serverGroupIDPath = serverGroupPath + "/{group_id}"
)

type serverGroup struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"Server group id, from zpa_list_server_groups."`
}

type serverGroupID struct {
	serverGroup
	scope
}

// serverGroupParts is what a server group may have besides.
type serverGroupParts struct {
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"What the group is for; an empty text removes it."`
	IPAnchored  *bool  `json:"ip_anchored,omitempty" in:"body=ipAnchored" jsonschema:"Whether traffic leaves from the connectors' addresses, for source IP anchoring."`
	ownerScope
}

type newServerGroup struct {
	Name                 string   `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the group, unique in the tenant."`
	AppConnectorGroupIDs []string `json:"app_connector_group_ids" in:"body=appConnectorGroups[].id" nonempty:"true" jsonschema:"Ids of the app connector groups that reach the servers, from zpa_list_app_connector_groups; at least one."`
	Enabled              bool     `json:"enabled,omitempty" in:"body=enabled" default:"true" jsonschema:"Whether the group serves its applications."`
	ServerIDs            []string `json:"server_ids,omitempty" in:"body=servers[].id" skipempty:"true" jsonschema:"Ids of all servers of the group, from zpa_list_application_servers; needed without dynamic discovery."`
	DynamicDiscovery     bool     `json:"dynamic_discovery,omitempty" in:"body=dynamicDiscovery" default:"true" jsonschema:"Whether the connectors find the servers themselves; false needs server_ids."`
	serverGroupParts
}

type serverGroupChange struct {
	serverGroup
	Name                 string   `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	AppConnectorGroupIDs []string `json:"app_connector_group_ids,omitempty" in:"body=appConnectorGroups[].id" nonempty:"true" jsonschema:"Ids of all app connector groups that reach the servers; replaces the list, and cannot be empty."`
	Enabled              *bool    `json:"enabled,omitempty" in:"body=enabled" jsonschema:"Whether the group serves its applications."`
	ServerIDs            []string `json:"server_ids,omitempty" in:"body=servers[].id" jsonschema:"Ids of all servers of the group, from zpa_list_application_servers; needed without dynamic discovery. Replaces the list."`
	DynamicDiscovery     *bool    `json:"dynamic_discovery,omitempty" in:"body=dynamicDiscovery" jsonschema:"Whether the connectors find the servers themselves; false needs servers in the group or server_ids."`
	serverGroupParts
}

var serverGroups = tool.Set{
	Name: "zpa_server_groups", Doc: "ZPA server groups: which app connector groups reach which servers.",
	Tools: []tool.Tool{
		rest.Read[search]("zpa_list_server_groups", "GET "+serverGroupPath,
			"List ZPA server groups with their ids, app connector groups, servers and application segments; first page unless page or all is given. Application segments and access rules refer to these ids.", rest.List),
		rest.Read[serverGroupID]("zpa_get_server_group", "GET "+serverGroupIDPath,
			"Get one ZPA server group with its app connector groups, servers and the application segments that use it."),
		rest.Create[newServerGroup]("zpa_create_server_group", "POST "+serverGroupPath,
			"Create a ZPA server group, effective at once: it ties app connector groups to servers. Application segments then take its id as server_group_ids.", rest.Prepare(someServers)),
		rest.Update[serverGroupChange]("zpa_update_server_group", "PUT "+serverGroupIDPath,
			"Change a ZPA server group, at once. What is not sent stays as it is; a list that is sent replaces the whole list.", rest.Prepare(someServers)),
		rest.Delete[serverGroupID]("zpa_delete_server_group", "DELETE "+serverGroupIDPath,
			"Delete a ZPA server group. The service refuses while application segments or policy rules use it."),
	},
}

// someServers refuses a group that neither finds its servers nor names any.
func someServers(_ context.Context, p *rest.Plan) error {
	asked := p.Args.Has("dynamic_discovery") || p.Args.Has("server_ids")
	if asked && string(p.Body["dynamicDiscovery"]) == "false" && len(list(p.Body["servers"])) == 0 {
		return errors.New("server_ids is needed: a group without dynamic discovery names its servers; zpa_list_application_servers shows them")
	}
	return nil
}
