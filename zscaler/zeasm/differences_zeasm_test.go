package zeasm_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

// zeasmDifferences are those of External Attack Surface Management.
var zeasmDifferences = []paritytest.Difference{{
	Tools: []string{"zeasm_list_*"},
	Text:  "a list that is not the whole says so, and `all` follows the pages; the service pages by an offset that no tool of the reference takes.",
	Test:  "TestMoreRowsAreTold",
}}
