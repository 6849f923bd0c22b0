package ztw

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type networkServiceSearch struct {
	Protocol string `json:"protocol,omitempty" in:"query=protocol" skipempty:"true" jsonschema:"Only services of this protocol, such as TCP, UDP, ICMP, GRE or ESP."`
	Search   string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name or description; all when absent."`
	Locale   string `json:"locale,omitempty" in:"query=locale" skipempty:"true" jsonschema:"Language of the names of predefined services, such as en-US."`
}

var networkServices = []tool.Tool{
	rest.Read[networkServiceSearch]("ztw_list_network_services", "GET /ztw/api/v1/networkServices",
		"List the network services (protocols with source and destination ports) that rules of Cloud and Branch Connector can match, with their ids.", rest.List),
	rest.Read[textSearch]("ztw_list_network_service_groups", "GET /ztw/api/v1/networkServiceGroups",
		"List the groups of network services that rules of Cloud and Branch Connector can match, each with the services in it.", rest.List),
}
