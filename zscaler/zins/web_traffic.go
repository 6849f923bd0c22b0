package zins

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// traffic chooses what is counted.
type traffic struct {
	week
	TrafficUnit string `json:"traffic_unit,omitempty" in:"var=trafficUnit" default:"TRANSACTIONS" enum:"TRANSACTIONS,BYTES" jsonschema:"What total counts: TRANSACTIONS or BYTES."`
}

type trafficReport struct {
	traffic
	limited
}

// trend asks for the course over time beside the totals.
type trend struct {
	IncludeTrend  bool   `json:"include_trend,omitempty" in:"var=includeTrend" default:"false" jsonschema:"Whether each row also has its trend over time."`
	TrendInterval string `json:"trend_interval,omitempty" in:"var=trendInterval" skipempty:"true" enum:"DAY,HOUR" jsonschema:"Step of the trend: DAY or HOUR. Only with include_trend."`
}

type trafficByLocation struct {
	traffic
	trend
	limited
}

type trafficTotal struct {
	traffic
	DLPEngineFilter string `json:"dlp_engine_filter,omitempty" in:"var=dlpEngineFilter" skipempty:"true" enum:"ANY,NONE,HIPAA,CYBER_BULLY_ENG,GLBA,PCI,OFFENSIVE_LANGUAGE,EXTERNAL" jsonschema:"Only traffic that this DLP engine found something in; ANY is one of them, NONE is none."`
	ActionFilter    string `json:"action_filter,omitempty" in:"var=actionFilter" skipempty:"true" enum:"ALLOW,BLOCK" jsonschema:"Only traffic that was allowed (ALLOW) or blocked (BLOCK)."`
	trend
	limited
}

// Arguments of the reports on web traffic, and the fields of their entries.
const (
	unitArgument   = "traffic_unit=trafficUnit: WebTrafficUnits!"
	trendArguments = "include_trend=includeTrend: Boolean, trend_interval=trendInterval: TrendInterval"
	trendFields    = "name total trend { trend_start_time trend_interval trend_values }"
)

// web is a report on web traffic by one aspect.
func web(operation, field string) report {
	return report{operation: operation, domain: "WEB_TRAFFIC", field: field, arguments: unitArgument, selection: entries("name total")}
}

var webTraffic = []tool.Tool{
	list[trafficByLocation]("zins_get_web_traffic_by_location",
		"Report web traffic of 7 or 14 days by location, in transactions or bytes, if wanted with the trend by day or hour.",
		report{
			operation: "WebTrafficByLocation", domain: "WEB_TRAFFIC", field: "location",
			arguments: unitArgument + ", " + trendArguments, selection: entries(trendFields),
		}, rest.JSONText),
	list[trafficTotal]("zins_get_web_traffic_no_grouping",
		"Report all web traffic of 7 or 14 days as one total, if wanted only what was blocked or allowed, or what a DLP engine found something in, and with the trend by day or hour.",
		report{
			operation: "WebTrafficNoGrouping", domain: "WEB_TRAFFIC", field: "no_grouping",
			arguments: unitArgument + ", dlp_engine_filter=dlpEngineFilter: DlpEngineFilter, action_filter=actionFilter: ActionStatus, " + trendArguments, selection: entries(trendFields),
		}, rest.JSONText),
	list[trafficReport]("zins_get_web_protocols",
		"Report web traffic of 7 or 14 days by protocol, such as HTTP, HTTPS and FTP, in transactions or bytes.", web("WebProtocols", "protocols")),
	list[trafficReport]("zins_get_threat_super_categories",
		"Report threats in web traffic of 7 or 14 days by broad category, such as malware, phishing and adware. For finer classes take zins_get_threat_class.",
		web("WebThreatSuperCategories", "threat_super_categories")),
	list[trafficReport]("zins_get_threat_class",
		"Report threats in web traffic of 7 or 14 days by class of threat, finer than zins_get_threat_super_categories.", web("WebThreatClass", "threat_class")),
}
