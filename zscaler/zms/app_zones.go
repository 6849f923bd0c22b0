package zms

import "github.com/org/zscalermcp/tool"

type appZoneSearch struct {
	paged
	Name      string `json:"name,omitempty" in:"var=filter.appZoneName.contains" skipempty:"true" jsonschema:"Part of the app zone name."`
	SortOrder string `json:"sort_order,omitempty" in:"var=orderBy.appZoneName|upper" skipempty:"true" jsonschema:"Sort by name: ASC or DESC."`
}

var appZones = []tool.Tool{
	list[appZoneSearch]("zms_list_app_zones",
		"List one page of app zones, the scopes that microsegmentation rules apply within, with the number of their members. Rules are in zms_list_policy_rules.",
		question{
			operation: "ListAppZones", root: "appZones",
			variables: "pageNum: Int, pageSize: Int, filter: AppZoneFilter, orderBy: AppZoneQueryOrderBy",
			selection: "id appZoneName description memberCount includeAllVpcs includeAllSubnets",
		}, ascOrDesc("sort_order")),
}
