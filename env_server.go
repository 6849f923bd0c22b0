package zscalermcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/store"
)

// authorizationServerFromEnv builds the authorization server (package oidcproxy) for clients that register themselves. What needs functions, such as scopes
// from groups, is for code: [WithAuth].
func (c *config) authorizationServerFromEnv(e *env) (auth.Authenticator, error) {
	refuseVariable(e, modeServer, "ZSCALER_MCP_AUTH_HEADERS")
	wanted := e.flag("ZSCALER_MCP_SELF_CHECK")
	discovery := require(e, "OIDCPROXY_CONFIG_URL", "the address of the identity provider's discovery document, https://…/.well-known/openid-configuration")
	id := require(e, "OIDCPROXY_CLIENT_ID", "the id of the application that is registered at the identity provider")
	issuer := e.text("OIDCPROXY_ISSUER")
	checkDiscovery(e, discovery, issuer)
	if strings.Contains(issuer, "{tenantid}") {
		e.errs = append(e.errs, errors.New("OIDCPROXY_ISSUER is one for many tenants, and no variable says which are admitted: give the issuer of one tenant, or use oidcproxy.Upstream.Tenants in code"))
	}
	resource, scopes := cmp.Or(c.resourceFromEnv(e), nowhere+"/mcp"), e.words("OIDCPROXY_REQUIRED_SCOPES")
	secret := e.secret("OIDCPROXY_CLIENT_SECRET")
	named := e.text("ZSCALER_MCP_MASTER_KEYS") != "" || e.text("ZSCALER_MCP_MASTER_KEYS_FILE") != ""
	var keys *store.Keyring
	switch {
	case len(c.masterKeys) > 0:
		keys, _ = store.NewKeyring(c.masterKeys...) // New tells what is wrong with them
	case named: // they are wrong, which New tells too; it is no case of none
		keys, _ = store.NewKeyring(store.GenerateKey())
	}
	documents := documentsFromEnv(e)
	p, err := oidcproxy.New(context.Background(), oidcproxy.Config{
		Upstream: oidcproxy.Upstream{
			Issuer: issuer, DiscoveryURL: discovery, ClientID: id, ClientSecret: auth.Secret(secret),
			Audience: e.text("OIDCPROXY_AUDIENCE"),
		},
		ResourceURL: resource, Name: "Zscaler MCP server", Keys: keys, Store: c.store, Limiter: c.limiter, RequiredScopes: scopes, RedirectURIs: e.list("OIDCPROXY_REDIRECT_URIS"),
		MetadataDocuments: documents,
		Proxies:           c.trustedProxies(), Logger: c.logger, Audit: c.audit, LazyDiscovery: true, // New makes no request; Run asks
	})
	if err != nil {
		return nil, e.inWords(err, serverVariables)
	}
	if wanted == nil || *wanted {
		c.selfCheck = p.DoctorInBackground
	}
	if secret == "" {
		c.warnings = append(c.warnings, "OIDCPROXY_CLIENT_SECRET is not set: the application at the identity provider is taken for a public one")
	}
	if !named && len(c.masterKeys) == 0 {
		c.warnings = append(c.warnings, "ZSCALER_MCP_MASTER_KEYS is not set: a restart signs everybody out and ends all client registrations")
	}
	c.authDetail = fmt.Sprintf("resource %s, identity provider %s, redirect URI to register there %s, required scopes %q, client metadata documents %s", resource, address.Shown(discovery), p.CallbackURL(), scopes, shownDocuments(documents))
	return p, nil
}

// documentsFromEnv says which clients may be named by the address of their metadata: all, those of some hosts, or none.
func documentsFromEnv(e *env) (documents oidcproxy.MetadataDocuments) {
	if on := e.flag("OIDCPROXY_ENABLE_CIMD"); on != nil && !*on {
		documents.Mode = oidcproxy.DocumentsOff
	}
	documents.Fetch.AllowHosts = e.list("OIDCPROXY_CIMD_HOSTS")
	if documents.Mode == oidcproxy.DocumentsOff && documents.Fetch.AllowHosts != nil {
		e.errs = append(e.errs, errors.New("OIDCPROXY_CIMD_HOSTS contradicts OIDCPROXY_ENABLE_CIMD=false: remove one"))
	}
	return documents
}

// shownDocuments is whose documents are read, for people.
func shownDocuments(documents oidcproxy.MetadataDocuments) string {
	switch {
	case documents.Mode == oidcproxy.DocumentsOff:
		return "off"
	case documents.Fetch.AllowHosts != nil:
		return "of " + strings.Join(documents.Fetch.AllowHosts, ", ")
	}
	return "of every host in public"
}

// serverVariables are the variables behind the fields of the configuration.
var serverVariables = map[string]string{
	"oidcproxy.Config.ResourceURL": "OIDCPROXY_BASE_URL", "oidcproxy.Config.RedirectURIs": "OIDCPROXY_REDIRECT_URIS", "oidcproxy.Config.Scopes": "OIDCPROXY_REQUIRED_SCOPES",
	"oidcproxy.Config.Upstream.DiscoveryURL": "OIDCPROXY_CONFIG_URL", "oidcproxy.Config.Upstream.ClientID": "OIDCPROXY_CLIENT_ID",
	"oidcproxy.Config.Upstream.Issuer": "OIDCPROXY_ISSUER", "oidcproxy.Config.Upstream.Tenants": "",
	"oidcproxy.Config.MetadataDocuments.Fetch": "OIDCPROXY_CIMD_HOSTS",
	"oidcproxy.Config.Proxies":                 "", // said of ZSCALER_MCP_TRUSTED_PROXIES already
}

// A discoverer is an Authenticator that reads what an identity provider says of itself.
type discoverer interface {
	Discover(ctx context.Context) error
}

// discover has the identity provider's document read before the first caller comes. One that is wrong keeps the server from starting; one that cannot be
// read is warned of, since it will be read when it is needed.
func (s *Server) discover(ctx context.Context) (warning string, err error) {
	d, ok := s.cfg.auth.(discoverer)
	if !ok || s.cfg.mode != modeServer {
		return "", nil
	}
	err = d.Discover(ctx)
	if errors.Is(err, oidcproxy.ErrUnavailable) {
		warning = "nobody can sign in until the identity provider answers: " + strings.ReplaceAll(err.Error(), "\n", "; ")
		s.cfg.logger.WarnContext(ctx, warning)
		return warning, nil
	}
	return "", err
}
