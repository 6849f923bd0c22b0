package oidcproxy

import (
	"context"
	"crypto"
	"encoding/json"

	"github.com/org/zscalermcp/auth"
)

// An Upstream is the identity provider, with the one application that is registered there for all MCP clients. Its redirect URI is
// [Provider.CallbackURL].
type Upstream struct {
	Issuer       string // exact issuer. The discovery document is below it unless DiscoveryURL says another place
	DiscoveryURL string // OpenID Connect discovery document; Issuer may then be empty, if the address implies it
	ClientID     string
	ClientSecret auth.Secret // "" without SecretSource and PrivateKey: the application is a public one
	// SecretSource replaces ClientSecret by one that may change; it is asked before each use.
	SecretSource func(context.Context) (auth.Secret, error)
	// AuthMethod is client_secret_basic, client_secret_post, private_key_jwt or none (OpenID Connect Core section 9). "" means private_key_jwt with a
	// PrivateKey, client_secret_basic with a secret, and else none.
	AuthMethod   string
	PrivateKey   crypto.Signer // RSA of 2048 bits or more, P-256 or Ed25519, for private_key_jwt; it may be in hardware or a service
	PrivateKeyID string        // kid of PrivateKey

	// Scopes are asked for. Nil means openid, profile and email, with offline_access where the provider's metadata has it.
	Scopes          []string
	RequiredScopes  []string // of Scopes: nobody is signed in if the provider says that it has granted fewer
	Audience        string   // audience parameter of both requests, as Auth0 wants it; "" sends none
	ForwardResource bool     // send the resource parameter (RFC 8707); several providers refuse it
	// AuthorizeParams are further parameters of the authorization request, such as access_type=offline. Clients may add to a prompt and lower a max_age, and
	// replace none; the operator's max_age is checked by the auth_time of the ID token.
	AuthorizeParams map[string]string
	TokenParams     map[string]string // further parameters of token requests
	WithoutPKCE     bool              // for providers that refuse PKCE

	Algorithms []string // of ID tokens; nil means what the metadata lists of RS, PS and ES with 256, 384 and 512, and EdDSA
	Tenants    []string // tenant ids for which {tenantid} in Issuer stands (Microsoft Entra ID, multi-tenant)
	UserInfo   bool     // add the claims of the userinfo endpoint to those of the ID token

	// Endpoints of a provider without discovery. AuthorizationURL and TokenURL are then needed, with JWKSURL and Issuer, or with Identify.
	// UserInfoURL is for UserInfo; without RevocationURL refresh tokens there end by themselves.
	AuthorizationURL, TokenURL, JWKSURL, UserInfoURL, RevocationURL string
	// Identify says who signed in, in place of the checks of the ID token: for OAuth providers that have none. The claims need iss and sub. It
	// must judge the tokens itself, and be safe for concurrent use. An error refuses the user, unless it wraps [ErrTryAgain], is one of the network, or
	// comes after the end of ctx.
	Identify func(ctx context.Context, t UpstreamTokens) (Claims, error)
}

// UpstreamTokens is the answer of the identity provider's token endpoint.
type UpstreamTokens struct {
	AccessToken, IDToken, RefreshToken auth.Secret
	Scope                              string // "" when the answer has none
	ExpiresIn                          int64  // seconds, 0 when the answer does not say
}

// Claims are what the identity provider says of a user: the members of a verified ID token, as JSON.
type Claims map[string]json.RawMessage

// Text is a claim that is a string, else "".
func (c Claims) Text(name string) string {
	var text string
	if json.Unmarshal(c[name], &text) != nil {
		return ""
	}
	return text
}

// List is a claim that is an array of strings, or one string; else nil.
func (c Claims) List(name string) []string {
	var list []string
	if json.Unmarshal(c[name], &list) == nil {
		return list
	}
	if text := c.Text(name); text != "" {
		return []string{text}
	}
	return nil
}

// True reports whether a claim is true, or the string "true" that some providers send.
func (c Claims) True(name string) bool {
	return string(c[name]) == "true" || string(c[name]) == `"true"`
}
