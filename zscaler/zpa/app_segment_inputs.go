package zpa

// segmentPlace is what every new application segment needs or may have.
type segmentPlace struct {
	Name           string   `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the application segment, unique in the tenant."`
	SegmentGroupID string   `json:"segment_group_id" in:"body=segmentGroupId" nonempty:"true" jsonschema:"Segment group to put it into, from zpa_list_segment_groups."`
	DomainNames    []string `json:"domain_names,omitempty" in:"body=domainNames" jsonschema:"Domain names or IP addresses of the application, such as crm.example.com or *.example.com."`
	ServerGroupIDs []string `json:"server_group_ids,omitempty" in:"body=serverGroups[].id" jsonschema:"Ids of the server groups that serve it, from zpa_list_server_groups."`
	segmentPorts
}

// segmentPlaceChange is segmentPlace for updates.
type segmentPlaceChange struct {
	segmentID
	Name           string   `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	SegmentGroupID string   `json:"segment_group_id,omitempty" in:"body=segmentGroupId" skipempty:"true" jsonschema:"Segment group to move it to, from zpa_list_segment_groups."`
	DomainNames    []string `json:"domain_names,omitempty" in:"body=domainNames" jsonschema:"New domain names or IP addresses; replaces the list."`
	ServerGroupIDs []string `json:"server_group_ids,omitempty" in:"body=serverGroups[].id" jsonschema:"New server group ids; replaces the list."`
	segmentPorts
}

type segmentPorts struct {
	TCPPortRanges []string `json:"tcp_port_ranges,omitempty" in:"body=tcpPortRanges" jsonschema:"TCP ports as flat from-to pairs: [\"443\", \"443\", \"8080\", \"8090\"]."`
	UDPPortRanges []string `json:"udp_port_ranges,omitempty" in:"body=udpPortRanges" jsonschema:"UDP ports as flat from-to pairs, as for TCP."`
}

// segmentState is the rest of a new segment.
type segmentState struct {
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"What the application is."`
	Enabled     bool   `json:"enabled,omitempty" in:"body=enabled" default:"true" jsonschema:"Whether the application can be reached."`
	ownerScope
	segmentAdvanced
}

// segmentStateChange is segmentState for updates.
type segmentStateChange struct {
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes it."`
	Enabled     *bool  `json:"enabled,omitempty" in:"body=enabled" jsonschema:"Whether the application can be reached."`
	ownerScope
	segmentAdvanced
}

type segmentAdvanced struct {
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*" skipempty:"true" jsonschema:"Further fields of the API object in snake_case or camelCase, such as bypass_type, health_reporting, icmp_access_type, common_apps_dto, or tcp_port_range as a list of {from, to} instead of tcp_port_ranges."`
}

type clientless struct {
	ClientlessAppIDs []map[string]any `json:"clientless_app_ids,omitempty" in:"body=clientlessApps|camel" jsonschema:"Browser-access applications: objects with name, domain, application_protocol (HTTP or HTTPS), application_port and certificate_id (from zpa_list_ba_certificates)."`
}

type commonApps struct {
	CommonAppsDTO map[string]any `json:"common_apps_dto,omitempty" in:"body=commonAppsDto|camel" jsonschema:"Applications of the segment: {\"apps_config\": [{\"name\", \"domain\", \"application_protocol\" (RDP, SSH, VNC), \"application_port\", \"enabled\"}]}. On update it is the whole list: existing ones are matched by domain, missing ones are deleted."`
}

type newAppSegment struct {
	segmentPlace
	segmentState
}

type appSegmentChange struct {
	segmentPlaceChange
	segmentStateChange
}

type newBrowserSegment struct {
	segmentPlace
	clientless
	segmentState
}

type browserSegmentChange struct {
	segmentPlaceChange
	clientless
	segmentStateChange
}

type newRemoteSegment struct {
	segmentPlace
	commonApps
	segmentState
}

type remoteSegmentChange struct {
	segmentPlaceChange
	commonApps
	segmentStateChange
}
