package oidcproxy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/remote"
)

// check judges the identity provider's configuration.
func (cfg Upstream) check(m *mistakes) {
	manual := cfg.AuthorizationURL != "" || cfg.TokenURL != ""
	switch {
	case cfg.ClientID == "":
		m.add("Upstream.ClientID", "is empty: give the id of the application that is registered at the identity provider")
	case cfg.ClientSecret != "" && cfg.SecretSource != nil:
		m.add("Upstream.ClientSecret", "and SecretSource are both set: use one")
	}
	for _, each := range []struct{ field, value string }{
		{"DiscoveryURL", cfg.DiscoveryURL}, {"AuthorizationURL", cfg.AuthorizationURL}, {"TokenURL", cfg.TokenURL}, {"JWKSURL", cfg.JWKSURL},
		{"UserInfoURL", cfg.UserInfoURL}, {"RevocationURL", cfg.RevocationURL},
	} {
		if each.value != "" {
			m.check("Upstream."+each.field, remote.CheckURL(each.value))
		}
	}
	switch {
	case manual && (cfg.AuthorizationURL == "" || cfg.TokenURL == ""):
		m.add("Upstream.TokenURL", "and AuthorizationURL go together")
	case manual && cfg.Identify == nil && (cfg.JWKSURL == "" || cfg.Issuer == ""):
		m.add("Upstream.JWKSURL", "and Issuer are needed to check ID tokens, or Identify in their place")
	case manual && cfg.DiscoveryURL != "":
		m.add("Upstream.DiscoveryURL", "and AuthorizationURL contradict each other: use one")
	case !manual && cfg.Issuer == "" && cfg.DiscoveryURL == "":
		m.add("Upstream.Issuer", "is empty: give the issuer of the identity provider, or the address of its discovery document")
	case !manual && cfg.Issuer == "" && !strings.HasSuffix(cfg.DiscoveryURL, wellKnownOpenID):
		m.add("Upstream.Issuer", "is empty, and DiscoveryURL does not tell it: that ends in %s (OpenID Connect Discovery section 4)", wellKnownOpenID)
	case cfg.Issuer != "" && !strings.Contains(cfg.Issuer, tenantTemplate):
		m.check("Upstream.Issuer", remote.CheckURL(cfg.Issuer))
	}
	if strings.Contains(cfg.Issuer, tenantTemplate) && len(cfg.Tenants) == 0 {
		m.add("Upstream.Tenants", "is empty, but the Issuer is for many: name those that are accepted")
	}
	cfg.checkAuthMethod(m)
	for _, reserved := range reservedParams {
		if _, has := cfg.AuthorizeParams[reserved]; has {
			m.add("Upstream.AuthorizeParams", "has %s, which is set here", reserved)
		}
		if _, has := cfg.TokenParams[reserved]; has {
			m.add("Upstream.TokenParams", "has %s, which is set here", reserved)
		}
	}
	for _, scope := range cfg.Scopes {
		if !lexical.IsScope(scope) {
			m.add("Upstream.Scopes", "has %q, which is not one scope", scope)
		}
	}
	if cfg.Scopes != nil && cfg.Identify == nil && !slices.Contains(cfg.Scopes, "openid") {
		m.add("Upstream.Scopes", "lacks openid, without which there is no ID token")
	}
	if len(cfg.Tenants) > 0 && cfg.Issuer != "" && !strings.Contains(cfg.Issuer, tenantTemplate) {
		m.add("Upstream.Tenants", "is for an Issuer with %s; to admit users of some tenants only, use Config.Tenants", tenantTemplate)
	}
	if cfg.ClientSecret != auth.Secret(strings.TrimSpace(string(cfg.ClientSecret))) {
		m.add("Upstream.ClientSecret", "begins or ends with a space or line break")
	}
	if maxAge, set := cfg.AuthorizeParams["max_age"]; set {
		if _, err := strconv.ParseUint(maxAge, 10, 31); err != nil {
			m.add("Upstream.AuthorizeParams", "has a max_age that is no number of seconds")
		}
	}
	if cfg.Scopes != nil && !covers(cfg.Scopes, cfg.RequiredScopes) {
		m.add("Upstream.RequiredScopes", "has a scope that is not in Upstream.Scopes, and so not asked for")
	}
	for _, algorithm := range cfg.Algorithms {
		if !slices.Contains(signatureAlgorithms, algorithm) {
			m.add("Upstream.Algorithms", "has %q, which is not accepted: use %s", algorithm, strings.Join(signatureAlgorithms, ", "))
		}
	}
}

// reservedParams are ours to set.
var reservedParams = []string{
	"client_id", "client_secret", "client_assertion", "client_assertion_type", "redirect_uri", "response_type", "state", "nonce", "scope", "code", "code_challenge",
	"code_challenge_method", "code_verifier", "grant_type", "refresh_token", "resource", "audience", "request", "request_uri",
}

func (cfg Upstream) checkAuthMethod(m *mistakes) {
	secret := cfg.ClientSecret != "" || cfg.SecretSource != nil
	if cfg.PrivateKey != nil {
		m.check("Upstream.PrivateKey", checkAssertionKey(cfg.PrivateKey))
	}
	switch cfg.AuthMethod {
	case "", methodNone:
	case methodBasic, methodPost:
		if !secret {
			m.add("Upstream.ClientSecret", "is empty, but AuthMethod is %s", cfg.AuthMethod)
		}
	case methodPrivateKey:
		if cfg.PrivateKey == nil {
			m.add("Upstream.PrivateKey", "is nil, but AuthMethod is %s", cfg.AuthMethod)
		}
	default:
		m.add("Upstream.AuthMethod", "is %q: use %s, %s, %s or %s", cfg.AuthMethod, methodBasic, methodPost, methodPrivateKey, methodNone)
	}
}
