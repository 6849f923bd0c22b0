package zms_test

import (
	"strings"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

var queriesDifferences = []paritytest.Difference{
	{
		Tools: []string{"zms_list_app_catalog"}, Defect: true, Test: "TestOrderOfTheCatalogue",
		Text: "`name` and `category` work (`filter.name.contains`, `filter.category.contains`).",
	},
	{
		Tools: []string{"zms_list_app_zones"}, Requests: upperOrNone("sort_order", "orderBy"),
		Text: "`sort_order` must be ASC or DESC, as in the other lists.",
	},
	{
		Tools: []string{"zms_list_agents", "zms_list_agent_groups", "zms_list_nonces"}, Requests: upperOrNone("sort_dir", "sortDir"),
		Text: "`sort_dir` may be lower case, and must be ASC or DESC.",
	},
	{
		Tools: []string{"zms_get_metadata"}, Test: "TestSingleObjects",
		Text: "a value that is not an object comes through under `data` instead of an empty object.",
	},
	{Tools: []string{"zms_get_*"}, Test: "TestSingleObjects", Text: "a null root field (nothing found) is an error, not an empty object."},
	{Tools: []string{"zms_list_*"}, Test: "TestPagesOfATenant", Text: "a note tells when more pages follow."},
}

var queriesHints = []paritytest.Hint{
	{Tools: []string{"zms_list_agents", "zms_list_agent_groups", "zms_list_nonces"}, Values: map[string][]any{"sort_dir": {"DESC", "asc", "up", ""}}},
	{Tools: []string{"zms_list_app_zones"}, Values: map[string][]any{"sort_order": {"DESC", "asc", "up", ""}}},
	{Tools: []string{"zms_list_app_catalog"}, Values: map[string][]any{"sort_by": {"name", "creation_time", "modified_time", "category"}}},
}

// upperOrNone: a sort direction goes out in upper case, an empty one not at all; another one is refused.
func upperOrNone(argument, variable string) func(map[string]any, []paritytest.Request) []paritytest.Request {
	return func(args map[string]any, requests []paritytest.Request) []paritytest.Request {
		direction, given := args[argument].(string)
		if !given {
			return requests
		}
		variables := requests[0].Body.(map[string]any)["variables"].(map[string]any)
		switch direction = strings.ToUpper(direction); direction {
		case "":
			delete(variables, variable)
		case "ASC", "DESC":
			if _, plain := variables[variable].(string); plain {
				variables[variable] = direction
			}
		default:
			return nil
		}
		return requests
	}
}
