package zscalermcp_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth/authtest"
)

// D14: the environment demands access tokens where the audience is that of ID tokens too.
func TestIDTokensAreRefused(t *testing.T) {
	idp := authtest.NewProvider(authtest.Options{Algorithm: "ES256"})
	t.Cleanup(idp.Close)
	jwt := []string{"ZSCALER_MCP_AUTH_JWKS_URI", idp.JWKSURL(), "ZSCALER_MCP_AUTH_ISSUER", idp.Issuer(), "ZSCALER_MCP_AUTH_AUDIENCE", "desktop"}
	oidc := []string{"ZSCALER_MCP_AUTH_MODE", "oidc", "OIDCPROXY_CONFIG_URL", idp.DiscoveryURL(), "OIDCPROXY_BASE_URL", "https://svc.example.com"}
	asking := slices.Concat(oidc, []string{"OIDCPROXY_INTROSPECTION_URL", idp.Issuer() + authtest.IntrospectionPath, "OIDCPROXY_CLIENT_ID", idp.ClientID, "OIDCPROXY_CLIENT_SECRET", idp.ClientSecret})
	idToken := idp.MintWith(map[string]any{"typ": "JWT"}, map[string]any{"aud": "desktop", "name": "Alice"})
	accessToken := idp.MintWith(map[string]any{"typ": "JWT"}, map[string]any{"aud": "desktop", "scope": "zscaler:read"})
	for name, test := range map[string]struct {
		env  []string
		want int // for the ID token
	}{
		"jwt":                       {jwt, 200}, // no word of a client
		"jwt, access tokens only":   {slices.Concat(jwt, []string{"ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY", "true"}), 401},
		"oidc, the client's id":     {slices.Concat(oidc, []string{"OIDCPROXY_CLIENT_ID", "desktop"}), 401},
		"oidc, an audience as well": {slices.Concat(oidc, []string{"OIDCPROXY_CLIENT_ID", "desktop", "OIDCPROXY_AUDIENCE", "api://x,desktop"}), 401},
		"oidc, an audience":         {slices.Concat(oidc, []string{"OIDCPROXY_AUDIENCE", "desktop"}), 401}, // perhaps a client's id
		"oidc, any kind":            {slices.Concat(oidc, []string{"OIDCPROXY_AUDIENCE", "desktop", "ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY", "false"}), 200},
		"oidc, asking":              {slices.Concat(asking, []string{"OIDCPROXY_AUDIENCE", "desktop"}), 401},
		"oidc, asking, any kind":    {slices.Concat(asking, []string{"OIDCPROXY_AUDIENCE", "desktop", "ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY", "false"}), 200},
	} {
		url := serve(t, newServer(t, tenantEnv.with(test.env...).option())) + "/mcp"
		for token, want := range map[string]int{idToken: test.want, accessToken: 200} {
			if got := inSession(t, http.MethodPost, url, "", "Bearer "+token); (got == 401) != (want == 401) {
				t.Errorf("%s: status %d, want %d", name, got, want)
			}
		}
	}
}

