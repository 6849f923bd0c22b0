package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type advancedChange struct {
	Settings map[string]any `json:"settings" in:"body=*" jsonschema:"Settings to change, by the snake_case form of the names that zia_get_advanced_settings shows, such as auth_bypass_urls or ui_session_timeout (seconds); a list replaces the whole present list. Another name may be passed over in silence: look for the change in the answer."`
}

var advancedSettings = tool.Set{
	Name: "zia_advanced_settings", Doc: "Settings of ZIA for the whole organisation.",
	Tools: []tool.Tool{
		rest.Read[struct{}]("zia_get_advanced_settings", "GET /zia/api/v1/advancedSettings",
			"Get the organisation's advanced settings: what bypasses authentication, DNS resolution, HTTP tunnels and domain fronting, Office 365, session timeouts, and more."),
		rest.Update[advancedChange]("zia_update_advanced_settings", "PUT /zia/api/v1/advancedSettings",
			"Change advanced settings for the whole organisation; what is not given stays as it is. Look at zia_get_advanced_settings first. Takes effect after zia_activate_configuration."),
	},
}
