package zcc_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zcc"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(zcc.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range zcc.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// zcc_devices 2
	// zcc_forwarding_profiles 1
	// zcc_trusted_networks 1
}
