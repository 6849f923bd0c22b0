package zms

import (
	"slices"

	"github.com/org/zscalermcp/tool"
)

// Sets returns the toolsets of Zscaler Microsegmentation, ready for tool.Compile. The slice is the
// caller's own.
func Sets() []tool.Set {
	return []tool.Set{{
		Name:  "zms",
		Doc:   "Zscaler Microsegmentation: agents, nonces, resources, resource groups, policy rules, app zones, application catalogue and tags.",
		Tools: slices.Concat(agents, nonces, resources, resourceGroups, policies, appZones, appCatalog, tags),
	}}
}
