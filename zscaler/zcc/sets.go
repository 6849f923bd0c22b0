package zcc

import "github.com/org/zscalermcp/tool"

// Sets returns the toolsets of Zscaler Client Connector, ready for tool.Compile. The slice is the
// caller's own.
func Sets() []tool.Set { return []tool.Set{devices, forwardingProfiles, trustedNetworks} }
