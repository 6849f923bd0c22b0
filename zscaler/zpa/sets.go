package zpa

import "github.com/org/zscalermcp/tool"

// Sets returns the toolsets of Zscaler Private Access, ready for tool.Compile. The slice is the
// caller's own.
func Sets() []tool.Set {
	return []tool.Set{
		segmentGroups, appSegments, accessPolicies, serverGroups, applicationServers, connectorGroups, connectors,
		serviceEdgeGroups, provisioningKeys, baCertificates, privilegedAccess, identity, misc,
	}
}
