package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type workloadGroupPage struct {
	Page     int `json:"page,omitempty" in:"query=page" skipempty:"true" jsonschema:"Number of the page, from 1; the first when absent."`
	PageSize int `json:"page_size,omitempty" in:"query=pageSize" skipempty:"true" jsonschema:"Rows a page, up to 1000; 250 when absent."`
}

type workloadGroupID struct {
	GroupID string `json:"group_id" in:"path" jsonschema:"Workload group id, from zia_list_workload_groups."`
}

var workloadGroups = tool.Set{
	Name: "zia_workload_groups", Doc: "Groups of cloud workloads that ZIA rules can name.",
	Tools: []tool.Tool{
		rest.Read[workloadGroupPage]("zia_list_workload_groups", "GET /zia/api/v1/workloadGroups",
			"List the groups of cloud workloads that ZIA rules can name, with their ids and the expressions over tags, networks and machines that decide who is in them.",
			rest.List),
		rest.Read[workloadGroupID]("zia_get_workload_group", "GET /zia/api/v1/workloadGroups/{group_id}",
			"Get one group of cloud workloads with its expression, as text and as structured JSON."),
	},
}
