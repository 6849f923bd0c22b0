package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

var admin = tool.Set{
	Name: "zia_admin", Doc: "Activation of staged ZIA changes.",
	Tools: []tool.Tool{
		rest.Read[struct{}]("zia_get_activation_status", "GET /zia/api/v1/status",
			"Tell whether staged ZIA changes wait for activation: the status is ACTIVE, PENDING or INPROGRESS."),
		rest.Update[struct{}]("zia_activate_configuration", "POST /zia/api/v1/status/activate",
			"Activate every staged ZIA change of the tenant, those of other administrators too, and return the new status.",
			rest.Replace),
	},
}
