package zscalermcp

import "regexp"

// Arguments that several prompts take.
var (
	hoursBack = promptArgument{name: "since_hours", doc: "How many hours to look back, 1 to 336 (14 days).", preset: "24", low: 1, high: 336}
	tenancy   = promptArgument{name: "microtenant_id", doc: "Microtenant to look at, by its id; without it the configured one.", pattern: regexp.MustCompile(`^[0-9]+$`), form: "an id of digits"}
	webPart   = regexp.MustCompile(`^\S+\.\S+$`)
)

// prompts are those of this module, by service.
var prompts = []prompt{
	{
		name: "zia_investigate_blocked_url", title: "Why is this web page blocked?",
		doc: "Find out which Zscaler Internet Access policy blocks a web page for a user, and what would open it.",
		args: []promptArgument{
			{name: "url", doc: "Address of the page, such as https://www.example.com/news.", required: true, pattern: webPart, form: "a web address without spaces", max: 2048},
			{name: "user", doc: "E-mail address or login name of the user who is blocked."},
		},
		needs: []string{"zia_url_lookup", "zia_list_url_categories", "zia_list_url_filtering_rules"},
		may: []string{"get_zia_users", "zia_list_cloud_app_policy", "zia_list_cloud_app_control_rules", "zia_list_atp_malicious_urls", "zia_list_cloud_firewall_rules", "zia_list_ssl_inspection_rules",
			"zia_get_activation_status", "zia_add_urls_to_category", "zia_activate_configuration"},
	}, {
		name: "zia_prepare_change", title: "Prepare and activate a ZIA change",
		doc:   "See whether changes of Zscaler Internet Access wait for activation, check them with the human, and activate them where that is allowed.",
		needs: []string{"zia_get_activation_status", "zia_list_url_filtering_rules", "zia_list_url_categories"},
		may:   []string{"zia_list_cloud_firewall_rules", "zia_list_ssl_inspection_rules", "zia_list_rule_labels", "zia_activate_configuration"},
	}, {
		name: "zpa_onboard_application", title: "Publish a private application",
		doc: "Plan how a private application is published with Zscaler Private Access, from app connectors to access policy, and create what is missing where that is allowed.",
		args: []promptArgument{
			{name: "name", doc: "Name that the application shall have.", required: true, max: 255},
			{
				name: "domains", doc: "Domain names or addresses of the application, separated by commas, such as crm.example.com, *.crm.example.com.", required: true, max: 2000,
				pattern: regexp.MustCompile(`^(\*\.)?[A-Za-z0-9_.:-]+(, *(\*\.)?[A-Za-z0-9_.:-]+)*$`), form: "domain names or addresses separated by commas",
			},
			{
				name: "ports", doc: "Ports and ranges separated by commas, those of UDP behind udp/, such as 443, 8000-8010, udp/53.", required: true,
				pattern: regexp.MustCompile(`^(udp/)?[0-9]{1,5}(-[0-9]{1,5})?(, *(udp/)?[0-9]{1,5}(-[0-9]{1,5})?)*$`), form: "ports and ranges separated by commas, such as 443, 8000-8010, udp/53",
			},
			{name: "connector_group", doc: "Name of the app connector group that is near the application's servers.", required: true, max: 255},
			tenancy,
		},
		needs: []string{"zpa_list_application_segments", "zpa_list_segment_groups", "zpa_list_server_groups", "zpa_list_app_connector_groups", "zpa_list_app_connectors", "zpa_list_access_policy_rules"},
		may:   []string{"get_zpa_scim_group", "zpa_create_segment_group", "zpa_create_server_group", "zpa_create_application_segment", "zpa_create_access_policy_rule"},
	}, {
		name: "zpa_review_access_policy", title: "Review the private access policy",
		doc:   "Read the access policy of Zscaler Private Access in its order of evaluation and report rules that are too wide, without effect, or about things that are gone.",
		args:  []promptArgument{tenancy},
		needs: []string{"zpa_list_access_policy_rules", "zpa_list_application_segments", "zpa_list_segment_groups"},
		may:   []string{"get_zpa_scim_group", "get_zpa_posture_profile", "zpa_list_timeout_policy_rules"},
	}, {
		name: "zpa_find_stale_connectors", title: "Find stale app connectors",
		doc: "Find app connectors of Zscaler Private Access that are offline, disabled or outdated, and the applications that depend on them.",
		args: []promptArgument{
			{name: "offline_days", doc: "After how many days without contact a connector counts as stale, 1 to 365.", preset: "7", low: 1, high: 365},
			tenancy,
		},
		needs: []string{"zpa_list_app_connectors", "zpa_list_app_connector_groups", "zpa_list_server_groups"},
		may:   []string{"zpa_get_app_connector", "zpa_list_application_segments", "zpa_list_provisioning_keys", "zpa_delete_app_connector"},
	}, {
		name: "zpa_audit_application_access", title: "Who may reach an application?",
		doc: "List who can reach one private application through Zscaler Private Access, by which rule and under which conditions.",
		args: []promptArgument{
			{name: "application", doc: "Name of the application segment, or a domain name of the application.", required: true, max: 255},
			tenancy,
		},
		needs: []string{"zpa_list_application_segments", "zpa_get_application_segment", "zpa_list_access_policy_rules"},
		may:   []string{"get_zpa_scim_group", "get_zpa_saml_attribute", "get_zpa_posture_profile", "get_zpa_trusted_network", "zid_search_groups", "zid_get_group_users", "zpa_list_timeout_policy_rules"},
	}, {
		name: "zpa_troubleshoot_application", title: "Why can an application not be reached?",
		doc: "Find out why a private application cannot be reached through Zscaler Private Access: segment, server group, app connectors or policy.",
		args: []promptArgument{
			{name: "application", doc: "Name of the application segment, or the domain name that cannot be reached.", required: true, max: 255},
			{name: "user", doc: "E-mail address of a user who cannot reach it."},
			tenancy,
		},
		needs: []string{"zpa_list_application_segments", "zpa_get_application_segment", "zpa_get_server_group", "zpa_list_app_connectors", "zpa_list_access_policy_rules"},
		may:   []string{"zid_get_user_groups_by_name", "get_zpa_scim_group", "zpa_get_app_connector_group", "zpa_list_forwarding_policy_rules", "zcc_list_devices"},
	}, {
		name: "zdx_troubleshoot_user_experience", title: "Troubleshoot a user's experience",
		doc: "Find the cause of bad experience of one user or device with Zscaler Digital Experience: the device, the network, Zscaler or the application.",
		args: []promptArgument{
			{name: "user_or_device", doc: "E-mail address of the user, or the name of the device.", required: true},
			{name: "application", doc: "Name of the application that is slow; without it all that the user has."},
			hoursBack,
		},
		needs: []string{"zdx_list_devices", "zdx_get_device", "zdx_list_applications", "zdx_list_application_users", "zdx_get_application_score_trend", "zdx_get_application_metric", "zdx_get_web_probes", "zdx_list_cloudpath_probes"},
		may: []string{"zdx_get_application_user", "zdx_list_alerts", "zdx_list_device_deep_traces", "zdx_get_deeptrace_cloudpath", "zdx_get_deeptrace_health_metrics", "zdx_get_deeptrace_events", "zdx_get_device_deep_trace",
			"zdx_start_deeptrace"},
	}, {
		name: "zdx_explain_user_experience", title: "Explain a user's experience",
		doc: "Tell a user, in words without jargon, how their applications have fared lately and whether the trouble is theirs alone.",
		args: []promptArgument{
			{name: "user", doc: "E-mail address of the user.", required: true, pattern: regexp.MustCompile(`^[^\s@]+@[^\s@]+$`), form: "an e-mail address"},
			hoursBack,
		},
		needs: []string{"zdx_list_devices", "zdx_list_applications", "zdx_list_application_users", "zdx_get_application", "zdx_get_application_user"},
		may:   []string{"zdx_get_device", "zdx_list_alerts"},
	}, {
		name: "zcell_audit_data_usage", title: "Audit the data usage of SIMs",
		doc: "Report how much data the SIMs of Zscaler Cellular used, by day, country and SIM, and what stands out.",
		args: []promptArgument{
			{name: "since_days", doc: "How many days to look back, 1 to 365.", preset: "30", low: 1, high: 365},
			{name: "country", doc: "Only SIMs in this country, by its name.", max: 60},
		},
		needs: []string{"zcell_list_sim_usage_by_day", "zcell_list_sim_usage_by_country", "zcell_list_sim_usage_by_sim", "zcell_list_sims"},
		may:   []string{"zcell_list_sim_analytics_summary", "zcell_get_sim_details", "zcell_list_anomaly_policies"},
	}, {
		name: "zcell_investigate_sim", title: "Investigate a SIM",
		doc: "Find out what a SIM of Zscaler Cellular did lately: state, place, data used, network events and violations.",
		args: []promptArgument{
			{name: "iccid", doc: "ICCID of the SIM, 18 to 22 digits.", required: true, pattern: regexp.MustCompile(`^[0-9]{18,22}$`), form: "an ICCID of 18 to 22 digits"},
			{name: "since_days", doc: "How many days to look back, 1 to 365.", preset: "7", low: 1, high: 365},
		},
		needs: []string{"zcell_get_sim_details", "zcell_list_sim_usage_by_day", "zcell_list_network_events", "zcell_list_anomaly_policies", "zcell_list_iccid_violations"},
		may:   []string{"zcell_list_region_operational_status", "zcell_list_audit_customers_search"},
	}, {
		name: "zcell_review_anomaly_policies", title: "Review anomaly policies of SIMs",
		doc: "Review the anomaly policies of Zscaler Cellular: which run, which SIMs violate them, and what they miss.",
		args: []promptArgument{
			{name: "since_days", doc: "How many days to look back, 1 to 365.", preset: "30", low: 1, high: 365},
			{name: "policy_type", doc: "Only policies of this type, such as GEO_FENCE.", pattern: regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`), form: "one word, such as GEO_FENCE"},
		},
		needs: []string{"zcell_list_anomaly_policies", "zcell_list_anomaly_policy_violations", "zcell_list_anomaly_policy_logs", "zcell_list_iccid_violations"},
		may:   []string{"zcell_list_sim_location_groups", "zcell_get_sim_location_group", "zcell_list_audit_customers_search"},
	},
}
