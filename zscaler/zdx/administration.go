package zdx

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type placeSearch struct {
	Search string `json:"search,omitempty" in:"query=q" skipempty:"true" jsonschema:"Text in the name, or an id."`
	window
}

var administration = []tool.Tool{
	rest.Read[placeSearch]("zdx_list_departments", "GET /zdx/v1/administration/departments",
		"List the departments of ZDX by name, with the ids that reports, alerts and software take as department_id.", rest.List),
	rest.Read[placeSearch]("zdx_list_locations", "GET /zdx/v1/administration/locations",
		"List the Zscaler locations that ZDX knows by name, with the ids that reports, alerts and software take as location_id.", rest.List),
}
