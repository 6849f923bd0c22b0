package zid_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

var usersDifferences = []paritytest.Difference{
	{
		Tools: []string{"zid_list_users", "zid_search_users", "zid_get_user_groups_by_name"}, Defect: true,
		Text: "query names are all lower case (`loginname[like]`, `displayname[like]`, `primaryemail[like]`, `domainname`, `idpname`), as in the vendor's Go client.",
		Requests: paritytest.RenameQuery(map[string]string{
			"loginName[like]":    "loginname[like]",
			"displayName[like]":  "displayname[like]",
			"primaryEmail[like]": "primaryemail[like]",
			"domainName":         "domainname",
			"idpName":            "idpname",
		}),
	},
	{
		Tools: []string{"zid_get_user_groups_by_name"}, Defect: true, Elsewhere: "TestGroupsByNamePagesTheGroupsOnly",
		Text: "`offset` and `limit` apply to the groups alone, not to the search for the user.",
	},
	{
		Tools: []string{"zid_get_user_groups_by_name"}, Test: "TestGroupsByNameOfSeveralUsers",
		Text: "of several users that match, one whose e-mail address, login name or display name is exactly the name goes before the first; a note names the user.",
	},
	{
		Tools: []string{"zid_search_users"}, Elsewhere: "TestSearchUsers",
		Text: "an empty later page does not switch from login names to display names when login names match on the first page.",
	},
	{Tools: []string{"zid_list_*", "zid_search_users", "zid_get_user_groups*"}, Test: "TestLaterPagesAreAnnounced", Text: "a note tells when more rows follow."},
}

// usersHints: a name with @ is searched by e-mail address, which needs no answer to go on.
var usersHints = []paritytest.Hint{
	{Tools: []string{"zid_search_users"}, Values: map[string][]any{"name": {"ann@example.com", "a+b&c%@example.com", "ann"}}},
}
