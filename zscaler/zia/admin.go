package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

var admin = tool.Set{
	Name: "zia_admin", Doc: "Activation of the changes that ZIA keeps staged.",
	Tools: []tool.Tool{
		rest.Read[struct{}]("zia_get_activation_status", "GET /zia/api/v1/status",
			"Tell whether staged ZIA changes wait for activation: the status is ACTIVE (none), PENDING (zia_activate_configuration puts them into force) or INPROGRESS."),
		rest.Update[struct{}]("zia_activate_configuration", "POST /zia/api/v1/status/activate",
			"Put every staged ZIA change of the tenant into force, those of other administrators too, and return the new status. Call it once after the last of several changes, not after each.",
			rest.Replace),
	},
}
