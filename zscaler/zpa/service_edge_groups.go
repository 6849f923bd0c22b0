package zpa

import (
	"context"
	"slices"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	edgeGroupPath   = customerV1 + "/serviceEdgeGroup"
	edgeGroupIDPath = edgeGroupPath + "/{group_id}"
)

type edgeGroup struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"Service edge group id, from zpa_list_service_edge_groups."`
}

type edgeGroupID struct {
	edgeGroup
	scope
}

// edgeGroupParts is what a service edge group may have besides.
type edgeGroupParts struct {
	site
	Description            string   `json:"description,omitempty" in:"body=description" jsonschema:"What the group is for; an empty text removes it."`
	IsPublic               *bool    `json:"is_public,omitempty" in:"body=isPublic|zpa_flag" jsonschema:"Whether clients outside of the trusted networks may use the group, over the internet."`
	VersionProfileName     string   `json:"version_profile_name,omitempty" in:"-" skipempty:"true" jsonschema:"Version profile by name, in any case, such as Default or New Release; version_profile_id goes before it. Needs override_version_profile."`
	VersionProfileID       string   `json:"version_profile_id,omitempty" in:"body=versionProfileId" skipempty:"true" jsonschema:"Version profile id: 0 Default, 1 Previous Default, 2 New Release. Needs override_version_profile."`
	ServiceEdgeIDs         []string `json:"service_edge_ids,omitempty" in:"body=serviceEdges[].id" jsonschema:"Ids of all service edges in the group, from zpa_list_service_edges; replaces the list."`
	TrustedNetworkIDs      []string `json:"trusted_network_ids,omitempty" in:"body=trustedNetworks[].id" jsonschema:"Ids of all trusted networks whose clients use the group, from get_zpa_trusted_network; replaces the list."`
	GraceDistanceEnabled   *bool    `json:"grace_distance_enabled,omitempty" in:"body=graceDistanceEnabled" jsonschema:"Whether clients prefer this group to a nearer public service edge within the grace distance."`
	GraceDistanceValue     *int     `json:"grace_distance_value,omitempty" in:"body=graceDistanceValue|string" jsonschema:"Grace distance, in grace_distance_value_unit."`
	GraceDistanceValueUnit string   `json:"grace_distance_value_unit,omitempty" in:"body=graceDistanceValueUnit" jsonschema:"Unit of the grace distance: MILES or KMS."`
	ownerScope
}

type newEdgeGroup struct {
	Name      string `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the group, unique in the tenant."`
	Latitude  string `json:"latitude" in:"body=latitude" nonempty:"true" jsonschema:"Latitude in decimal degrees as text, such as 59.91387; clients are led to near groups by it."`
	Longitude string `json:"longitude" in:"body=longitude" nonempty:"true" jsonschema:"Longitude in decimal degrees as text, such as 10.75225."`
	Location  string `json:"location" in:"body=location" nonempty:"true" jsonschema:"Name of the place, such as Oslo, Norway."`
	Enabled   bool   `json:"enabled,omitempty" in:"body=enabled" default:"true" jsonschema:"Whether the group's service edges are used."`
	edgeGroupParts
}

type edgeGroupChange struct {
	edgeGroup
	Name    string `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	Enabled *bool  `json:"enabled,omitempty" in:"body=enabled" jsonschema:"Whether the group's service edges are used."`
	coordinates
	edgeGroupParts
}

var edgeGroupTools = []tool.Tool{
	rest.Read[search]("zpa_list_service_edge_groups", "GET "+edgeGroupPath,
		"List groups of ZPA private service edges with their ids, places, service edges and trusted networks; first page unless page or all is given. For single edges use zpa_list_service_edges.", rest.List),
	rest.Read[edgeGroupID]("zpa_get_service_edge_group", "GET "+edgeGroupIDPath,
		"Get one group of ZPA private service edges with its edges, trusted networks, upgrade window and grace distance."),
	rest.Create[newEdgeGroup]("zpa_create_service_edge_group", "POST "+edgeGroupPath,
		"Create a group of ZPA private service edges, effective at once. Then make a service_edge key with zpa_create_provisioning_key for it, with which edges enrol.",
		rest.Prepare(chooseEdgeProfile)),
	rest.Update[edgeGroupChange]("zpa_update_service_edge_group", "PUT "+edgeGroupIDPath,
		"Change a group of ZPA private service edges, at once. What is not sent stays as it is; a list that is sent replaces the whole list.",
		rest.Prepare(chooseEdgeProfile)),
	rest.Delete[edgeGroupID]("zpa_delete_service_edge_group", "DELETE "+edgeGroupIDPath,
		"Delete a group of ZPA private service edges. The service refuses while it has service edges."),
}

var serviceEdgeGroups = tool.Set{
	Name: "zpa_service_edge_groups", Doc: "ZPA private service edges and their groups, which broker traffic in the customer's own network.",
	Tools: slices.Concat(edgeGroupTools, edgeTools),
}

// chooseEdgeProfile sends the version profile that is named by its id.
func chooseEdgeProfile(ctx context.Context, p *rest.Plan) error {
	if p.Args.Text("version_profile_id") != "" {
		return nil
	}
	return versionProfileByName(ctx, p, p.Args.Text("version_profile_name"))
}
