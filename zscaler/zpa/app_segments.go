package zpa

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	appSegmentPath    = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/application"
	appSegmentIDPath  = appSegmentPath + "/{segment_id}"
	appsByTypePath    = appSegmentPath + "/getAppsByType"
	listAppSegments   = "GET " + appSegmentPath
	getAppSegment     = "GET " + appSegmentIDPath
	createAppSegment  = "POST " + appSegmentPath
	updateAppSegment  = "PUT " + appSegmentIDPath
	deleteAppSegment  = "DELETE " + appSegmentIDPath
	changeSegmentDoc  = " What is not sent, ports included, stays as it is; a list that is sent replaces the whole list."
	deleteSegmentDoc  = " The service refuses while policies use it."
	sharedEndpointDoc = " ZPA keeps all kinds of application segments in one list, so every kind comes back."
)

type segmentID struct {
	SegmentID string `json:"segment_id" in:"path" nonempty:"true" jsonschema:"Application segment id, from zpa_list_application_segments."`
}

type appSegmentID struct {
	segmentID
	scope
}

type appsByType struct {
	ApplicationType string `json:"application_type" in:"query=applicationType" pattern:"^(BROWSER_ACCESS|INSPECT|SECURE_REMOTE_ACCESS)$" jsonschema:"Kind of application: BROWSER_ACCESS, INSPECT or SECURE_REMOTE_ACCESS."`
	ExpandAll       bool   `json:"expand_all,omitempty" in:"query=expandAll" default:"false" jsonschema:"Whether to return every detail of each application."`
	filter
	scope
	PageSize *int `json:"page_size,omitempty" in:"query=pagesize" min:"1" max:"500" jsonschema:"Rows a page; 20 by default."`
}

var appSegments = tool.Set{
	Name: "zpa_app_segments", Doc: "ZPA application segments: which domains and ports are private applications.",
	Tools: []tool.Tool{
		rest.Read[search]("zpa_list_application_segments", listAppSegments,
			"List ZPA application segments with their ids, domains and ports; first page unless page is given.", rest.List),
		rest.Read[appSegmentID]("zpa_get_application_segment", getAppSegment,
			"Get one ZPA application segment with domains, ports and server groups."),
		rest.Create[newAppSegment]("zpa_create_application_segment", createAppSegment,
			"Create a ZPA application segment. Give TCP or UDP ports as flat from-to pairs.",
			rest.Prepare(somePorts), rest.Prepare(onePortStyle), rest.Prepare(clientlessApps)),
		rest.Update[appSegmentChange]("zpa_update_application_segment", updateAppSegment,
			"Change a ZPA application segment."+changeSegmentDoc,
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps)),
		rest.Delete[appSegmentID]("zpa_delete_application_segment", deleteAppSegment,
			"Delete a ZPA application segment."+deleteSegmentDoc),

		rest.Read[search]("zpa_list_application_segments_ba", listAppSegments,
			"List ZPA application segments to find those with browser access."+sharedEndpointDoc, rest.List),
		rest.Read[appSegmentID]("zpa_get_application_segment_ba", getAppSegment,
			"Get one ZPA application segment with its browser-access applications."),
		rest.Create[newBrowserSegment]("zpa_create_application_segment_ba", createAppSegment,
			"Create a ZPA application segment with browser access: clientless applications that need no Client Connector.",
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(browserAccess.prepare)),
		rest.Update[browserSegmentChange]("zpa_update_application_segment_ba", updateAppSegment,
			"Change a ZPA application segment with browser access."+changeSegmentDoc,
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(browserAccess.prepare)),
		rest.Delete[appSegmentID]("zpa_delete_application_segment_ba", deleteAppSegment,
			"Delete a ZPA application segment with browser access."+deleteSegmentDoc),

		rest.Read[search]("zpa_list_application_segments_pra", listAppSegments,
			"List ZPA application segments to find those with privileged remote access."+sharedEndpointDoc, rest.List),
		rest.Read[appSegmentID]("zpa_get_application_segment_pra", getAppSegment,
			"Get one ZPA application segment with its privileged-remote-access applications."),
		rest.Create[newRemoteSegment]("zpa_create_application_segment_pra", createAppSegment,
			"Create a ZPA application segment with privileged remote access (RDP, SSH, VNC in the browser).",
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(remoteAccess.prepare)),
		rest.Update[remoteSegmentChange]("zpa_update_application_segment_pra", updateAppSegment,
			"Change a ZPA application segment with privileged remote access."+changeSegmentDoc,
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(remoteAccess.prepare)),
		rest.Delete[appSegmentID]("zpa_delete_application_segment_pra", deleteAppSegment,
			"Delete a ZPA application segment with privileged remote access."+deleteSegmentDoc),

		rest.Read[appsByType]("get_zpa_app_segments_by_type", "GET "+appsByTypePath,
			"List the browser-access, inspected or privileged-remote-access applications inside ZPA application segments; first page only.", rest.List),
	},
}
