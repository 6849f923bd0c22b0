package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const timeIntervalsPath = "/zia/api/v1/timeIntervals"

type timeIntervalSearch struct {
	Search   string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name of the interval."`
	Page     int    `json:"page,omitempty" in:"query=page" jsonschema:"Number of the page, from 1; the first when absent."`
	PageSize int    `json:"page_size,omitempty" in:"query=pageSize" jsonschema:"Rows a page, up to 1000; 100 when absent."`
}

type timeIntervalID struct {
	IntervalID string `json:"interval_id" in:"path" jsonschema:"Time interval id, from zia_list_time_intervals."`
}

type newTimeInterval struct {
	Name       string   `json:"name" in:"body=name" jsonschema:"Name of the interval."`
	StartTime  int      `json:"start_time" in:"body=startTime" jsonschema:"Beginning in minutes after midnight, such as 480 for 8:00."`
	EndTime    int      `json:"end_time" in:"body=endTime" jsonschema:"End in minutes after midnight, such as 1080 for 18:00."`
	DaysOfWeek []string `json:"days_of_week" in:"body=daysOfWeek" jsonschema:"Days on which it applies: EVERYDAY, or some of SUN, MON, TUE, WED, THU, FRI and SAT."`
}

type timeIntervalChange struct {
	timeIntervalID
	Name       string   `json:"name,omitempty" in:"body=name" jsonschema:"New name."`
	StartTime  int      `json:"start_time,omitempty" in:"body=startTime" jsonschema:"New beginning in minutes after midnight."`
	EndTime    int      `json:"end_time,omitempty" in:"body=endTime" jsonschema:"New end in minutes after midnight."`
	DaysOfWeek []string `json:"days_of_week,omitempty" in:"body=daysOfWeek" jsonschema:"The whole new list of days: EVERYDAY, or some of SUN, MON, TUE, WED, THU, FRI and SAT."`
}

var timeIntervals = tool.Set{
	Name: "zia_time_intervals", Doc: "Times of the week, to which ZIA rules can be limited.",
	Tools: []tool.Tool{
		rest.Read[timeIntervalSearch]("zia_list_time_intervals", "GET "+timeIntervalsPath,
			"List the times of the week that ZIA rules can be limited to by time_windows, with their ids, minutes and days.", rest.List),
		rest.Read[timeIntervalID]("zia_get_time_interval", "GET "+timeIntervalsPath+"/{interval_id}",
			"Get one time interval: its days, and its beginning and end in minutes after midnight."),
		rest.Create[newTimeInterval]("zia_create_time_interval", "POST "+timeIntervalsPath,
			"Create a time interval, which rules can then name in time_windows; takes effect after zia_activate_configuration."),
		rest.Update[timeIntervalChange]("zia_update_time_interval", "PUT "+timeIntervalsPath+"/{interval_id}",
			"Change a time interval, for all rules that name it; what is not given stays as it is. Takes effect after zia_activate_configuration."),
		rest.Delete[timeIntervalID]("zia_delete_time_interval", "DELETE "+timeIntervalsPath+"/{interval_id}",
			"Delete a time interval; look first which rules name it in time_windows. Takes effect after zia_activate_configuration."),
	},
}
