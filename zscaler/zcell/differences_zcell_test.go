package zcell_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

// zcellDifferences are those of Zscaler Cellular.
var zcellDifferences = []paritytest.Difference{
	{
		Tools: []string{"zcell_list_audit_customers_search"},
		Text:  "rows have the object before and after the change, which the reference leaves out.",
		Test:  "TestAuditHasWhatChanged",
	},
	{
		Tools: []string{"zcell_list_*"},
		Text:  "an answer that is one object without rows, as a summary may be, is a list of one row; a list that is not the whole says so and names the next page.",
		Test:  "TestRowsOfEveryShape",
	},
	{
		Tools: []string{"zcell_list_sims"},
		Text:  "`query` runs on the object as the service sends it (`pageDetails.content[?status=='ACTIVE']`), not on one in snake case.",
		Test:  "TestSIMsAreOneObject",
	},
}
