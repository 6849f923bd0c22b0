package zcc

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

var trustedNetworks = tool.Set{
	Name: "zcc_trusted_networks", Doc: "Networks that Zscaler Client Connector recognises as trusted.",
	Tools: []tool.Tool{
		rest.Read[search]("zcc_list_trusted_networks", "GET /zcc/papi/public/v1/webTrustedNetwork/listByCompany",
			"List the trusted networks and the criteria by which Client Connector recognises them: DNS servers and search domains, host names, subnets, gateways, DHCP servers, Wi-Fi names.",
			rest.List),
	},
}
