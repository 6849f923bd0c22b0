package ztw_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

// ztwDifferences are those of all tools of the service.
var ztwDifferences = []paritytest.Difference{
	{
		Tools: []string{"ztw_list_ip_destination_groups_lite"}, Defect: true, Requests: litePath,
		Text: "asks for `/ipDestinationGroups/lite`; the reference overwrites that path and asks for the full list.",
	},
	{
		Tools: []string{"ztw_create_ip_destination_group"}, Params: map[string]func(*paritytest.Param){"type": namedTypes},
		Text: "the values of `type` are advertised as such, not as a pattern.",
	},
	{
		Tools: []string{"ztw_create_ip_destination_group"}, Elsewhere: "TestCountriesOfADestinationGroup",
		Text: "a country that is neither an ISO code nor an English name is refused with those that could be meant; the reference takes the likeliest.",
	},
	{
		Tools: []string{"ztw_get_discovery_settings"}, Test: "TestDiscoverySettings",
		Text: "`settings` is the record as the service sends it, under its own names. A list of settings, which the vendor's Go client expects, comes through whole.",
	},
}

func litePath(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	requests[0].Path += "/lite"
	return requests
}

func namedTypes(p *paritytest.Param) {
	p.Pattern, p.Enum = "", []string{"DSTN_IP", "DSTN_FQDN", "DSTN_DOMAIN", "DSTN_OTHER"}
}

// ztwHints: countries belong to one type of groups, and are countries.
var ztwHints = []paritytest.Hint{{
	Tools:  []string{"ztw_create_ip_destination_group"},
	Values: map[string][]any{"type": {"DSTN_OTHER", "DSTN_IP"}, "countries": {[]any{"COUNTRY_DE"}, []any{"FR", "Norway"}}},
	Refuses: func(args map[string]any) bool {
		list, _ := args["countries"].([]any)
		return len(list) > 0 && args["type"] != "DSTN_OTHER"
	},
}}
