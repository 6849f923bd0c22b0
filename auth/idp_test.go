package auth_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
)

const tenantID = "11111111-2222-3333-4444-555555555555"

// The presets, each on the shape of that provider's tokens: what the principal is made of, and which claim's change is refused.
func TestIdentityProviders(t *testing.T) {
	type claims = map[string]any
	for name, test := range map[string]struct {
		issuer  auth.JWTIssuer
		alg     string
		claims  claims
		client  string
		scopes  string
		refused []claims // changes
	}{
		"Auth0": {
			issuer: auth.Auth0("acme.eu.auth0.com", resource),
			claims: claims{"iss": "https://acme.eu.auth0.com/", "sub": "auth0|5f7c", "aud": []string{resource, "https://acme.eu.auth0.com/userinfo"}, "azp": "kYz1", "scope": "openid profile", "permissions": []string{"zscaler:read"}},
			client: "kYz1", scopes: "openid profile zscaler:read",
			refused: []claims{{"iss": "https://acme.eu.auth0.com"}, {"iss": "https://other.eu.auth0.com/"}, {"aud": "https://acme.eu.auth0.com/userinfo"}},
		},
		"Okta": {
			issuer: auth.Okta("https://acme.okta.com/oauth2/default", resource),
			claims: claims{"ver": 1, "iss": "https://acme.okta.com/oauth2/default", "sub": "alice@acme.example", "aud": resource, "cid": "0oa1", "uid": "00u1", "scp": []string{"zscaler.read", "offline_access"}},
			client: "0oa1", scopes: "zscaler.read offline_access",
			refused: []claims{{"iss": "https://acme.okta.com"}, {"iss": "https://acme.okta.com/oauth2/other"}, {"aud": "api://default"}},
		},
		"Entra ID v2": {
			issuer: auth.EntraID(tenantID, "app-id", "api://app-id"),
			claims: claims{"iss": "https://login.microsoftonline.com/" + tenantID + "/v2.0", "ver": "2.0", "tid": tenantID, "sub": "pairwise", "oid": "object", "aud": "app-id", "azp": "client", "scp": "zscaler.read zscaler.write", "roles": []string{"Operators"}},
			client: "client", scopes: "zscaler.read zscaler.write Operators",
			refused: []claims{{"tid": "99999999-2222-3333-4444-555555555555"}, {"tid": nil}, {"aud": "00000003-0000-0000-c000-000000000000"}, {"iss": "https://login.microsoftonline.com/{tenantid}/v2.0"}, {"iss": "https://login.microsoftonline.com/" + tenantID + "/v2.0/"}},
		},
		"Entra ID v1": {
			issuer: auth.EntraID(tenantID, "app-id", "api://app-id"),
			claims: claims{"iss": "https://sts.windows.net/" + tenantID + "/", "ver": "1.0", "tid": tenantID, "sub": "pairwise", "aud": "api://app-id", "appid": "client", "roles": []string{"zscaler.read"}},
			client: "client", scopes: "zscaler.read",
			refused: []claims{{"iss": "https://sts.windows.net/" + tenantID}, {"iss": "https://sts.windows.net/99999999-2222-3333-4444-555555555555/"}},
		},
		"Entra ID, many tenants": {
			issuer: auth.EntraIDMultiTenant([]string{"other", tenantID}, "app-id"),
			claims: claims{"iss": "https://login.microsoftonline.com/" + tenantID + "/v2.0", "tid": tenantID, "sub": "pairwise", "aud": "app-id", "azp": "client", "scp": "zscaler.read"},
			client: "client", scopes: "zscaler.read",
			refused: []claims{
				{"tid": "other"}, // the issuer of one tenant, the tid of another
				{"iss": "https://login.microsoftonline.com/third/v2.0", "tid": "third"},
			},
		},
		"Keycloak": {
			issuer: auth.Keycloak("https://sso.acme.example/realms/acme/", resource),
			claims: claims{"iss": "https://sso.acme.example/realms/acme", "sub": "f:1", "typ": "Bearer", "aud": []string{resource, "account"}, "azp": "mcp-client", "scope": "openid", "realm_access": claims{"roles": []string{"netops", "has space"}}},
			client: "mcp-client", scopes: "openid netops",
			refused: []claims{{"aud": "account"}, {"typ": "ID"}, {"typ": "Refresh"}, {"iss": "https://sso.acme.example/realms/master"}},
		},
		"Cognito": {
			issuer: auth.Cognito("eu-west-1", "eu-west-1_Abc", "client-1", "client-2"),
			claims: claims{"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc", "sub": "uuid", "token_use": "access", "client_id": "client-2", "scope": "mcp/read", "cognito:groups": []string{"netops"}},
			client: "client-2", scopes: "mcp/read netops",
			refused: []claims{{"client_id": "client-3"}, {"client_id": nil, "aud": "client-2"}, {"token_use": "id"}, {"token_use": nil}},
		},
		"PingOne": {
			issuer: auth.PingOne("https://auth.pingone.eu/env/as", resource),
			claims: claims{"iss": "https://auth.pingone.eu/env/as", "sub": "uuid", "aud": []string{resource}, "client_id": "app", "scope": "zscaler:read", "env": "env"},
			client: "app", scopes: "zscaler:read",
			refused: []claims{{"iss": "https://auth.pingone.com/env/as"}, {"aud": []string{"https://api.pingone.eu"}}},
		},
		"Google": {
			issuer:  auth.Google("id.apps.googleusercontent.com"),
			claims:  claims{"iss": "https://accounts.google.com", "sub": "1081", "aud": "id.apps.googleusercontent.com", "azp": "id.apps.googleusercontent.com", "email": "a@acme.example", "at_hash": "x"},
			client:  "id.apps.googleusercontent.com",
			refused: []claims{{"aud": "other.apps.googleusercontent.com"}, {"iss": "https://accounts.google.com/"}},
		},
		"Google, the other spelling": {
			issuer: auth.Google("id.apps.googleusercontent.com"),
			claims: claims{"iss": "accounts.google.com", "sub": "1081", "aud": "id.apps.googleusercontent.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.HasPrefix(test.issuer.JWKSURL, "https://") {
				t.Errorf("keys at %s", test.issuer.JWKSURL)
			}
			idp := authtest.NewProvider(authtest.Options{BaseURL: idpURL, Algorithm: "RS256"})
			test.issuer.PublicKeys, test.issuer.JWKSURL = keysOf(t, idp), ""
			j := newJWT(t, auth.JWTConfig{Issuers: []auth.JWTIssuer{test.issuer}})
			p, err := j.Authenticate(bearing(idp.Mint(test.claims)))
			if err != nil {
				t.Fatal(err)
			}
			got := []string{p.Issuer, p.Subject, p.ClientID, strings.Join(p.Scopes, " ")}
			want := []string{test.claims["iss"].(string), test.claims["sub"].(string), test.client, test.scopes}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			for _, change := range test.refused {
				changed := maps.Clone(test.claims)
				maps.Copy(changed, change)
				if got := statusOf(t, j, idp.Mint(changed)); got != 401 {
					t.Errorf("%v: status %d", change, got)
				}
			}
		})
	}
}

