package ztw

import (
	"slices"

	"github.com/org/zscalermcp/tool"
)

// Sets returns the toolset of Zscaler Cloud and Branch Connector, ready for tool.Compile. The slice is
// the caller's own.
func Sets() []tool.Set {
	return []tool.Set{{
		Name:  "ztw",
		Doc:   "Cloud and Branch Connector: groups of addresses, network services, public cloud accounts, administrators and roles.",
		Tools: slices.Concat(destinationGroups, ipGroups, sourceGroups, networkServices, publicCloud, administration),
	}}
}
