package oidcproxy_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R85: how we authenticate at the identity provider, each way.
func TestR85UpstreamAuthentication(t *testing.T) {
	for name, change := range map[string]func(*oidcproxy.Config){
		"basic": nil,
		"post":  func(c *oidcproxy.Config) { c.Upstream.AuthMethod = "client_secret_post" },
		"source": func(c *oidcproxy.Config) {
			secret := c.Upstream.ClientSecret
			c.Upstream.ClientSecret = ""
			c.Upstream.SecretSource = func(context.Context) (auth.Secret, error) { return secret, nil }
		},
		"public":  func(c *oidcproxy.Config) { c.Upstream.ClientID, c.Upstream.ClientSecret = "public", "" },
		"no PKCE": func(c *oidcproxy.Config) { c.Upstream.WithoutPKCE = true },
		"parameters": func(c *oidcproxy.Config) {
			c.Upstream.AuthorizeParams, c.Upstream.TokenParams = map[string]string{"access_type": "offline"}, map[string]string{"x": "y"}
			c.Upstream.Audience, c.Upstream.ForwardResource = "https://api.example.com", true
		},
	} {
		rg := newRigWith(t, authtest.Options{NoPKCE: true}, change)
		rg.idp.AddClient(authtest.Client{ID: "public", RedirectURIs: []string{issuer + "/auth/callback"}})
		f := rg.signedIn()
		if rg.refreshed(f).access == "" {
			t.Errorf("%s: no refresh", name)
		}
	}
	rg := newRig(t, func(c *oidcproxy.Config) { c.Upstream.ClientSecret = "wrong" })
	b := rg.browser()
	rg.wantRefusal("wrong secret", b.open(b.begun(rg.client())), "server_error", "client-state")
}

// An OAuth provider without ID tokens, by endpoints and a function of the host's.
func TestIdentify(t *testing.T) {
	for name, row := range map[string]struct {
		claims oidcproxy.Claims
		err    error
		code   string
	}{
		"lawful": {oidcproxy.Claims{"iss": json.RawMessage(`"https://github.example"`), "sub": json.RawMessage(`"7"`)}, nil, ""},
		"no sub": {oidcproxy.Claims{"iss": json.RawMessage(`"https://github.example"`)}, nil, "server_error"},
		"error":  {nil, errors.New("no"), "server_error"},
	} {
		rg := newRig(t, func(c *oidcproxy.Config) {
			c.Upstream = oidcproxy.Upstream{
				AuthorizationURL: "https://idp.example.com/authorize", TokenURL: "https://idp.example.com/token", ClientID: "proxy", ClientSecret: upSecret,
				Scopes: []string{"openid", "user"}, Identify: func(_ context.Context, tokens oidcproxy.UpstreamTokens) (oidcproxy.Claims, error) {
					if tokens.AccessToken == "" {
						return nil, errors.New("no access token")
					}
					return row.claims, row.err
				},
			}
		})
		b := rg.browser()
		a := b.open(b.begun(rg.client()))
		if row.code != "" {
			rg.wantRefusal(name, a, row.code, "client-state")
		} else if a.location(t).Query().Get("code") == "" {
			t.Errorf("%s: %s", name, a.Header.Get("Location"))
		}
	}
}
