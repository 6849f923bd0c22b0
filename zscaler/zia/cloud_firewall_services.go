package zia

import (
	"context"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	networkServicesPath      = "/zia/api/v1/networkServices"
	networkServiceGroupsPath = "/zia/api/v1/networkServiceGroups"
)

type networkServiceSearch struct {
	Name     string `json:"name,omitempty" in:"-" jsonschema:"Part of the name, in any case; search is not applied then."`
	Search   string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text that the service looks for in name and description."`
	Protocol string `json:"protocol,omitempty" in:"query=protocol|upper" skipempty:"true" jsonschema:"Only services of this protocol, such as TCP, UDP or ICMP, in any case."`
}

type networkServiceID struct {
	ServiceID string `json:"service_id" in:"path" jsonschema:"Network service id, from zia_list_network_services."`
}

type newNetworkService struct {
	Name        string     `json:"name" in:"body=name" jsonschema:"Name of the service."`
	Ports       [][]string `json:"ports" in:"-" jsonschema:"Ports of the service, each a list of direction (src or dest), protocol (tcp or udp), first port and, for a range, last port, such as [\"dest\", \"tcp\", \"8000\", \"8099\"]."`
	Description string     `json:"description,omitempty" in:"body=description" skipempty:"true" jsonschema:"What the service is."`
}

type networkServiceChange struct {
	networkServiceID
	Name        string     `json:"name,omitempty" in:"body=name" jsonschema:"New name; the present one stays when absent."`
	Ports       [][]string `json:"ports,omitempty" in:"-" jsonschema:"The whole new set of ports, in the form of zia_create_network_service; the present ones stay when absent."`
	Description string     `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
}

var firewallServiceTools = []tool.Tool{
	rest.Read[networkServiceSearch]("zia_list_network_services", "GET "+networkServicesPath,
		"List the network services, those of Zscaler and the tenant's own, with their ids and ports, for rules to match as nw_services; the first page unless all is given. Layer 7 applications: zia_list_network_apps.",
		rest.List, rest.Prepare(nameBeforeSearch), rest.Finish(keepNamed("name", "name"))),
	rest.Read[networkServiceID]("zia_get_network_service", "GET "+networkServicesPath+"/{service_id}",
		"Get one network service with its source and destination ports."),
	rest.Create[newNetworkService]("zia_create_network_service", "POST "+networkServicesPath,
		"Create a custom network service from TCP and UDP ports; takes effect after zia_activate_configuration.",
		rest.Prepare(layPorts)),
	rest.Update[networkServiceChange]("zia_update_network_service", "PUT "+networkServicesPath+"/{service_id}",
		"Change a network service; what is not given stays as it is. Takes effect after zia_activate_configuration.",
		rest.Prepare(layPorts), rest.Prepare(someServiceChange)),
	rest.Delete[networkServiceID]("zia_delete_network_service", "DELETE "+networkServicesPath+"/{service_id}",
		"Delete a custom network service; those of Zscaler cannot be deleted, nor one that a rule or group holds. Takes effect after zia_activate_configuration."),
}

// nameBeforeSearch drops search where the rows are going to be filtered by name.
func nameBeforeSearch(_ context.Context, p *rest.Plan) error {
	if p.Args.Text("name") != "" {
		p.Query.Del("search")
	}
	return nil
}

type networkServiceGroupID struct {
	GroupID string `json:"group_id" in:"path" jsonschema:"Network service group id, from zia_list_network_svc_groups."`
}

type newNetworkServiceGroup struct {
	Name        string   `json:"name" in:"body=name" jsonschema:"Name of the group."`
	ServiceIDs  []string `json:"service_ids" in:"body=services[].id" jsonschema:"Ids of the network services in the group, from zia_list_network_services."`
	Description string   `json:"description,omitempty" in:"body=description" unset:"null" jsonschema:"What the group is for."`
}

type networkServiceGroupChange struct {
	networkServiceGroupID
	Name        string   `json:"name,omitempty" in:"body=name" jsonschema:"New name; the present one stays when absent."`
	ServiceIDs  []string `json:"service_ids,omitempty" in:"body=services[].id" jsonschema:"The whole new list of ids of network services; the present one stays when absent."`
	Description string   `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
}

var firewallServiceGroupTools = []tool.Tool{
	rest.Read[firewallSearch]("zia_list_network_svc_groups", "GET "+networkServiceGroupsPath,
		"List the groups of network services that rules can match as nw_service_groups, with the services in each; the first page unless all is given.", rest.List),
	rest.Read[networkServiceGroupID]("zia_get_network_svc_group", "GET "+networkServiceGroupsPath+"/{group_id}",
		"Get one group of network services with the services in it."),
	rest.Create[newNetworkServiceGroup]("zia_create_network_svc_group", "POST "+networkServiceGroupsPath,
		"Create a group of network services for rules to match; takes effect after zia_activate_configuration."),
	rest.Update[networkServiceGroupChange]("zia_update_network_svc_group", "PUT "+networkServiceGroupsPath+"/{group_id}",
		"Change a group of network services; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[networkServiceGroupID]("zia_delete_network_svc_group", "DELETE "+networkServiceGroupsPath+"/{group_id}",
		"Delete a group of network services, but not the services in it; the service refuses while a rule matches it. Takes effect after zia_activate_configuration."),
}
