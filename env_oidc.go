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
)

// oidcFromEnv builds the protected resource (RFC 9728) for clients that sign in at the identity provider themselves.
func (c *config) oidcFromEnv(e *env) (auth.Authenticator, error) {
	refuseVariable(e, modeOIDC, "ZSCALER_MCP_AUTH_HEADERS")
	discovery := require(e, "OIDCPROXY_CONFIG_URL", "the address of the identity provider's discovery document, https://…/.well-known/openid-configuration")
	resource, clients := c.resourceFromEnv(e), e.list("OIDCPROXY_CLIENT_ID")
	audiences := e.list("OIDCPROXY_AUDIENCE")
	if len(audiences) == 0 && e.text("OIDCPROXY_INTROSPECTION_URL") == "" { // as the vendor's server: Entra ID puts the client id there
		audiences = clients
	}
	if len(audiences) == 0 { // RFC 8707: what clients name when they ask for a token
		audiences = []string{resource}
	}
	scopes := e.words("OIDCPROXY_REQUIRED_SCOPES")
	verifier, err := c.verifierFromEnv(e, discovery, audiences, clients)
	cfg := auth.ProtectedResourceConfig{Resource: resource, Verifier: verifier, RequiredScopes: scopes, Name: "Zscaler MCP server"}
	if _, isJWT := verifier.(*auth.JWT); !isJWT || err != nil {
		cfg.AuthorizationServers = []string{issuerOf(e, discovery)}
	}
	if err != nil {
		cfg.Verifier = auth.AuthenticatorFunc(nobody) // so that the other mistakes show too
	}
	c.authDetail = fmt.Sprintf("resource %s, audience %s, identity provider %s, required scopes %q", resource, strings.Join(audiences, " or "), discovery, scopes)
	a, resourceErr := auth.NewProtectedResource(cfg)
	return a, errors.Join(err, e.inWords(resourceErr, map[string]string{
		"ProtectedResourceConfig.Resource": "OIDCPROXY_BASE_URL", "ProtectedResourceConfig.RequiredScopes": "OIDCPROXY_REQUIRED_SCOPES",
		"ProtectedResourceConfig.AuthorizationServers": "OIDCPROXY_CONFIG_URL",
	}))
}

func nobody(*http.Request) (*auth.Principal, error) { return nil, auth.ErrNotMine }

// verifierFromEnv judges tokens by their signature, or asks the identity provider about each where it says so.
func (c *config) verifierFromEnv(e *env, discovery string, audiences, clients []string) (auth.Authenticator, error) {
	secret, introspection := e.secret("OIDCPROXY_CLIENT_SECRET"), e.text("OIDCPROXY_INTROSPECTION_URL")
	variables := map[string]string{
		"IntrospectionConfig.URL": "OIDCPROXY_INTROSPECTION_URL", "IntrospectionConfig.Issuer": "OIDCPROXY_CONFIG_URL",
		"JWTConfig.Issuers[0].DiscoveryURL": "OIDCPROXY_CONFIG_URL", "JWTConfig.Issuers[0].JWKSURL": "OIDCPROXY_CONFIG_URL", "JWTConfig.Issuers[0].Issuer": "OIDCPROXY_ISSUER",
	}
	if introspection == "" {
		if secret != "" {
			c.warnings = append(c.warnings, "OIDCPROXY_CLIENT_SECRET has no effect without OIDCPROXY_INTROSPECTION_URL: tokens are verified by their signature")
		}
		if discovery != "" && e.text("OIDCPROXY_ISSUER") == "" && !strings.HasSuffix(discovery, wellKnownOpenID) {
			e.errs = append(e.errs, fmt.Errorf("OIDCPROXY_CONFIG_URL does not end in %s, so the issuer does not follow from it: set OIDCPROXY_ISSUER", wellKnownOpenID))
		}
		j, err := auth.NewJWT(auth.JWTConfig{Issuers: []auth.JWTIssuer{{
			Issuer: e.text("OIDCPROXY_ISSUER"), DiscoveryURL: discovery, Audiences: audiences,
			AccessTokens: slices.ContainsFunc(audiences, func(aud string) bool { return slices.Contains(clients, aud) }), // ID tokens have that audience too
		}}})
		return j, e.inWords(err, variables)
	}
	if len(clients) != 1 || secret == "" {
		return nil, errors.New("OIDCPROXY_INTROSPECTION_URL needs one OIDCPROXY_CLIENT_ID and OIDCPROXY_CLIENT_SECRET (or _FILE): the server asks with them")
	}
	i, err := auth.NewIntrospection(auth.IntrospectionConfig{
		URL: introspection, ClientID: clients[0], ClientSecret: auth.Secret(secret), Issuer: issuerOf(e, discovery), Audiences: audiences,
		Proxies: c.trustedProxies(), Logger: c.logger,
	})
	return i, e.inWords(err, variables)
}

// resourceFromEnv is the address of the MCP endpoint: OIDCPROXY_BASE_URL, with ZSCALER_MCP_PUBLIC_URL or /mcp below it if it has no path.
func (c *config) resourceFromEnv(e *env) string {
	base := strings.TrimSuffix(require(e, "OIDCPROXY_BASE_URL", "the public address of this server, such as https://mcp.example.com"), "/")
	u, err := url.Parse(base)
	switch {
	case base == "":
		return ""
	case err != nil || u.Host == "":
		e.errs = append(e.errs, fmt.Errorf("OIDCPROXY_BASE_URL=%q is not an absolute URL", base))
		return ""
	case c.publicURL == "" && u.Path == "":
		return base + "/mcp"
	case c.publicURL == "":
		return base
	case c.publicURL != base && (u.Path != "" || !strings.HasPrefix(c.publicURL, base+"/")):
		e.errs = append(e.errs, fmt.Errorf("the public URL %q is not OIDCPROXY_BASE_URL=%q or below it: make them agree", c.publicURL, base))
	}
	return c.publicURL
}

const wellKnownOpenID = "/.well-known/openid-configuration"

// issuerOf is the issuer that is named, or the one whose discovery document has this address (OpenID Connect Discovery section 4).
func issuerOf(e *env, discovery string) string {
	return cmp.Or(e.text("OIDCPROXY_ISSUER"), strings.TrimSuffix(discovery, wellKnownOpenID))
}
