package zia

import "github.com/org/zscalermcp/tool"

// Sets returns the toolsets of Zscaler Internet Access, ready for tool.Compile. The slice is the
// caller's own.
func Sets() []tool.Set {
	return []tool.Set{
		admin, atpMalware, atpPolicy, cloudAppControl, cloudFirewall, dlp, fileTypeControl, ruleLabels, sandbox, sslInspection, urlCategories, urlFiltering,
	}
}
