package zia

import (
	"context"
	"errors"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const vpnPath = "/zia/api/v1/vpnCredentials"

type vpnSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the FQDN, address or comments."`
}

type vpnID struct {
	CredentialID string `json:"credential_id" in:"path" jsonschema:"VPN credential id, from zia_list_vpn_credentials."`
}

type newVPNCredential struct {
	CredentialType string `json:"credential_type" in:"body=type" pattern:"^(IP|UFQDN)$" jsonschema:"How the other end names itself: UFQDN by an FQDN in the form of an e-mail address, IP by its static address."`
	PreSharedKey   string `json:"pre_shared_key" in:"body=preSharedKey" jsonschema:"Secret that both ends know. ZIA never shows it again."`
	IPAddress      string `json:"ip_address,omitempty" in:"body=ipAddress" unset:"null" jsonschema:"Registered static address; needed for, and only for, type IP."`
	FQDN           string `json:"fqdn,omitempty" in:"body=fqdn" unset:"null" jsonschema:"Name such as branch@acme.example.com; needed for, and only for, type UFQDN."`
	Comments       string `json:"comments,omitempty" in:"body=comments" unset:"null" jsonschema:"What the credential is for."`
}

type vpnChange struct {
	vpnID
	PreSharedKey string `json:"pre_shared_key,omitempty" in:"body=preSharedKey" jsonschema:"New secret; the present one stays when absent."`
	Comments     string `json:"comments,omitempty" in:"body=comments" jsonschema:"New comments; an empty text removes the present ones."`
}

var vpnTools = []tool.Tool{
	rest.Read[vpnSearch]("zia_list_vpn_credentials", "GET "+vpnPath,
		"List the credentials of IPsec VPN tunnels to ZIA, with their ids, types, names and the locations that use them; pre-shared keys are never part of it; the first page unless all is given.",
		rest.List),
	rest.Read[vpnID]("zia_get_vpn_credential", "GET "+vpnPath+"/{credential_id}",
		"Get one VPN credential: its type, FQDN or address, comments and location, but not its pre-shared key."),
	rest.Create[newVPNCredential]("zia_create_vpn_credential", "POST "+vpnPath,
		"Create a credential for an IPsec VPN tunnel to ZIA; then name its id in advanced.vpn_credentials of a location. Takes effect after zia_activate_configuration.",
		rest.Prepare(namedVPNCredential)),
	rest.Update[vpnChange]("zia_update_vpn_credential", "PUT "+vpnPath+"/{credential_id}",
		"Change the pre-shared key or comments of a VPN credential; its type, FQDN and address cannot change. Takes effect after zia_activate_configuration."),
	rest.Delete[vpnID]("zia_delete_vpn_credential", "DELETE "+vpnPath+"/{credential_id}",
		"Delete a VPN credential. ZIA refuses while a location uses it. Takes effect after zia_activate_configuration."),
}

// namedVPNCredential refuses a credential that says not by what its tunnel is known.
func namedVPNCredential(_ context.Context, p *rest.Plan) error {
	switch p.Args.Text("credential_type") {
	case "IP":
		if p.Args.Text("ip_address") == "" {
			return errors.New("ip_address is needed for the credential type IP; it must be one of zia_list_static_ips")
		}
	case "UFQDN":
		if p.Args.Text("fqdn") == "" {
			return errors.New("fqdn is needed for the credential type UFQDN, such as branch@acme.example.com")
		}
	}
	return nil
}
