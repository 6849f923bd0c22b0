package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type regionSearch struct {
	SkipSKUCheck bool `json:"skip_sku_check,omitempty" in:"query=skipSkuCheck" jsonschema:"Whether to list regions that the licence does not include, too."`
}

type regionStatus struct {
	BCSize string `json:"bc_size,omitempty" in:"query=bcSize" jsonschema:"Only broker clusters of this size, as the rows of an unfiltered call spell it."`
}

var regions = []tool.Tool{
	rest.Read[regionSearch]("zcell_list_regions", "GET "+customer+"/regions",
		"List the regions that Zscaler Cellular can serve the tenant in. How the configured ones fare is in zcell_list_region_operational_status.", rest.List, rest.OnePage),
	rest.Read[regionStatus]("zcell_list_region_operational_status", "GET "+customer+"/regions/operational-status",
		"List the configured regions with the state of their broker clusters, app connectors and the links between; look here first when SIMs of a region have no connection.",
		rest.List, rest.OnePage, rest.JSONText),
}
