package zeasm_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zeasm"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(zeasm.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range zeasm.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// zeasm 1
	// zeasm_findings 4
	// zeasm_lookalike_domains 2
}
