package zdx

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// alertScope limits alerts to places, departments and the last hours, of which the service keeps 14 days.
type alertScope struct {
	places
	Since  int    `json:"since,omitempty" in:"query=from|hours_ago;query=to|now" min:"1" max:"336" jsonschema:"Look back this many hours, 336 (14 days) at most; the service looks back two when absent."`
	Offset string `json:"offset,omitempty" in:"query=offset" skipempty:"true" jsonschema:"Position of the next page, as the page before named it."`
	Limit  int    `json:"limit,omitempty" in:"query=limit" min:"1" jsonschema:"Most rows to return; the service chooses when absent."`
}

type alertID struct {
	AlertID string `json:"alert_id" in:"path" nonempty:"true" jsonschema:"Alert id, from zdx_list_alerts or zdx_list_historical_alerts."`
}

type affectedDevices struct {
	alertID
	LocationGroups []int `json:"location_groups,omitempty" in:"query=location_groups" jsonschema:"Only devices in these groups of locations: ids of members groups in zdx_get_alert."`
	alertScope
}

var alerts = tool.Set{
	Name: "zdx_alerts", Doc: "Alerts of Zscaler Digital Experience, ongoing and past, and the devices that they affect.",
	Tools: []tool.Tool{
		rest.Read[alertScope]("zdx_list_alerts", "GET /zdx/v1/alerts/ongoing",
			"List one page of the alerts that are still going on, with rule, severity, type, numbers of places and devices, and start (epoch seconds). "+
				"Those that have ended are in zdx_list_historical_alerts.", rest.Rows("alerts")),
		rest.Read[alertScope]("zdx_list_historical_alerts", "GET /zdx/v1/alerts/historical",
			"List one page of the alerts that ended within the time window, with rule, severity, type, start and end (epoch seconds). "+
				"For present trouble use zdx_list_alerts.", rest.Rows("alerts")),
		rest.Read[alertID]("zdx_get_alert", "GET /zdx/v1/alerts/{alert_id}",
			"Get one alert, ongoing or past, with its application and how many devices of each department, location and geolocation it affects."),
		rest.Read[affectedDevices]("zdx_list_alert_affected_devices", "GET /zdx/v1/alerts/{alert_id}/affected_devices",
			"List one page of the devices that an alert affects, with their users; device ids lead to zdx_get_device and deep traces.", rest.Rows("devices")),
	},
}
