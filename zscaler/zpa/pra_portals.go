package zpa

import (
	"context"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	portalPath   = customerV1 + "/praPortal"
	portalIDPath = portalPath + "/{portal_id}"
)

type portal struct {
	PortalID string `json:"portal_id" in:"path" nonempty:"true" jsonschema:"Privileged portal id, from zpa_list_pra_portals."`
}

type portalID struct {
	portal
	scope
}

// portalParts is what a portal may have besides.
type portalParts struct {
	Description             string `json:"description,omitempty" in:"body=description" jsonschema:"What the portal is for; an empty text removes it."`
	CertificateID           string `json:"certificate_id,omitempty" in:"body=certificateId" skipempty:"true" jsonschema:"Web server certificate id, from zpa_list_ba_certificates; a new portal without one takes the certificate that has the portal's name."`
	UserNotification        string `json:"user_notification,omitempty" in:"body=userNotification" jsonschema:"Text that users of the portal are shown."`
	UserNotificationEnabled *bool  `json:"user_notification_enabled,omitempty" in:"body=userNotificationEnabled" jsonschema:"Whether user_notification is shown."`
	ownerScope
}

type newPortal struct {
	Name    string `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the portal, unique in the tenant."`
	Domain  string `json:"domain" in:"body=domain" nonempty:"true" jsonschema:"Domain name by which users open the portal, such as pra.example.com; the certificate must be for it."`
	Enabled bool   `json:"enabled,omitempty" in:"body=enabled" default:"true" jsonschema:"Whether users can open the portal."`
	portalParts
}

type portalChange struct {
	portal
	Name    string `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	Domain  string `json:"domain,omitempty" in:"body=domain" skipempty:"true" jsonschema:"New domain name."`
	Enabled *bool  `json:"enabled,omitempty" in:"body=enabled" jsonschema:"Whether users can open the portal."`
	portalParts
}

var portalTools = []tool.Tool{
	rest.Read[search]("zpa_list_pra_portals", "GET "+portalPath,
		"List ZPA privileged portals with their ids, domains and certificates; first page unless page or all is given. Users open RDP, SSH and VNC consoles there in the browser.", rest.List),
	rest.Read[portalID]("zpa_get_pra_portal", "GET "+portalIDPath,
		"Get one ZPA privileged portal with its domain, certificate and user notification."),
	rest.Create[newPortal]("zpa_create_pra_portal", "POST "+portalPath,
		"Create a ZPA privileged portal, effective at once. It needs a web server certificate, see zpa_list_ba_certificates.", rest.Prepare(certificateOfPortal)),
	rest.Update[portalChange]("zpa_update_pra_portal", "PUT "+portalIDPath,
		"Change a ZPA privileged portal, at once. What is not sent stays as it is, the certificate included."),
	rest.Delete[portalID]("zpa_delete_pra_portal", "DELETE "+portalIDPath,
		"Delete a ZPA privileged portal. The consoles and credentials stay; users can no longer open them through it."),
}

// certificateOfPortal gives a new portal without certificate the one that has its name, of its microtenant.
func certificateOfPortal(ctx context.Context, p *rest.Plan) error {
	if !isNull(p.Body["certificateId"]) {
		return nil
	}
	id, err := issuedCertificates.id(ctx, p.Args.Text("name"), p.Query.Get("microtenantId"))
	if err != nil {
		return err
	}
	return p.SetBody("certificateId", encode(id))
}
