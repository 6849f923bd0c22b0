package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type mobileChange struct {
	Settings map[string]any `json:"settings" in:"body=*" jsonschema:"Switches to set, by their snake_case names as zia_get_mobile_advanced_settings shows them, such as block_apps_with_malicious_activity: true. Another name may be passed over in silence: look for the change in the answer."`
}

var misc = tool.Set{
	Name: "zia_misc", Doc: "Protection of ZIA users against harmful mobile applications.",
	Tools: []tool.Tool{
		rest.Read[struct{}]("zia_get_mobile_advanced_settings", "GET /zia/api/v1/mobileAdvanceThreatSettings",
			"Get the Mobile Malware Protection policy: which mobile applications are blocked for malicious activity, known vulnerabilities or leaking of data."),
		rest.Update[mobileChange]("zia_update_mobile_advanced_settings", "PUT /zia/api/v1/mobileAdvanceThreatSettings",
			"Switch parts of the Mobile Malware Protection policy on or off; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	},
}
