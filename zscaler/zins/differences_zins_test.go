package zins_test

import (
	"encoding/json"
	"regexp"
	"time"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

var (
	unusedDeclaration = regexp.MustCompile(`[, ]*\$(filter_by|order_by|filterBy|orderBy): ?\[?\w+\]?`)
	categoryFirst     = regexp.MustCompile(`(categorize_by: ?\$\w+)[, ]+(start_time: ?\$\w+[, ]+end_time: ?\$\w+)`)
	unusedArgument    = regexp.MustCompile(`[, ]*(filter_by|order_by): ?\$\w+`)
)

// zinsDifferences are those of all reports of Z-Insights.
var zinsDifferences = []paritytest.Difference{
	{
		Tools:    []string{"zins_*"},
		Text:     "the queries do not declare the variables for filters and orders, which the reference declares and never sets, and give the window before other arguments; the order means nothing.",
		Requests: tidy,
	},
	{
		Tools: []string{"zins_get_web_*", "zins_get_threat_*"},
		Text:  "the values that `traffic_unit` can have are advertised and enforced: TRANSACTIONS and BYTES.",
		Params: map[string]func(*paritytest.Param){
			"traffic_unit": func(p *paritytest.Param) { p.Enum = []string{"TRANSACTIONS", "BYTES"} },
		},
	},
	{
		Tools: []string{"zins_get_web_traffic_by_location", "zins_get_web_traffic_no_grouping"},
		Text:  "the values that `trend_interval` can have are advertised and enforced: DAY and HOUR.",
		Params: map[string]func(*paritytest.Param){
			"trend_interval": func(p *paritytest.Param) { p.Enum = []string{"DAY", "HOUR"} },
		},
	},
	{
		Tools: []string{"zins_get_web_traffic_no_grouping"},
		Text:  "the values that `dlp_engine_filter` and `action_filter` can have are advertised and enforced.",
		Params: map[string]func(*paritytest.Param){
			"dlp_engine_filter": func(p *paritytest.Param) {
				p.Enum = []string{"ANY", "NONE", "HIPAA", "CYBER_BULLY_ENG", "GLBA", "PCI", "OFFENSIVE_LANGUAGE", "EXTERNAL"}
			},
			"action_filter": func(p *paritytest.Param) { p.Enum = []string{"ALLOW", "BLOCK"} },
		},
	},
	{
		Tools: []string{"zins_get_cyber_incidents"},
		Text:  "the values that `categorize_by` can hold are advertised and enforced.",
		Params: map[string]func(*paritytest.Param){
			"categorize_by": func(p *paritytest.Param) {
				p.Enum = []string{"THREAT_CATEGORY_ID", "APP_ID", "USER_ID", "TIME", "SRC_COUNTRY"}
			},
		},
	},
	{
		Tools: []string{"zins_get_casb_*", "zins_get_cyber_*", "zins_get_firewall_*", "zins_get_shadow_*", "zins_get_threat_*", "zins_get_web_*"},
		Text: "a `start_days_ago` that is not more than `end_days_ago` is refused, where the reference makes it another window; so are times that can only be seconds. " +
			"A list whose window was moved to 7 or 14 days says so.",
		Requests: refused, Test: "TestWindows",
	},
	{
		Tools: []string{"zins_*"},
		Text:  "rows that come beside an error are returned with a note that the answer is incomplete.",
		Test:  "TestRowsBesideAnError",
	},
	{
		Tools: []string{"zins_*"},
		Text:  "names that the service obfuscates for the API client's role are told of.",
		Test:  "TestRowsAreTheEntries",
	},
}

// zinsHints give times that can be meant.
var zinsHints = []paritytest.Hint{{
	Tools: []string{"zins_*"},
	Values: map[string][]any{
		"start_time": {time.Now().UnixMilli() - 9*dayMS, time.Now().UnixMilli() - 16*dayMS, time.Now().Unix()},
		"end_time":   {time.Now().UnixMilli() - 2*dayMS, time.Now().UnixMilli() - 3*dayMS},
	},
}}

// refused is the window that runs backwards, and times in seconds.
func refused(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	from, to := days(args["start_days_ago"], 9), days(args["end_days_ago"], 2)
	exact := args["start_time"] != nil || args["end_time"] != nil
	if at, ok := args["start_time"].(json.Number); !exact && from <= to || ok && len(at) < 13 {
		return nil
	}
	return requests
}

// days is an argument, or its default.
func days(value any, fallback int64) int64 {
	if n, ok := value.(json.Number); ok {
		fallback, _ = n.Int64()
	}
	return fallback
}

// tidy drops the variables that nothing sets from the query, and puts the window first.
func tidy(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	for _, r := range requests {
		body := r.Body.(map[string]any)
		query := unusedArgument.ReplaceAllString(unusedDeclaration.ReplaceAllString(body["query"].(string), ""), "")
		body["query"] = categoryFirst.ReplaceAllString(query, "$2 $1")
	}
	return requests
}
