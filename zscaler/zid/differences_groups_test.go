package zid_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

var groupsDifferences = []paritytest.Difference{
	{
		Tools: []string{"zid_list_groups"}, Defect: true,
		Requests: paritytest.RenameQuery(map[string]string{"excludeDynamicGroups": "excludedynamicgroups"}),
		Text:     "sends `excludedynamicgroups`, in lower case as in the vendor's Go client, not `excludeDynamicGroups`.",
	},
	{
		Tools: []string{"zid_get_group_users_by_name"}, Defect: true, Elsewhere: "TestUsersByGroupNamePagesTheUsersOnly",
		Text: "`offset` and `limit` apply to the users alone, not to the search for the group.",
	},
	{
		Tools: []string{"zid_get_group_users_by_name"}, Test: "TestUsersByGroupName",
		Text: "of several groups that match, one of exactly this name goes before the first; a note names the group unless there can be no doubt.",
	},
}
