package zins

import "github.com/org/zscalermcp/tool"

var saas = []tool.Tool{
	list[weekReport]("zins_get_casb_app_report",
		"Report which SaaS applications the cloud access security broker saw in 7 or 14 days, with their totals. "+
			"For applications that nobody has approved take zins_get_shadow_it_apps.",
		report{operation: "CasbAppReport", domain: "SAAS_SECURITY", field: "casb_app", selection: entries("name total")}),
}
