package zdx_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

// The service's own names are snake_case, and the vendor's Go client writes userids.
var reportsDifferences = []paritytest.Difference{
	{
		Tools: []string{"zdx_get_application_metric"}, Defect: true, Requests: paritytest.RenameQuery(map[string]string{"metricName": "metric_name"}),
		Text: "sends `metric_name`, not `metricName`: ZDX names are snake_case.",
	},
	{
		Tools: []string{"zdx_list_application_users"}, Defect: true, Requests: paritytest.RenameQuery(map[string]string{"scoreBucket": "score_bucket"}),
		Text: "sends `score_bucket`, not `scoreBucket`.",
	},
	{
		Tools: []string{"zdx_list_devices"}, Defect: true, Requests: paritytest.RenameQuery(map[string]string{"userIds": "userids"}),
		Text: "sends `userids` (the name in the vendor's Go client), not `userIds`.",
	},
	{
		Tools: []string{"zdx_list_devices"}, Defect: true, Requests: paritytest.RenameQuery(map[string]string{"macAddress": "mac_address"}),
		Text: "sends `mac_address`, not `macAddress`.",
	},
	{
		Tools: []string{"zdx_list_devices"}, Defect: true, Requests: paritytest.RenameQuery(map[string]string{"privateIpv4": "private_ipv4"}),
		Text: "sends `private_ipv4`, not `privateIpv4`.",
	},
	{
		Tools: []string{"zdx_list_application_users", "zdx_list_devices"}, Test: "TestRowsOfPages",
		Text: "when `next_offset` tells that rows follow, a note says so and names the `offset` to ask for where the tool takes one.",
	},
	{
		Tools: []string{"zdx_*"}, Defect: true, Test: "TestAnswersComeThroughVerbatim",
		Text: "answers come through as the service sends them, fields of several words included.",
	},
	{
		Tools: []string{"zdx_get_application_score_trend"}, Defect: true, Test: "TestScoreTrendOfEitherShape",
		Text: "an answer that is an array is returned as it is, not as an empty `datapoints`.",
	},
	{
		Tools: []string{"zdx_list_devices"}, Requests: withoutEmpty,
		Text: "an empty `mac_address`, `private_ipv4` or `offset` counts as absent.",
	},
}

func withoutEmpty(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	for _, name := range []string{"mac_address", "private_ipv4", "offset"} {
		if requests[0].Query.Get(name) == "" {
			requests[0].Query.Del(name)
		}
	}
	return requests
}
