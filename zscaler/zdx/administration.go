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
		"List departments with the ids that other reports take as department_id.", rest.List),
	rest.Read[placeSearch]("zdx_list_locations", "GET /zdx/v1/administration/locations",
		"List Zscaler locations with the ids that other reports take as location_id.", rest.List),
}
