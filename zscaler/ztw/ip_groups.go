package ztw

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	ipGroupsPath     = "/ztw/api/v1/ipGroups"
	sourceGroupsPath = "/ztw/api/v1/ipSourceGroups"
)

type newIPGroup struct {
	Name        string   `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the group, unique among its kind."`
	IPAddresses []string `json:"ip_addresses" in:"body=ipAddresses" nonempty:"true" jsonschema:"IPv4 addresses, ranges (10.0.0.1-10.0.0.9) or networks (10.0.0.0/24)."`
	Description string   `json:"description,omitempty" in:"body=description" unset:"null" jsonschema:"What the group is for."`
}

type ipGroupID struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"Id of the IP pool group, from ztw_list_ip_groups."`
}

type sourceGroupID struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"Id of the source IP group, from ztw_list_ip_source_groups."`
}

var ipGroups = []tool.Tool{
	rest.Read[textSearch]("ztw_list_ip_groups", "GET "+ipGroupsPath,
		"List the IP pool groups of Cloud and Branch Connector with ids, addresses and where they were made (creatorContext). "+
			"Sources of traffic rules are another kind: ztw_list_ip_source_groups.", rest.List),
	rest.Read[nameSearch]("ztw_list_ip_groups_lite", "GET "+ipGroupsPath+"/lite",
		"List only ids and names of the IP pool groups, which is enough to pick one; ztw_list_ip_groups also has the addresses.",
		rest.List, rest.Finish(named)),
	rest.Create[newIPGroup]("ztw_create_ip_group", "POST "+ipGroupsPath,
		"Create an IP pool group of addresses and return it with its id."+staged),
	rest.Delete[ipGroupID]("ztw_delete_ip_group", "DELETE "+ipGroupsPath+"/{group_id}",
		"Delete an IP pool group; the service refuses while something refers to it."+staged),
}

var sourceGroups = []tool.Tool{
	rest.Read[textSearch]("ztw_list_ip_source_groups", "GET "+sourceGroupsPath,
		"List the source IP groups that traffic rules of Cloud and Branch Connector can match, with ids and addresses.", rest.List),
	rest.Read[nameSearch]("ztw_list_ip_source_groups_lite", "GET "+sourceGroupsPath+"/lite",
		"List only ids and names of the source IP groups, for when the addresses of ztw_list_ip_source_groups are not needed.",
		rest.List, rest.Finish(named)),
	rest.Create[newIPGroup]("ztw_create_ip_source_group", "POST "+sourceGroupsPath,
		"Create a source IP group for traffic rules and return it with its id."+staged),
	rest.Delete[sourceGroupID]("ztw_delete_ip_source_group", "DELETE "+sourceGroupsPath+"/{group_id}",
		"Delete a source IP group; the service refuses while a traffic rule refers to it."+staged),
}
