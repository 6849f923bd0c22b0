package zpa_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

var segmentsDifferences = []paritytest.Difference{
	{
		Tools: []string{"*zpa_*"}, Requests: withoutEmptyMicrotenant,
		Text: "an empty `microtenant_id` counts as absent everywhere; some tools of the reference send it.",
	},
	{
		Tools: []string{"zpa_update_*_rule", "zpa_update_application_segment*", "zpa_update_segment_group"}, Requests: withoutEmptyNames,
		Text: "an empty `name`, `action_type` or `segment_group_id` counts as absent, since no object can have it.",
	},
	{
		Tools: []string{"zpa_update_application_segment*"}, Test: "TestUpdateKeepsTheSegment",
		Text: "ports that are not sent stay, and one port style is sent (that of the caller, else flat lists); " +
			"the reference sends all four port fields and so clears omitted ports. All other members stay too.",
	},
	{
		Tools: []string{"zpa_create_application_segment*", "zpa_update_application_segment*"}, Test: "TestPortsInOneStyle",
		Text: "both port styles in one call, or a flat list of odd length, are refused.",
	},
	{
		Tools: []string{"zpa_create_application_segment_ba", "zpa_update_application_segment_ba"}, Defect: true, Requests: clientlessApps, Test: "TestClientlessAppsKeepTheirIDs",
		Text: "`clientless_app_ids` goes out as `clientlessApps`; on update existing applications (by domain, then port) keep their id.",
	},
	{
		Tools: []string{"zpa_update_application_segment"}, Defect: true, Test: "TestClientlessAppsKeepTheirIDs",
		Text: "`clientless_app_ids` works through `advanced`, too.",
	},
	{
		Tools: []string{"zpa_update_application_segment_ba", "zpa_update_application_segment_pra"}, Elsewhere: "TestAppsOfEveryPage",
		Text: "existing applications are read from every page (500 a page) and limited to those of the segment, so that no application of another segment is matched or deleted; " +
			"among several with one domain the port decides.",
	},
	{
		Tools: []string{"zpa_update_application_segment*"}, Test: "TestAppsOfOtherSegments",
		Text: "ids of applications in `common_apps_dto` and `clientless_app_ids` that are not those of the segment are refused, as is another segment's `app_id`.",
	},
	{
		Tools: []string{"zpa_create_application_segment_ba", "zpa_create_application_segment_pra"}, Requests: withoutNull,
		Text: "`commonAppsDto` is left out when absent, instead of null.",
	},
	{Tools: []string{"zpa_update_segment_group"}, Test: "TestUpdateKeepsTheGroup", Text: "reads the group first, so that the description survives a rename."},
}

var segmentsHints = []paritytest.Hint{
	{
		Tools:  []string{"zpa_*_application_segment*"},
		Values: map[string][]any{"tcp_port_ranges": {[]any{"443", "443"}, []any{"80", "81", "8080", "8090"}}, "udp_port_ranges": {[]any{"53", "53"}, []any{}}},
	},
	{Tools: []string{"zpa_create_application_segment"}, Always: map[string]any{"tcp_port_ranges": []any{"443", "443"}}},
}

func withoutEmptyMicrotenant(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	if args["microtenant_id"] != "" {
		return requests
	}
	for _, r := range requests {
		r.Query.Del("microtenantId")
		if body, ok := r.Body.(map[string]any); ok {
			delete(body, "microtenantId")
		}
	}
	return requests
}

func clientlessApps(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	body := bodyOf(requests)
	if apps, ok := body["clientlessAppIds"]; ok {
		body["clientlessApps"] = apps
		delete(body, "clientlessAppIds")
	}
	return requests
}

func withoutEmptyNames(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	body := bodyOf(requests)
	for _, member := range []string{"name", "action", "segmentGroupId"} {
		if body[member] == "" {
			delete(body, member)
		}
	}
	return requests
}
