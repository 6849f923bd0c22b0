package zpa

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	credentialPath   = customerV1 + "/credential"
	credentialIDPath = credentialPath + "/{credential_id}"
)

type credential struct {
	CredentialID string `json:"credential_id" in:"path" nonempty:"true" jsonschema:"Privileged credential id, from zpa_list_pra_credentials."`
}

type credentialID struct {
	credential
	scope
}

// credentialParts are what a credential holds; which of them depends on its type.
type credentialParts struct {
	CredentialType string `json:"credential_type" in:"body=credentialType" enum:"USERNAME_PASSWORD,PASSWORD,SSH_KEY" jsonschema:"What the credential holds; it cannot be changed later. An update repeats the type that it has."`
	Username       string `json:"username,omitempty" in:"body=userName" skipempty:"true" jsonschema:"User name; for USERNAME_PASSWORD and SSH_KEY, not sent for PASSWORD."`
	Password       string `json:"password,omitempty" in:"body=password" skipempty:"true" jsonschema:"Password; for USERNAME_PASSWORD and PASSWORD, not sent for SSH_KEY. It is a secret, which the service never shows."`
	PrivateKey     string `json:"private_key,omitempty" in:"body=privateKey" skipempty:"true" jsonschema:"Private key in PEM with an OPENSSH, RSA or EC header; for SSH_KEY only. It is a secret, which the service never shows."`
	Description    string `json:"description,omitempty" in:"body=description" jsonschema:"What the credential is for; an empty text removes it."`
	UserDomain     string `json:"user_domain,omitempty" in:"body=userDomain" jsonschema:"Windows or directory domain of the user, such as acme.example.com."`
	ownerScope
}

type newCredential struct {
	Name string `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the credential, unique in the tenant."`
	credentialParts
}

type credentialChange struct {
	credential
	Name string `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	credentialParts
}

var privilegedAccess = tool.Set{
	Name: "zpa_pra", Doc: "ZPA privileged remote access: portals, and the credentials that sessions are opened with.",
	Tools: slices.Concat([]tool.Tool{
		rest.Read[search]("zpa_list_pra_credentials", "GET "+credentialPath,
			"List ZPA privileged credentials with their ids, types and user names, never with their secrets; first page unless page or all is given.", rest.List),
		rest.Read[credentialID]("zpa_get_pra_credential", "GET "+credentialIDPath,
			"Get one ZPA privileged credential: type, user name, domain and times of change. Its secret is never shown."),
		rest.Create[newCredential]("zpa_create_pra_credential", "POST "+credentialPath,
			"Create a ZPA privileged credential, effective at once: user name and password, a password alone, or user name and SSH key. Sessions are opened with it so that users need not know it.",
			rest.Prepare(fitCredential)),
		rest.Update[credentialChange]("zpa_update_pra_credential", "PUT "+credentialIDPath,
			"Change a ZPA privileged credential, at once, for example when its password was rotated. The secret must be sent again with every change, since the service does not show it; what else is not sent stays. The type cannot change.",
			rest.Prepare(sameType), rest.Prepare(fitCredential)),
		rest.Delete[credentialID]("zpa_delete_pra_credential", "DELETE "+credentialIDPath,
			"Delete a ZPA privileged credential. Sessions can no longer be opened with it; the service refuses while a rule uses it."),
	}, portalTools),
}

// A credentialMember is an argument that only some types of credential have.
type credentialMember struct {
	argument, member string
	types            []string
	secret           bool // the service never shows it, so that an update has to bring it
}

var credentialMembers = []credentialMember{
	{argument: "username", member: "userName", types: []string{"USERNAME_PASSWORD", "SSH_KEY"}},
	{argument: "password", member: "password", types: []string{"USERNAME_PASSWORD", "PASSWORD"}, secret: true},
	{argument: "private_key", member: "privateKey", types: []string{"SSH_KEY"}, secret: true},
}

// sameType refuses to turn a credential into one of another type.
func sameType(_ context.Context, p *rest.Plan) error {
	if has, wanted := text(p.Current["credentialType"]), p.Args.Text("credential_type"); has != wanted {
		return fmt.Errorf("the credential has type %s, which cannot be changed to %s: create a new one and delete this", has, wanted)
	}
	return nil
}

// fitCredential leaves in the body what the type has, and refuses it when a part is missing.
func fitCredential(_ context.Context, p *rest.Plan) error {
	kind := p.Args.Text("credential_type")
	for _, m := range credentialMembers {
		switch {
		case !slices.Contains(m.types, kind):
			delete(p.Body, m.member)
		case m.secret && p.Args.Text(m.argument) == "":
			return fmt.Errorf("argument %q is needed for credential_type %s: the service does not keep the old one in a change", m.argument, kind)
		case text(p.Body[m.member]) == "":
			return fmt.Errorf("argument %q is needed for credential_type %s", m.argument, kind)
		}
	}
	if kind == "SSH_KEY" && !privateKey(p.Args.Text("private_key")) {
		return errors.New("argument \"private_key\" must be a private key in PEM whose first line has OPENSSH PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY")
	}
	return nil
}

// privateKey reports whether text holds the header of a private key that ZPA takes.
func privateKey(text string) bool {
	return slices.ContainsFunc([]string{"OPENSSH", "RSA", "EC"}, func(kind string) bool {
		return strings.Contains(text, "-----BEGIN "+kind+" PRIVATE KEY-----")
	})
}
