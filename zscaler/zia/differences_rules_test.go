package zia_test

import (
	"net/http"
	"strings"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

var rulesDifferences = []paritytest.Difference{
	{
		Tools: []string{"zia_update_rule_label", "zia_update_url_category", "zia_update_url_category_predefined", "zia_update_url_filtering_rule"},
		Text:  "the object is read first, the given arguments are laid over it and the whole is sent back; a PUT of the given fields alone would clear all others.",
		Test:  "TestUpdateKeepsWhatIsNotGiven",
	},
	{
		Tools: []string{"zia_update_url_filtering_rule", "zia_update_url_category_predefined"}, Test: "TestUpdateOfNothingIsRefused",
		Text: "a call that changes nothing is refused instead of sending an empty object.",
	},
	{
		Tools:  []string{"zia_create_url_filtering_rule", "zia_update_url_filtering_rule"},
		Text:   "the bounds of `order` (from 1) and `rank` (0 to 7) are advertised in the schema; a null `enabled` counts as absent.",
		Params: map[string]func(*paritytest.Param){"order": ordered, "rank": ranked},
	},
	{
		Tools: []string{"zia_create_url_category", "zia_update_url_category", "zia_update_url_category_predefined"}, Test: "TestAdvancedOfCategories",
		Text: "an unknown key in `advanced` is refused with the known ones, not dropped.",
	},
	{
		Tools: []string{"zia_get_url_category_predefined", "zia_update_url_category_predefined"}, Elsewhere: "TestFindPredefined", Test: "TestFindPredefinedReportsOtherFailures",
		Text: "only \"no such category\" leads to the search by name; a lost permission, a rate limit or a failing service is reported as such. " +
			"An id goes before a name, a predefined category before a custom one of the same name, and of several predefined ones of a name none is chosen.",
	},
	{
		Tools:    []string{"zia_update_url_category"},
		Text:     "`configured_name` is optional, since the object is read anyway, and an empty one counts as absent; a call that would change nothing is refused.",
		Requests: unnamed,
		Params:   map[string]func(*paritytest.Param){"configured_name": func(p *paritytest.Param) { p.Required = false }},
	},
	{
		Tools: []string{"zia_url_lookup"}, Test: "TestLookUpInChunks",
		Text: "it pauses between chunks of 100, not after the last, ends at once when the call is cancelled, and says in an error how many URLs were done.",
	},
	{
		Tools: []string{"zia_list_url_categories"}, Test: "TestFilterCategories",
		Text: "a `contains_url` without a host is refused; records come through whole, `_url_match` beside their own members.",
	},
	{
		Tools: []string{"*zia_*"}, Test: "TestIDsCannotLeaveTheirPlace",
		Text: "booleans in a query are `true` and `false`; ids are escaped, and those that could name another resource (empty, `..`, with a slash) are refused.",
	},
	{Tools: []string{"zia_delete_url_category"}, Test: "TestPredefinedCategoriesAreRefused", Text: "nobody is asked about a predefined category."},
}

// rulesHints: the categories that can be changed are custom ones, whose ids are words.
var rulesHints = []paritytest.Hint{
	{Tools: []string{"zia_*_url_category"}, Answer: customCategory},
}

// unnamed: an empty name is none.
func unnamed(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	if body, ok := requests[len(requests)-1].Body.(map[string]any); ok && body["configuredName"] == "" {
		delete(body, "configuredName")
	}
	return requests
}

func customCategory(r paritytest.Request) (int, string) {
	if r.Method != http.MethodGet {
		return 0, ""
	}
	id := r.Path[strings.LastIndex(r.Path, "/")+1:]
	return http.StatusOK, `{"id":"` + id + `","configuredName":"before","customCategory":true,"urls":["before.example"],"val":9007199254740993}`
}

func ordered(p *paritytest.Param) { p.Min = paritytest.Bound(1) }

func ranked(p *paritytest.Param) { p.Min, p.Max = paritytest.Bound(0), paritytest.Bound(7) }
