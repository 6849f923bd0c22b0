package zpa

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	serverPath   = customerV1 + "/server"
	serverIDPath = serverPath + "/{server_id}"
)

type server struct {
	ServerID string `json:"server_id" in:"path" nonempty:"true" jsonschema:"Application server id, from zpa_list_application_servers."`
}

type serverID struct {
	server
	scope
}

type newServer struct {
	Name              string   `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the server, unique in the tenant."`
	Address           string   `json:"address" in:"body=address" nonempty:"true" jsonschema:"Domain name or IP address by which app connectors reach it."`
	Description       string   `json:"description,omitempty" in:"body=description" jsonschema:"What the server is."`
	Enabled           bool     `json:"enabled,omitempty" in:"body=enabled" default:"true" jsonschema:"Whether traffic is sent to the server."`
	AppServerGroupIDs []string `json:"app_server_group_ids,omitempty" in:"body=appServerGroupIds" jsonschema:"Ids of server groups that it belongs to, from zpa_list_server_groups."`
	ownerScope
}

type serverChange struct {
	server
	Name              string   `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	Address           string   `json:"address,omitempty" in:"body=address" skipempty:"true" jsonschema:"New domain name or IP address."`
	Description       string   `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes it."`
	Enabled           *bool    `json:"enabled,omitempty" in:"body=enabled" jsonschema:"Whether traffic is sent to the server."`
	AppServerGroupIDs []string `json:"app_server_group_ids,omitempty" in:"body=appServerGroupIds" jsonschema:"Ids of all server groups that it belongs to; replaces the list."`
	ownerScope
}

var applicationServers = tool.Set{
	Name: "zpa_application_servers", Doc: "Servers behind ZPA server groups without dynamic discovery.",
	Tools: []tool.Tool{
		rest.Read[search]("zpa_list_application_servers", "GET "+serverPath,
			"List ZPA application servers with their ids and addresses; first page unless page or all is given. Only server groups without dynamic discovery name servers.", rest.List),
		rest.Read[serverID]("zpa_get_application_server", "GET "+serverIDPath,
			"Get one ZPA application server with its address and server groups."),
		rest.Create[newServer]("zpa_create_application_server", "POST "+serverPath,
			"Create a ZPA application server, effective at once. Give its id to a server group with zpa_create_server_group or zpa_update_server_group."),
		rest.Update[serverChange]("zpa_update_application_server", "PUT "+serverIDPath,
			"Change a ZPA application server, at once. What is not sent stays as it is; a list that is sent replaces the whole list."),
		rest.Delete[serverID]("zpa_delete_application_server", "DELETE "+serverIDPath,
			"Delete a ZPA application server. The service refuses while a server group names it."),
	},
}
