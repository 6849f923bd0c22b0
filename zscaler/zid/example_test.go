package zid_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zid"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(zid.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range zid.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// zid_users 5
	// zid_groups 5
}
