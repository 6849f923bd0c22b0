package zscalermcp

import "slices"

// DefaultTools returns the names of the tools that the selection "default" lists from the start, sorted by service: at most 60, which answer
// the commonest questions. docs/adr/0007-default-tools.md says why these.
func DefaultTools() []string { return slices.Clone(defaultTools) }

var defaultTools = []string{
	// Internet Access: why something is blocked or allowed, for whom, and from where.
	"zia_url_lookup",
	"zia_list_url_categories",
	"zia_get_url_category",
	"zia_list_url_filtering_rules",
	"zia_get_url_filtering_rule",
	"zia_list_cloud_app_control_rules",
	"zia_list_cloud_firewall_rules",
	"zia_get_cloud_firewall_rule",
	"zia_list_ssl_inspection_rules",
	"zia_list_web_dlp_rules",
	"zia_list_file_type_control_rules",
	"zia_list_atp_malicious_urls",
	"zia_get_sandbox_report",
	"zia_list_auth_exempt_urls",
	"zia_list_locations",
	"zia_list_rule_labels",
	"get_zia_users",
	"get_zia_user_groups",
	"get_zia_user_departments",
	"zia_get_activation_status",
	"zia_activate_configuration", // listed where it is enabled

	// Private Access: which applications there are, who may reach them, and through what.
	"zpa_list_application_segments",
	"zpa_get_application_segment",
	"zpa_list_segment_groups",
	"zpa_list_server_groups",
	"zpa_list_access_policy_rules",
	"zpa_get_access_policy_rule",
	"zpa_list_timeout_policy_rules",
	"zpa_list_app_connector_groups",
	"zpa_list_app_connectors",
	"zpa_get_app_connector",
	"zpa_list_service_edge_groups",
	"get_zpa_scim_group",

	// Digital Experience: how a user or an application fares.
	"zdx_list_applications",
	"zdx_get_application",
	"zdx_get_application_score_trend",
	"zdx_list_application_users",
	"zdx_list_devices",
	"zdx_get_device",
	"zdx_list_alerts",
	"zdx_get_alert",
	"zdx_list_historical_alerts",

	// People and their devices.
	"zid_list_users",
	"zid_search_users",
	"zid_get_user_groups_by_name",
	"zid_list_groups",
	"zcc_list_devices",

	// The first question of each other service.
	"zins_get_web_traffic_by_location",
	"zins_get_threat_class",
	"zins_get_cyber_incidents",
	"zins_get_shadow_it_apps",
	"zms_list_agents",
	"zms_list_resources",
	"zms_list_policy_rules",
	"zeasm_list_organizations",
	"zeasm_list_findings",
	"zeasm_get_finding_details",
	"zcell_list_sims",
	"ztw_list_public_cloud_info",
}
