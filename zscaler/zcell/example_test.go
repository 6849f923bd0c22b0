package zcell_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zcell"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(zcell.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range zcell.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// zcell_anomaly_policy 4
	// zcell_audit_data_handling 2
	// zcell_customer_data_handling 1
	// zcell_customer_region_handling 2
	// zcell_network_events 1
	// zcell_sim_analytics 5
	// zcell_sim_handling 2
	// zcell_sim_location_groups 2
	// zcell_tag_handling 1
}