func TestJWTClients(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.Issuers[0].Clients = []string{"app"}
	j := newJWT(t, cfg)
	for client, want := range map[string]int{"app": 200, "other": 401, "": 401} {
		if got := statusOf(t, j, mint(idp, map[string]any{"client_id": client})); got != want {
			t.Errorf("client %q: status %d, want %d", client, got, want)
		}
	}
	if got := statusOf(t, j, mint(idp, map[string]any{"azp": "other", "client_id": "app"})); got != 401 {
		t.Errorf("azp of another client: status %d", got)
	}
}

// D93: a required claim is compared whole, and so are the elements of a list.
func TestJWTRequiredClaims(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.Issuers[0].RequiredClaims = map[string][]string{"org": {"Acme Corp"}, "email_verified": {"true"}}
	j := newJWT(t, cfg)
	for _, test := range []struct {
		org, verified any
		want          int
	}{
		{"Acme Corp", true, 200},
		{[]string{"x", "Acme Corp"}, "true", 200},
		{"Acme", true, 401},
		{"Corp", true, 401},
		{"Not Acme Corp", true, 401},
		{[]string{"Acme", "Corp"}, true, 401},
		{"Acme Corp", false, 401},
		{"Acme Corp", nil, 401},
		{"Acme Corp", "not true", 401},
		{nil, true, 401},
	} {
		if got := statusOf(t, j, mint(idp, map[string]any{"org": test.org, "email_verified": test.verified})); got != test.want {
			t.Errorf("%v, %v: status %d, want %d", test.org, test.verified, got, test.want)
		}
	}
}

// Keys of Entra ID name the issuer that they may sign for: one for personal accounts signs nothing for a tenant.
func TestEntraIDKeysOfAnotherIssuer(t *testing.T) {
	claims := map[string]any{"iss": "https://login.microsoftonline.com/" + tenantID + "/v2.0", "tid": tenantID, "sub": "pairwise", "aud": "app-id", "scp": "zscaler.read"}
	first := map[string]any{"iss": "https://sts.windows.net/" + tenantID + "/", "tid": tenantID, "sub": "pairwise", "aud": "app-id", "ver": "1.0", "appid": "c"}
	for keyIssuer, want := range map[string]int{
		"https://login.microsoftonline.com/{tenantid}/v2.0":                           200,
		"https://login.microsoftonline.com/" + tenantID + "/v2.0":                     200,
		"https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0": 401, // personal accounts
		"https://login.microsoftonline.com/{tenantid}/v1.0":                           401,
		"": 200, // the set does not say
	} {
		idp := authtest.NewProvider(authtest.Options{BaseURL: idpURL})
		member := ""
		if keyIssuer != "" {
			member = `"issuer":"` + keyIssuer + `",`
		}
		issuer := auth.EntraIDMultiTenant([]string{tenantID}, "app-id")
		issuer.PublicKeys, issuer.JWKSURL = strings.Replace(keysOf(t, idp), `"kty"`, member+`"kty"`, 1), ""
		j := newJWT(t, auth.JWTConfig{Issuers: []auth.JWTIssuer{issuer}})
		for version, c := range map[string]map[string]any{"2": claims, "1": first} {
			if got := statusOf(t, j, idp.Mint(c)); got != want {
				t.Errorf("key of %q, token of version %s: status %d, want %d", keyIssuer, version, got, want)
			}
		}
	}
}
