package zid

import "github.com/org/zscalermcp/tool"

// Sets returns the toolsets of ZIdentity, ready for tool.Compile. The slice is the caller's own.
func Sets() []tool.Set { return []tool.Set{users, groups} }