// The environment says which claims hold scopes; with Entra ID the roles of applications are among them.
func TestScopeClaimsOfTheEnvironment(t *testing.T) {
	idp := authtest.NewProvider(authtest.Options{Algorithm: "ES256"})
	t.Cleanup(idp.Close)
	const entra = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0"
	env := func(issuer string, more ...string) []string {
		return append([]string{
			"ZSCALER_MCP_AUTH_JWKS_URI", idp.JWKSURL(), "ZSCALER_MCP_AUTH_ISSUER", issuer, "ZSCALER_MCP_AUTH_AUDIENCE", "app", "ZSCALER_MCP_AUTH_REQUIRED_SCOPES", "zscaler.read",
		}, more...)
	}
	oidc := func(more ...string) []string {
		return append([]string{
			"ZSCALER_MCP_AUTH_MODE", "oidc", "OIDCPROXY_CONFIG_URL", idp.DiscoveryURL(), "OIDCPROXY_BASE_URL", "https://svc.example.com", "OIDCPROXY_AUDIENCE", "app",
			"OIDCPROXY_REQUIRED_SCOPES", "zscaler.read",
		}, more...)
	}
	named := []string{"ZSCALER_MCP_AUTH_SCOPE_CLAIMS", "realm_access.roles, permissions"}
	for name, test := range map[string]struct {
		env    []string
		claims map[string]any
		want   bool
	}{
		"scope":                 {env(idp.Issuer()), map[string]any{"scope": "zscaler.read"}, true},
		"roles":                 {env(idp.Issuer()), map[string]any{"roles": []string{"zscaler.read"}}, false},
		"named":                 {env(idp.Issuer(), named...), map[string]any{"permissions": []string{"zscaler.read"}}, true},
		"named in an object":    {env(idp.Issuer(), named...), map[string]any{"realm_access": map[string]any{"roles": []string{"zscaler.read"}}}, true},
		"scope where not named": {env(idp.Issuer(), named...), map[string]any{"scope": "zscaler.read"}, false},
		"roles of Entra ID":     {env(entra), map[string]any{"iss": entra, "roles": []string{"zscaler.read"}}, true},
		"scp of Entra ID":       {env(entra), map[string]any{"iss": entra, "scp": "zscaler.read"}, true},
		"scope of Entra ID":     {env(entra), map[string]any{"iss": entra, "scope": "zscaler.read"}, false},
		"oidc, scope":           {oidc(), map[string]any{"scope": "zscaler.read"}, true},
		"oidc, roles":           {oidc(), map[string]any{"roles": []string{"zscaler.read"}}, false},
		"oidc, named":           {oidc(named...), map[string]any{"permissions": []string{"zscaler.read"}}, true},
	} {
		test.claims["aud"], test.claims["azp"] = "app", "client"
		url := serve(t, newServer(t, tenantEnv.with(test.env...).option())) + "/mcp"
		got := inSession(t, http.MethodPost, url, "", "Bearer "+idp.MintWith(map[string]any{"typ": "at+jwt"}, test.claims))
		if (got != 403) != test.want || got == 401 {
			t.Errorf("%s: status %d, want one that admits: %t", name, got, test.want)
		}
	}
}

// D14: every host of Entra ID's issuers is known as one.
func TestEntraIDTokensMustBeAccessTokens(t *testing.T) {
	idp := authtest.NewProvider(authtest.Options{Algorithm: "ES256"})
	t.Cleanup(idp.Close)
	for issuer, want := range map[string]int{
		"https://login.microsoftonline.com/t/v2.0": 401, "https://sts.windows.net/t/": 401, "https://login.microsoftonline.us/t/v2.0": 401, "https://login.chinacloudapi.cn/t/v2.0": 401,
		"https://sts.chinacloudapi.cn/t/": 401, "https://acme.ciamlogin.com/t/v2.0": 401, "https://acme.b2clogin.com/t/v2.0/": 401, "https://LOGIN.microsoftonline.com/t/v2.0": 401,
		"https://ciamlogin.com.example.com/t": 200, "https://myciamlogin.com/t": 200, "https://idp.example.com/login.microsoftonline.com": 200,
	} {
		env := tenantEnv.with("ZSCALER_MCP_AUTH_JWKS_URI", idp.JWKSURL(), "ZSCALER_MCP_AUTH_ISSUER", issuer, "ZSCALER_MCP_AUTH_AUDIENCE", "app")
		url := serve(t, newServer(t, env.option())) + "/mcp"
		idToken := idp.MintWith(map[string]any{"typ": "JWT"}, map[string]any{"iss": issuer, "aud": "app", "name": "Alice"})
		if got := inSession(t, http.MethodPost, url, "", "Bearer "+idToken); (got == 401) != (want == 401) {
			t.Errorf("%s: status %d for an ID token", issuer, got)
		}
	}
}

// The resource and the audience of the protected resource, as the vendor's variables say them.
func TestTheResourceOfTheEnvironment(t *testing.T) {
	for name, test := range map[string]struct {
		env  []string
		want string
	}{
		"an origin":    {oidcVars, "https://svc.example.com/mcp"},
		"a path":       {slices.Concat(oidcVars, []string{"OIDCPROXY_BASE_URL", "https://svc.example.com/tools/mcp/"}), "https://svc.example.com/tools/mcp"},
		"a public URL": {slices.Concat(oidcVars, []string{"ZSCALER_MCP_PUBLIC_URL", "https://svc.example.com/other"}), "https://svc.example.com/other"},
	} {
		srv := newServer(t, tenantEnv.with(test.env...).option())
		handler, err := srv.Handler()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, strings.Replace(test.want, "https:", "http:", 1), nil))
		path := strings.TrimPrefix(test.want, "https://svc.example.com")
		want := `Bearer realm="zscaler-mcp", resource_metadata="https://svc.example.com/.well-known/oauth-protected-resource` + path + `"`
		if got := w.Header().Get("WWW-Authenticate"); w.Code != 401 || got != want {
			t.Errorf("%s: status %d, challenge %s, want %s", name, w.Code, got, want)
		}
	}
}
