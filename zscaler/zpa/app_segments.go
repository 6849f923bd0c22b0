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
	ExpandAll       bool   `json:"expand_all,omitempty" in:"query=expandAll" default:"false" jsonschema:"Whether to return every detail of each application, its segment included."`
	filter
	scope
	PageSize *int `json:"page_size,omitempty" in:"query=pagesize" min:"1" max:"500" jsonschema:"Rows a page; 20 by default."`
}

var appSegments = tool.Set{
	Name: "zpa_app_segments", Doc: "ZPA application segments: which domains and ports are private applications.",
	Tools: []tool.Tool{
		rest.Read[search]("zpa_list_application_segments", listAppSegments,
			"List ZPA application segments, of every kind, with their ids, domains, ports, segment groups and server groups; first page unless page or all is given. Start here to find the private application behind a domain or port.", rest.List),
		rest.Read[appSegmentID]("zpa_get_application_segment", getAppSegment,
			"Get one ZPA application segment with its domains, ports, segment group, server groups and settings; policy conditions of type APP name its id."),
		rest.Create[newAppSegment]("zpa_create_application_segment", createAppSegment,
			"Create a ZPA application segment for Client Connector users, effective at once: it needs a segment group, and TCP or UDP ports as flat from-to pairs. An access policy rule must then allow it.",
			rest.Prepare(somePorts), rest.Prepare(onePortStyle), rest.Prepare(clientlessApps)),
		rest.Update[appSegmentChange]("zpa_update_application_segment", updateAppSegment,
			"Change a ZPA application segment, at once: domains, ports, groups and settings."+changeSegmentDoc,
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(ownApps)),
		rest.Delete[appSegmentID]("zpa_delete_application_segment", deleteAppSegment,
			"Delete a ZPA application segment, at once; users can no longer reach its domains through ZPA."+deleteSegmentDoc),

		rest.Read[search]("zpa_list_application_segments_ba", listAppSegments,
			"List ZPA application segments to find those with browser access (clientlessApps); for the browser applications alone use get_zpa_app_segments_by_type."+sharedEndpointDoc, rest.List),
		rest.Read[appSegmentID]("zpa_get_application_segment_ba", getAppSegment,
			"Get one ZPA application segment with its browser-access applications (clientlessApps), their ports and certificates."),
		rest.Create[newBrowserSegment]("zpa_create_application_segment_ba", createAppSegment,
			"Create a ZPA application segment with browser access, effective at once: clientless applications that need no Client Connector, each with a certificate from zpa_list_ba_certificates.",
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(browserAccess.prepare)),
		rest.Update[browserSegmentChange]("zpa_update_application_segment_ba", updateAppSegment,
			"Change a ZPA application segment with browser access, its browser applications included, at once."+changeSegmentDoc,
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(ownApps), rest.Prepare(browserAccess.prepare)),
		rest.Delete[appSegmentID]("zpa_delete_application_segment_ba", deleteAppSegment,
			"Delete a ZPA application segment together with its browser-access applications, at once."+deleteSegmentDoc),

		rest.Read[search]("zpa_list_application_segments_pra", listAppSegments,
			"List ZPA application segments to find those with privileged remote access (praApps); for the consoles' applications alone use get_zpa_app_segments_by_type."+sharedEndpointDoc, rest.List),
		rest.Read[appSegmentID]("zpa_get_application_segment_pra", getAppSegment,
			"Get one ZPA application segment with its privileged-remote-access applications (praApps), their protocols and ports."),
		rest.Create[newRemoteSegment]("zpa_create_application_segment_pra", createAppSegment,
			"Create a ZPA application segment with privileged remote access, effective at once: RDP, SSH or VNC in the browser, opened through a portal of zpa_list_pra_portals.",
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(remoteAccess.prepare)),
		rest.Update[remoteSegmentChange]("zpa_update_application_segment_pra", updateAppSegment,
			"Change a ZPA application segment with privileged remote access, its RDP, SSH and VNC applications included, at once."+changeSegmentDoc,
			rest.Prepare(onePortStyle), rest.Prepare(clientlessApps), rest.Prepare(ownApps), rest.Prepare(remoteAccess.prepare)),
		rest.Delete[appSegmentID]("zpa_delete_application_segment_pra", deleteAppSegment,
			"Delete a ZPA application segment together with its privileged-remote-access applications, at once."+deleteSegmentDoc),

		rest.Read[appsByType]("get_zpa_app_segments_by_type", "GET "+appsByTypePath,
			"List the single browser-access, inspected or privileged-remote-access applications inside ZPA application segments, with the id of their segment (appId), domain and port; the first page unless all is given.", rest.List),
	},
}
