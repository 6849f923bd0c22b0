package zcell

import "github.com/org/zscalermcp/tool"

// Sets returns the toolsets of Zscaler Cellular, ready for tool.Compile. The slice is the caller's own.
func Sets() []tool.Set {
	return []tool.Set{
		{Name: "zcell_anomaly_policy", Doc: "Anomaly policies for SIMs, what they did, and which SIMs violated them.", Tools: anomalyPolicies},
		{Name: "zcell_audit_data_handling", Doc: "The audit log of Zscaler Cellular and the words that its search knows.", Tools: audit},
		{Name: "zcell_customer_data_handling", Doc: "The tenant's own record in Zscaler Cellular.", Tools: customers},
		{Name: "zcell_customer_region_handling", Doc: "Regions of Zscaler Cellular and how they fare.", Tools: regions},
		{Name: "zcell_network_events", Doc: "Events of SIMs in mobile networks.", Tools: networkEvents},
		{Name: "zcell_sim_analytics", Doc: "Data usage, places and numbers of SIMs.", Tools: simAnalytics},
		{Name: "zcell_sim_handling", Doc: "The inventory of SIMs.", Tools: sims},
		{Name: "zcell_sim_location_groups", Doc: "Groups of SIMs with the area that they should stay in.", Tools: locationGroups},
		{Name: "zcell_tag_handling", Doc: "Tags that SIMs carry.", Tools: tags},
	}
}
