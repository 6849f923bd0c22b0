package zins

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type incidentReport struct {
	fortnight
	limited
}

type incidentsBy struct {
	fortnight
	CategorizeBy []string `json:"categorize_by,omitempty" in:"var=categorizeBy" skipempty:"true" unset:"[\"THREAT_CATEGORY_ID\"]" enum:"THREAT_CATEGORY_ID,APP_ID,USER_ID,TIME,SRC_COUNTRY" jsonschema:"What to group by; entries of the first hold entries of the second. THREAT_CATEGORY_ID when absent or empty."`
	limited
}

type incidentsByLocation struct {
	fortnight
	CategorizeBy string `json:"categorize_by,omitempty" in:"var=categorizeBy" default:"LOCATION_ID" jsonschema:"What to group by: LOCATION_ID is the one value known to work."`
	limited
}

// incidents is the report that groups by categorizeBy.
var incidents = report{
	operation: "CyberSecurityIncidents", domain: "CYBER_SECURITY", field: "incidents",
	arguments: "categorize_by=categorizeBy: [IncidentsGroupBy!]!",
	selection: entries("name total entries(limit: $limit) { name total }"),
}

var cyberSecurity = []tool.Tool{
	list[incidentsBy]("zins_get_cyber_incidents",
		"Report cyber security incidents of 7 or 14 days, grouped by up to two of threat category, application, user, day and source country; rows hold the inner group as entries.",
		incidents, rest.JSONText),
	list[incidentReport]("zins_get_cyber_incidents_by_threat_and_app",
		"Report cyber security incidents of 7 or 14 days by threat category, and within each by application: which applications a threat came through.",
		incidents, rest.JSONText, rest.ConstVar("categorizeBy", `["THREAT_CATEGORY_ID","APP_ID"]`)),
	list[incidentReport]("zins_get_cyber_incidents_daily",
		"Report cyber security incidents of 7 or 14 days by day, to see whether they grow; the name of a row is its time.",
		incidents, rest.JSONText, rest.ConstVar("categorizeBy", `["TIME"]`)),
	list[incidentsByLocation]("zins_get_cyber_incidents_by_location",
		"Report cyber security incidents of 7 or 14 days by location, with the ids of the locations.",
		report{
			operation: "CyberSecurityByLocation", domain: "CYBER_SECURITY", field: "cyber_security_location",
			arguments: "categorize_by=categorizeBy: IncidentsWithIdGroupBy!", selection: entries("id name total"),
		}),
}
