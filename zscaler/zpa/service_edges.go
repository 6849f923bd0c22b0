package zpa

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	edgePath   = customerV1 + "/serviceEdge"
	edgeIDPath = edgePath + "/{service_edge_id}"
)

type edge struct {
	ServiceEdgeID string `json:"service_edge_id" in:"path" nonempty:"true" jsonschema:"Service edge id, from zpa_list_service_edges."`
}

type edgeID struct {
	edge
	scope
}

type edgeChange struct {
	edge
	memberChange
}

type edgeIDs struct {
	ServiceEdgeIDs []string `json:"service_edge_ids" in:"body=ids" nonempty:"true" jsonschema:"Ids of the service edges, from zpa_list_service_edges."`
	scope
}

var edgeTools = []tool.Tool{
	rest.Read[search]("zpa_list_service_edges", "GET "+edgePath,
		"List enrolled ZPA private service edges with their ids, groups, control channel state, addresses, software versions and last contact; first page unless page or all is given.", rest.List),
	rest.Read[edgeID]("zpa_get_service_edge", "GET "+edgeIDPath,
		"Get one ZPA private service edge with its state, versions, listening addresses, certificate and the provisioning key it enrolled with."),
	rest.Update[edgeChange]("zpa_update_service_edge", "PUT "+edgeIDPath,
		"Rename, describe, enable or disable a ZPA private service edge, at once. What is not sent stays as it is. Service edges are not created here: they enrol with a provisioning key."),
	rest.Delete[edgeID]("zpa_delete_service_edge", "DELETE "+edgeIDPath,
		"Delete one ZPA private service edge; to come back it must enrol again. To take it out of service for a while, disable it with zpa_update_service_edge."),
	bulk{kinds: "service edges", list: edgePath, argument: "service_edge_ids"}.asking(
		rest.Delete[edgeIDs]("zpa_bulk_delete_service_edges", "POST "+edgePath+"/bulkDelete",
			"Delete several ZPA private service edges in one request; they must enrol again to come back. All must exist, else none is deleted.",
			rest.Finish(countDeleted("service_edge_ids", "service edges")))),
}
