package zia

import "github.com/org/zscalermcp/tool"

// Sets returns the toolsets of Zscaler Internet Access, ready for tool.Compile. The slice is the
// caller's own.
func Sets() []tool.Set {
	return []tool.Set{
		admin, advancedSettings, atpMalware, atpPolicy, authenticationSettings, cloudAppControl, cloudFirewall, devices, dlp, fileTypeControl,
		locations, misc, ruleLabels, sandbox, shadowIT, sslInspection, timeIntervals, urlCategories, urlFiltering, users, workloadGroups,
	}
}
