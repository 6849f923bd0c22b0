package zins

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// Selections of a summary: totals in groups, and in groups of groups.
const (
	grouped = " { obfuscated entries { name total } } "
	nested  = " { obfuscated entries { name total entries { name total } } } "
)

var shadowIT = []tool.Tool{
	list[weekReport]("zins_get_shadow_it_apps",
		"List the cloud applications that were used in 7 or 14 days: category, risk index, whether sanctioned, data moved (bytes), users and last access. "+
			"For totals by category and risk take zins_get_shadow_it_summary.",
		report{
			operation: "ShadowITApps", domain: "SHADOW_IT", field: "apps",
			selection: "entries(limit: $limit) { application application_category risk_index computed_risk_index sanctioned_state integration data_consumed data_uploaded data_downloaded " +
				"authenticated_users unAuthenticated_location_count last_access_time vulnerability undiscovered custom_risk_index }",
		}),
	get[fortnight]("zins_get_shadow_it_summary",
		"Sum up the cloud applications used in 7 or 14 days: how many, bytes up and down, and totals by category, risk index, provisioning status and kind of access. "+
			"Single applications are in zins_get_shadow_it_apps.",
		report{
			operation: "ShadowITSummary", domain: "SHADOW_IT", field: "shadow_it_summary",
			selection: "total_upload_bytes total_download_bytes total_apps total_bytes group_by_app_cat_for_app" + nested + "group_by_app_cat_for_user_count" + nested +
				"group_by_app_cat_for_upload_bytes" + nested + "group_by_app_cat_for_download_bytes" + nested + "group_by_app_cat_for_total_bytes" + nested +
				"group_by_risk_index_for_app" + grouped + "group_by_provisioning_status_for_app" + grouped + "group_by_access_for_app" + grouped,
		}, rest.Prepare(setWindow)),
}
