package zcc

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// search is how the lists of settings are searched and paged.
type search struct {
	Search   string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name; all when absent."`
	Page     *int   `json:"page,omitempty" in:"query=page" min:"1" jsonschema:"Page to return, counted from 1."`
	PageSize *int   `json:"page_size,omitempty" in:"query=pageSize" min:"1" jsonschema:"Rows a page; 50 when absent."`
}

var forwardingProfiles = tool.Set{
	Name: "zcc_forwarding_profiles", Doc: "Profiles that say how Zscaler Client Connector forwards traffic.",
	Tools: []tool.Tool{
		rest.Read[search]("zcc_list_forwarding_profiles", "GET /zcc/papi/public/v1/webForwardingProfile/listByCompany",
			"List the forwarding profiles of Client Connector: what it does with web and private traffic (tunnel, proxy, nothing) on trusted networks, in VPNs and elsewhere. "+
				"trustedNetworkIds are those of zcc_list_trusted_networks.", rest.List),
	},
}
