package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type locationGroupSearch struct {
	Name string `json:"name,omitempty" in:"query=name" jsonschema:"Name of the group, or part of it."`
	page
}

type locationGroupID struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"Location group id, from zcell_list_sim_location_groups."`
}

const groups = customer + "/sim-location-groups"

var locationGroups = []tool.Tool{
	rest.Read[locationGroupSearch]("zcell_list_sim_location_groups", "GET "+groups,
		"List one page of SIM location groups: id, name and the SIMs they follow. Their areas are in zcell_get_sim_location_group.", rest.List),
	rest.Read[locationGroupID]("zcell_get_sim_location_group", "GET "+groups+"/{group_id}",
		"Get one SIM location group with its area, the anomaly policies that use it, and which SIMs are inside and outside now.", rest.JSONText),
}
