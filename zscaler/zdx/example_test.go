package zdx_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zdx"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(zdx.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range zdx.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// zdx_reports 10
	// zdx_alerts 4
	// zdx_software_inventory 2
	// zdx_troubleshooting 15
}
