package zms_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zms"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(zms.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range zms.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// zms 20
}
