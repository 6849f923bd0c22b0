package ztw_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/ztw"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(ztw.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range ztw.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// ztw 19
}
