package zdx

import (
	"slices"

	"github.com/org/zscalermcp/tool"
)

// Sets returns the toolsets of Zscaler Digital Experience, ready for tool.Compile. The slice is the
// caller's own.
func Sets() []tool.Set {
	return []tool.Set{{
		Name:  "zdx_reports",
		Doc:   "Digital experience reports: applications with scores, metrics and users, devices, locations and departments.",
		Tools: slices.Concat(applications, devices, administration),
	}, alerts, softwareInventory, troubleshooting}
}
