package zms

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type resourceSearch struct {
	paged
	IncludeDeleted bool   `json:"include_deleted,omitempty" in:"var=includeDeleted" default:"false" jsonschema:"Whether deleted resources are listed too."`
	Name           string `json:"name,omitempty" in:"var=filter.name.contains" skipempty:"true" jsonschema:"Part of the resource name."`
	Status         string `json:"status,omitempty" in:"var=filter.status.equals" skipempty:"true" jsonschema:"Status: ACTIVE, INACTIVE or DELETED."`
	ResourceType   string `json:"resource_type,omitempty" in:"var=filter.resourceType.equals" skipempty:"true" jsonschema:"Kind of resource: VM, NODE, POD, K8S_NODE, K8S_SERVICE, K8S_WORKLOAD or UNKNOWN."`
	CloudProvider  string `json:"cloud_provider,omitempty" in:"var=filter.cloudProvider.equals" skipempty:"true" jsonschema:"Where it runs: AWS, AZURE, GCP or ON_PREMISES."`
	CloudRegion    string `json:"cloud_region,omitempty" in:"var=filter.cloudRegion.contains" skipempty:"true" jsonschema:"Part of the cloud region, such as us-east."`
	PlatformOS     string `json:"platform_os,omitempty" in:"var=filter.platformOs.contains" skipempty:"true" jsonschema:"Part of the operating system name."`
	byName
}

var resources = []tool.Tool{
	list[resourceSearch]("zms_list_resources",
		"List one page of the workloads (virtual machines, nodes, pods and services) that microsegmentation knows: "+
			"status, addresses, operating system, cloud, agent and app zones. Narrow it by name, kind, cloud or region; deleted ones are left out unless asked for.",
		question{
			operation: "ListResources", root: "resources",
			variables: "pageNum: Int, pageSize: Int, includeDeleted: Boolean, filter: ResourceQueryFilter, orderBy: ResourceQueryOrderBy",
			selection: "id name resourceType status cloudProvider cloudRegion resourceHostname platformOs platformOsDistro platformOsVersion localIps deleted modifiedTime agentId appZoneIds appZoneNames appZoneMappingState",
		}, ascOrDesc("sort_order")),
	get[paged]("zms_get_resource_protection_status",
		"Count the workloads that microsegmentation policy protects and those that it does not, with the percentage; the figures are under data. "+
			"For groups of them take zms_get_resource_group_protection_status.",
		question{
			operation: "ResourceProtectionStatus", root: "resourceProtectionStatus", variables: "pageNum: Int, pageSize: Int",
			selection: "nodes { protectedPercentage protectedResourcesCount unprotectedResourcesCount totalResources } " + pageInfo,
		}, rest.Finish(underData)),
	metadata(),
}

// metadata is apart from the others: its customer is a String, and its answer has no fields to select.
func metadata() tool.Tool {
	q := question{operation: "GetMetadata", root: "metadata"}
	return rest.Query[struct{}]("zms_get_metadata", endpoint, q.operation, q.root, document(q, "customerId: String!"),
		"Get the metadata that microsegmentation keeps of the tenant, such as the kinds of events of its resources; it is under data, in a form of the service's own. For workloads take zms_list_resources.",
		rest.JSONText, rest.ConstVar("customerId", settingCustomer), rest.Finish(underData))
}
