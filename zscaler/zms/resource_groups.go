package zms

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type resourceGroupSearch struct {
	paged
	Name             string `json:"name,omitempty" in:"var=filter.name.contains" skipempty:"true" jsonschema:"Part of the group name."`
	ResourceHostname string `json:"resource_hostname,omitempty" in:"var=filter.resourceHostname.contains" skipempty:"true" jsonschema:"Part of the host name of a member."`
}

type resourceGroupMembers struct {
	GroupID string `json:"group_id" in:"var=id" nonempty:"true" jsonschema:"Resource group id, from zms_list_resource_groups."`
	paged
}

// groupFields are asked of both kinds of group, which share no interface in the schema.
const groupFields = "id name description type origin resourceMemberCount modifiedTime"

var resourceGroups = []tool.Tool{
	list[resourceGroupSearch]("zms_list_resource_groups",
		"List one page of resource groups, the sources and targets of rules: "+
			"managed ones (members chosen by tags) and unmanaged ones (address ranges and host names). Members are in zms_get_resource_group_members.",
		question{
			operation: "ListResourceGroups", root: "resourceGroups",
			variables: "pageNum: Int, pageSize: Int, filter: ResourceGroupsFilter",
			selection: "... on ManagedResourceGroup { " + groupFields + " } ... on UnmanagedResourceGroup { " + groupFields + " cidrs fqdns }",
		}),
	list[resourceGroupMembers]("zms_get_resource_group_members",
		"List one page of the workloads in one resource group: name, host, status, operating system and cloud. The whole inventory is in zms_list_resources.",
		question{
			operation: "GetResourceGroupMembers", root: "resourceGroupMembers", variables: "id: String!, pageNum: Int, pageSize: Int",
			selection: "id name resourceType status cloudProvider cloudRegion resourceHostname platformOs",
		}),
	get[paged]("zms_get_resource_group_protection_status",
		"Count the resource groups that microsegmentation policy protects and those that it does not, with the percentage; the figures are under data. "+
			"For single workloads take zms_get_resource_protection_status.",
		question{
			operation: "ResourceGroupProtectionStatus", root: "resourceGroupProtectionStatus", variables: "pageNum: Int, pageSize: Int",
			selection: "nodes { protectedPercentage protectedResourceGroupsCount unprotectedResourceGroupsCount totalResourceGroups } " + pageInfo,
		}, rest.Finish(underData)),
}
