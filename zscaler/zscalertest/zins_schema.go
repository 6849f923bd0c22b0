package zscalertest

const (
	windowArgs  = "start_time: Long!, end_time: Long!"
	trafficArgs = windowArgs + ", traffic_unit: WebTrafficUnits!"
	trendArgs   = ", include_trend: Boolean, trend_interval: TrendInterval"

	plainEntries  = "obfuscated entries { name total }"
	idEntries     = "obfuscated entries { id name total }"
	trendEntries  = "obfuscated entries { name total trend { trend_start_time trend_interval trend_values } }"
	nestedEntries = "obfuscated entries { name total entries { name total } }"
)

// schema is every domain with its reports.
func (z *zins) schema() map[string][]rootField {
	web := func(name, args, shape, rows string) rootField {
		return defineField(name, args, shape, z.totals(rows, "WEB_TRAFFIC", name))
	}
	firewall := func(name, shape, rows string) rootField {
		return defineField(name, windowArgs, shape, z.totals(rows, "ZERO_TRUST_FIREWALL", name))
	}
	return map[string][]rootField{
		"WEB_TRAFFIC": {
			web("location", trafficArgs+trendArgs, trendEntries, "locations"),
			defineField("no_grouping", trafficArgs+", dlp_engine_filter: DlpEngineFilter, action_filter: ActionStatus"+trendArgs, trendEntries, z.allTraffic),
			web("protocols", trafficArgs, plainEntries, "protocols"),
			web("threat_super_categories", trafficArgs, plainEntries, "threatSuperCategories"),
			web("threat_class", trafficArgs, plainEntries, "threatClasses"),
		},
		"CYBER_SECURITY": {
			defineField("incidents", windowArgs+", categorize_by: [IncidentsGroupBy!]!", nestedEntries, z.incidents),
			defineField("cyber_security_location", windowArgs+", categorize_by: IncidentsWithIdGroupBy!", idEntries,
				z.totals("incidentLocations", "CYBER_SECURITY", "cyber_security_location")),
		},
		"ZERO_TRUST_FIREWALL": {
			firewall("action", plainEntries, "firewallActions"),
			firewall("network_service", plainEntries, "networkServices"),
			firewall("location_firewall", idEntries, "locations"),
		},
		"SAAS_SECURITY": {defineField("casb_app", windowArgs, plainEntries, z.totals("casbApps", "SAAS_SECURITY", "casb_app"))},
		"SHADOW_IT": {
			defineField("apps", windowArgs, "entries { "+shadowFields+" }", z.shadowApps),
			defineField("shadow_it_summary", windowArgs, summaryShape(), z.shadowSummary),
		},
		"IOT": {defineField("device_stats", "", "devices_count user_devices_count iot_devices_count server_devices_count un_classified_devices_count "+
			"entries { classifications classification_uuid category total }", z.devices)},
	}
}
