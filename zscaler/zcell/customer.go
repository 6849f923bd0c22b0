package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

var customers = []tool.Tool{
	rest.Read[struct{}]("zcell_get_customer_data_handling", "GET "+customer,
		"Get the tenant's own record in Zscaler Cellular: "+
			"activation, regions, numbers of SIMs, data used so far, and the ZIA and ZPA clouds it belongs to.", rest.JSONText),
}
