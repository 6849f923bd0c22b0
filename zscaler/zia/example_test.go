package zia_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zia"
)

// Sets go to tool.Compile, together with those of other services or one's own.
func ExampleSets() {
	if _, err := tool.Compile(zia.Sets()...); err != nil {
		fmt.Println(err)
		return
	}
	for _, set := range zia.Sets() {
		fmt.Println(set.Name, len(set.Tools))
	}
	// Output:
	// zia_admin 2
	// zia_advanced_settings 2
	// zia_atp_malware 8
	// zia_atp_policy 7
	// zia_authentication_settings 3
	// zia_cloud_app_control 7
	// zia_cloud_firewall 47
	// zia_devices 3
	// zia_dlp 8
	// zia_file_type_control 6
	// zia_locations 23
	// zia_misc 2
	// zia_rule_labels 5
	// zia_sandbox 9
	// zia_shadow_it 3
	// zia_ssl_inspection 6
	// zia_time_intervals 5
	// zia_url_categories 10
	// zia_url_filtering 5
	// zia_users 3
	// zia_workload_groups 2
}
