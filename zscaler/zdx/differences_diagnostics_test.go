package zdx_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

// diagnosticsDifferences are those of alerts, software inventory and troubleshooting.
var diagnosticsDifferences = []paritytest.Difference{
	{
		Tools: []string{"zdx_list_alert_affected_devices"}, Defect: true, Requests: paritytest.RenameQuery(map[string]string{"locationGroups": "location_groups"}),
		Text: "sends `location_groups`, not `locationGroups`: ZDX names are snake_case.",
	},
	{
		Tools: []string{"zdx_list_software", "zdx_get_software_details"}, Defect: true,
		Requests: paritytest.RenameQuery(map[string]string{"userIds": "userids", "deviceIds": "deviceids"}),
		Text:     "sends `userids` and `deviceids` (the names in the vendor's Go client), not `userIds` and `deviceIds`.",
	},
	{
		Tools: []string{"zdx_list_alerts", "zdx_list_historical_alerts", "zdx_list_alert_affected_devices"}, Requests: withoutEmpty,
		Text: "an empty `offset` counts as absent.",
	},
	{
		Tools: []string{"zdx_list_alert*", "zdx_list_historical_alerts", "zdx_list_software", "zdx_get_software_details"}, Test: "TestAlertsAndSoftware",
		Text: "when `next_offset` tells that rows follow, a note says so and names the `offset` to ask for where the tool takes one.",
	},
	{
		Tools: []string{"zdx_get_deeptrace_*", "zdx_list_deeptrace_top_processes"}, Defect: true, Test: "TestDeepTraceDataOfEitherShape",
		Text: "a list comes through as its rows and one object as one row, with all their members; the reference makes one empty row of a list, and texts of what is nested.",
	},
	{
		Tools: []string{"zdx_list_cloudpath_probes"}, Defect: true, Test: "TestProbesComeThrough",
		Text: "the entries of `avg_latencies` are objects, as the service sends them, not texts.",
	},
	{
		Tools: []string{"zdx_start_deeptrace", "zdx_start_analysis"}, Defect: true, Test: "TestStartedIDs",
		Text: "`trace_id` and `analysis_id` are told, beside everything else that the service answers; the reference answers null. An answer without an id says so and how to find it.",
	},
	{
		Tools: []string{"zdx_get_analysis"}, Test: "TestAnalysisStatus",
		Text: "`data` is the record as the service sends it, times in epoch seconds; the reference renames its members and writes times as text, in the server's time zone.",
	},
	{
		Tools: []string{"zdx_list_device_deep_traces"}, Test: "TestTracesOfEitherShape",
		Text: "one object in the place of a list is a row, too.",
	},
	{
		Tools: []string{"zdx_delete_deeptrace"}, Test: "TestLifeOfADeepTrace",
		Text: "the question names the session by its `session_name`.",
	},
}
