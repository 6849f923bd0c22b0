package zscalermcp

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/address"
)

// oidcFromEnv builds the protected resource (RFC 9728) for clients that sign in at the identity provider themselves.
func (c *config) oidcFromEnv(e *env) (auth.Authenticator, error) {
	refuseVariable(e, modeOIDC, "ZSCALER_MCP_AUTH_HEADERS")
	discovery := require(e, "OIDCPROXY_CONFIG_URL", "the address of the identity provider's discovery document, https://…/.well-known/openid-configuration")
	resource, clients := cmp.Or(c.resourceFromEnv(e), nowhere+"/mcp"), e.list("OIDCPROXY_CLIENT_ID")
	audiences := e.list("OIDCPROXY_AUDIENCE")
	if len(audiences) == 0 && e.text("OIDCPROXY_INTROSPECTION_URL") == "" { // as the vendor's server: Entra ID puts the client id there
		audiences = clients
	}
	if len(audiences) == 0 { // RFC 8707: what clients name when they ask for a token
		audiences = []string{resource}
	}
	scopes := e.words("OIDCPROXY_REQUIRED_SCOPES")
	verifier, err := c.verifierFromEnv(e, discovery, resource, audiences, clients)
	cfg := auth.ProtectedResourceConfig{Resource: resource, Verifier: verifier, RequiredScopes: scopes, Name: "Zscaler MCP server"}
	if err != nil {
		cfg.Verifier, cfg.AuthorizationServers = auth.AuthenticatorFunc(nobody), []string{nowhere} // so that the other mistakes show too
	}
	c.authDetail = fmt.Sprintf("resource %s, audience %s, identity provider %s, required scopes %q", resource, strings.Join(audiences, " or "), address.Shown(discovery), scopes)
	a, resourceErr := auth.NewProtectedResource(cfg)
	return a, errors.Join(err, e.inWords(resourceErr, map[string]string{
		"ProtectedResourceConfig.Resource": "OIDCPROXY_BASE_URL", "ProtectedResourceConfig.RequiredScopes": "OIDCPROXY_REQUIRED_SCOPES",
	}))
}

// nowhere stands for an address that is missing or wrong, so that the other mistakes show too.
const nowhere = "https://nobody.example.com"

func nobody(*http.Request) (*auth.Principal, error) { return nil, auth.ErrNotMine }

// checkDiscovery demands that the issuer is known.
func checkDiscovery(e *env, discovery, issuer string) {
	if u, err := url.Parse(discovery); err == nil && u.Host != "" && issuer == "" && !strings.HasSuffix(discovery, wellKnownOpenID) {
		e.errs = append(e.errs, fmt.Errorf("OIDCPROXY_CONFIG_URL does not end in %s, so the issuer does not follow from it: give the whole address of the discovery document, or set OIDCPROXY_ISSUER", wellKnownOpenID))
	}
}

// verifierFromEnv judges tokens by their signature, or asks the identity provider about each where it says so.
func (c *config) verifierFromEnv(e *env, discovery, resource string, audiences, clients []string) (auth.Authenticator, error) {
	secret, introspection := e.secret("OIDCPROXY_CLIENT_SECRET"), e.text("OIDCPROXY_INTROSPECTION_URL")
	issuer := e.text("OIDCPROXY_ISSUER")
	checkDiscovery(e, discovery, issuer)
	// Any audience but the resource may be the id of a client, which is that of ID tokens too.
	accessTokens := slices.ContainsFunc(audiences, func(aud string) bool { return aud != resource })
	if only := e.flag("ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY"); only != nil {
		accessTokens = *only
	}
	if introspection == "" {
		if secret != "" {
			c.warnings = append(c.warnings, "OIDCPROXY_CLIENT_SECRET has no effect without OIDCPROXY_INTROSPECTION_URL: tokens are verified by their signature. For a server at which clients register, and that signs users in with this secret, set ZSCALER_MCP_AUTH_MODE=authorization-server")
		}
		j, err := auth.NewJWT(auth.JWTConfig{Issuers: []auth.JWTIssuer{{
			Issuer: issuer, DiscoveryURL: discovery, Audiences: audiences, AccessTokens: accessTokens, ScopeClaims: scopeClaims(e, cmp.Or(issuer, discovery)),
		}}})
		return j, e.inWords(err, oidcVariables)
	}
	if e.text("ZSCALER_MCP_AUTH_SCOPE_CLAIMS") != "" {
		c.warnings = append(c.warnings, "ZSCALER_MCP_AUTH_SCOPE_CLAIMS has no effect with OIDCPROXY_INTROSPECTION_URL: the provider's answer has the scopes in scope")
	}
	if len(clients) != 1 || secret == "" {
		return nil, errors.New("OIDCPROXY_INTROSPECTION_URL needs one OIDCPROXY_CLIENT_ID and OIDCPROXY_CLIENT_SECRET (or _FILE): the server asks with them")
	}
	i, err := auth.NewIntrospection(auth.IntrospectionConfig{
		URL: introspection, ClientID: clients[0], ClientSecret: auth.Secret(secret), Issuer: issuer, DiscoveryURL: discovery, Audiences: audiences,
		AccessTokens: accessTokens, Proxies: c.trustedProxies(), Logger: c.logger,
	})
	return i, e.inWords(err, oidcVariables)
}

// oidcVariables are the variables behind the fields of what verifierFromEnv builds.
var oidcVariables = map[string]string{
	"IntrospectionConfig.URL": "OIDCPROXY_INTROSPECTION_URL", "IntrospectionConfig.DiscoveryURL": "OIDCPROXY_CONFIG_URL", "IntrospectionConfig.Issuer": "OIDCPROXY_ISSUER",
	"JWTConfig.Issuers[0].DiscoveryURL": "OIDCPROXY_CONFIG_URL", "JWTConfig.Issuers[0].JWKSURL": "OIDCPROXY_CONFIG_URL", "JWTConfig.Issuers[0].Issuer": "OIDCPROXY_ISSUER",
}

// resourceFromEnv is the address of the MCP endpoint: OIDCPROXY_BASE_URL, with ZSCALER_MCP_PUBLIC_URL or /mcp below it if it has no path. It is "" if
// there is none.
func (c *config) resourceFromEnv(e *env) string {
	base := strings.TrimSuffix(require(e, "OIDCPROXY_BASE_URL", "the public address of this server, such as https://mcp.example.com"), "/")
	u, err := url.Parse(base)
	switch {
	case base == "":
		return ""
	case err != nil || u.Host == "":
		e.errs = append(e.errs, fmt.Errorf("OIDCPROXY_BASE_URL=%q is not an absolute URL", address.Shown(base)))
		return ""
	case c.publicURL == "" && u.Path == "":
		return base + "/mcp"
	case c.publicURL == "":
		return base
	case c.publicURL != base && (u.Path != "" || !strings.HasPrefix(c.publicURL, base+"/")):
		e.errs = append(e.errs, fmt.Errorf("the public URL %q is not OIDCPROXY_BASE_URL=%q or below it: make them agree", address.Shown(c.publicURL), address.Shown(base)))
	}
	return c.publicURL
}

const wellKnownOpenID = "/.well-known/openid-configuration"
