package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	networkAppsPath      = "/zia/api/v1/networkApplications"
	networkAppGroupsPath = "/zia/api/v1/networkApplicationGroups"
)

type networkAppSearch struct {
	firewallSearch
	Locale string `json:"locale,omitempty" in:"query=locale" skipempty:"true" jsonschema:"Language of the descriptions, such as en-US, de-DE or ja-JP; English when absent."`
}

type networkAppID struct {
	AppID string `json:"app_id" in:"path" jsonschema:"Network application id, a word such as DNSOVERHTTPS, from zia_list_network_apps."`
}

var firewallApplicationTools = []tool.Tool{
	rest.Read[networkAppSearch]("zia_list_network_apps", "GET "+networkAppsPath,
		"List the network applications that Zscaler recognises by their traffic, with their ids and parent categories, for rules to match as nw_applications; the first page unless all is given. Ports alone: zia_list_network_services.", rest.List),
	rest.Read[networkAppID]("zia_get_network_app", "GET "+networkAppsPath+"/{app_id}",
		"Get one network application with its parent category, and whether it is deprecated."),
}

type networkAppGroupID struct {
	GroupID string `json:"group_id" in:"path" jsonschema:"Network application group id, from zia_list_network_app_groups."`
}

type newNetworkAppGroup struct {
	Name                string   `json:"name" in:"body=name" jsonschema:"Name of the group."`
	NetworkApplications []string `json:"network_applications" in:"body=networkApplications" jsonschema:"Ids of the network applications in the group, from zia_list_network_apps."`
	Description         string   `json:"description,omitempty" in:"body=description" unset:"null" jsonschema:"What the group is for."`
}

type networkAppGroupChange struct {
	networkAppGroupID
	Name                string   `json:"name,omitempty" in:"body=name" jsonschema:"New name; the present one stays when absent."`
	NetworkApplications []string `json:"network_applications,omitempty" in:"body=networkApplications" jsonschema:"The whole new list of ids of network applications; the present one stays when absent."`
	Description         string   `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
}

var firewallApplicationGroupTools = []tool.Tool{
	rest.Read[firewallSearch]("zia_list_network_app_groups", "GET "+networkAppGroupsPath,
		"List the groups of network applications that rules can match as nw_application_groups, with the applications in each; the first page unless all is given.", rest.List),
	rest.Read[networkAppGroupID]("zia_get_network_app_group", "GET "+networkAppGroupsPath+"/{group_id}",
		"Get one group of network applications with the applications in it."),
	rest.Create[newNetworkAppGroup]("zia_create_network_app_group", "POST "+networkAppGroupsPath,
		"Create a group of network applications for rules to match; takes effect after zia_activate_configuration."),
	rest.Update[networkAppGroupChange]("zia_update_network_app_group", "PUT "+networkAppGroupsPath+"/{group_id}",
		"Change a group of network applications; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[networkAppGroupID]("zia_delete_network_app_group", "DELETE "+networkAppGroupsPath+"/{group_id}",
		"Delete a group of network applications; the service refuses while a rule matches it. Takes effect after zia_activate_configuration."),
}
