package zins_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zins"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(zins.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range zins.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// zins_cyber_security 4
	// zins_firewall 3
	// zins_iot 1
	// zins_saas 1
	// zins_shadow_it 2
	// zins_web_traffic 5
}
