package oidcproxy_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R10, R3, R4, R5, R6: what each generation of clients reads, at every place where it looks.
func TestMetadata(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.DocumentationURL = "https://docs.example.com/" })
	for _, path := range []string{"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"} {
		a := rg.get(path)
		got := a.json(t)
		for name, want := range map[string]string{
			"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token", "registration_endpoint": issuer + "/register",
			"revocation_endpoint": issuer + "/revoke", "jwks_uri": issuer + "/jwks", "response_types_supported": "[code]", "response_modes_supported": "[query]",
			"grant_types_supported": "[authorization_code refresh_token]", "code_challenge_methods_supported": "[S256]",
			"token_endpoint_auth_methods_supported": "[none client_secret_basic client_secret_post private_key_jwt]", "scopes_supported": "[mcp:read mcp:write]",
			"authorization_response_iss_parameter_supported": "true", "client_id_metadata_document_supported": "true", "service_documentation": "https://docs.example.com/",
			"introspection_endpoint": "<nil>", "pushed_authorization_request_endpoint": "<nil>",
		} {
			if fmt.Sprint(got[name]) != want {
				t.Errorf("%s: %s is %v, want %s", path, name, got[name], want)
			}
		}
		if strings.Contains(a.body, "null") || strings.Contains(a.body, "offline_access") {
			t.Errorf("R12, R6: %s", a.body)
		}
	}
	openID := rg.get("/.well-known/openid-configuration").json(t)
	if openID["subject_types_supported"] == nil || openID["id_token_signing_alg_values_supported"] == nil {
		t.Errorf("R13: strict readers miss members: %v", openID)
	}
	for path, want := range map[string]string{
		"/.well-known/oauth-protected-resource/mcp": resource, "/.well-known/oauth-protected-resource": resource, "/.well-known/oauth-protected-resource/mcp/": resource + "/",
	} {
		got := rg.get(path).json(t)
		if got["resource"] != want || fmt.Sprint(got["authorization_servers"]) != "["+issuer+"]" || fmt.Sprint(got["scopes_supported"]) != "[mcp:read mcp:write]" {
			t.Errorf("%s: %v", path, got)
		}
	}
	key := rg.get("/jwks").json(t)["keys"].([]any)[0].(map[string]any)
	if key["kty"] != "OKP" || key["crv"] != "Ed25519" || key["alg"] != "EdDSA" || key["use"] != "sig" || key["kid"] == nil || key["d"] != nil {
		t.Errorf("jwks: %v", key)
	}
}

// A2, A5: below a path prefix, the issuer's documents are where RFC 8414 and OpenID Connect put them, and what clients guess elsewhere answers 404 in JSON.
func TestMetadataBelowAPath(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.ResourceURL, c.IssuerURL = issuer+"/svc/mcp", issuer+"/oauth" })
	for _, path := range []string{"/.well-known/oauth-authorization-server/oauth", "/.well-known/openid-configuration/oauth", "/oauth/.well-known/openid-configuration"} {
		if got := rg.get(path).json(t); got["issuer"] != issuer+"/oauth" || got["token_endpoint"] != issuer+"/oauth/token" {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got := rg.get("/.well-known/oauth-protected-resource/svc/mcp").json(t); got["resource"] != issuer+"/svc/mcp" || fmt.Sprint(got["authorization_servers"]) != "["+issuer+"/oauth]" {
		t.Errorf("%v", got)
	}
	for _, path := range []string{"/.well-known/oauth-authorization-server/svc/mcp", "/.well-known/openid-configuration/svc/mcp"} {
		a := rg.get(path)
		if a.StatusCode != http.StatusNotFound || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") || a.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("R9 %s: %d %v", path, a.StatusCode, a.Header)
		}
	}
	if a := rg.get("/.well-known/oauth-authorization-server"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the origin is another's: %d", a.StatusCode)
	}
	rg.provider(func(c *oidcproxy.Config) {
		c.ResourceURL, c.IssuerURL, c.LegacyRootEndpoints = issuer+"/svc/mcp", issuer+"/oauth", true
	})
	if got := rg.get("/.well-known/oauth-authorization-server").json(t); got["issuer"] != issuer+"/oauth" {
		t.Errorf("legacy root: %v", got)
	}
	client := rg.client() // at the origin, as all that follows but for what users see
	b := rg.browser()
	page := b.authorize(asking(client, "resource", ""))
	if !strings.Contains(page.body, `action="/oauth/consent"`) {
		t.Errorf("legacy root: %s", page.body)
	}
	approved := b.send(http.MethodPost, "/oauth/consent", url.Values{"request": {page.field(t)}, "action": {"approve"}}.Encode(),
		"Content-Type", "application/x-www-form-urlencoded", "Origin", issuer)
	back := rg.atUpstream(approved.link(t))
	if !strings.HasPrefix(back, "/oauth/auth/callback?") {
		t.Errorf("legacy root: back to %s", back)
	}
	answered := b.open(back).location(t).Query()
	if answered.Get("iss") != issuer+"/oauth" {
		t.Errorf("legacy root: %v", answered)
	}
	f := rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, answered.Get("code"), "resource", "")))
	f = rg.refreshed(f)
	call := func() answer { return rg.get("/svc/mcp", "Authorization", "Bearer "+f.access) }
	if a := call(); a.StatusCode != http.StatusOK {
		t.Errorf("legacy root: %d", a.StatusCode)
	}
	if a := rg.post("/revoke", url.Values{"client_id": {client}, "token": {f.refresh}}); a.StatusCode != http.StatusOK || call().StatusCode != http.StatusUnauthorized {
		t.Errorf("legacy root, revoked: %d", a.StatusCode)
	}
	if a := rg.get("/auth/callback"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the callback has one place: %d", a.StatusCode)
	}
}

// D97: of what metadata says, programs open and show addresses: all are https, below what is configured, and ASCII.
func TestD97MetadataIsHarmless(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.DocumentationURL = "https://docs.example.com/mcp" })
	for _, path := range []string{"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/.well-known/oauth-protected-resource/mcp"} {
		a := rg.get(path)
		for name, value := range a.json(t) {
			text, ok := value.(string)
			if ok && name != "resource_name" && !strings.HasPrefix(text, issuer) && text != "https://docs.example.com/mcp" {
				t.Errorf("%s: %s is %q", path, name, text)
			}
		}
		if strings.ContainsFunc(a.body, func(c rune) bool { return c > unicode.MaxASCII || c < ' ' }) {
			t.Errorf("%s: %q", path, a.body)
		}
	}
	for _, address := range []string{"http://docs.example.com/", "javascript:alert(1)", "https://docs.example.com/$(id)", "file:///etc/passwd", "https://docs.example.com/\n", "https://docs.example.com/`id`"} {
		_, err := oidcproxy.New(t.Context(), oidcproxy.Config{
			Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy"}, ResourceURL: resource, DocumentationURL: address, LazyDiscovery: true,
		})
		if err == nil {
			t.Errorf("%q is accepted", address)
		}
	}
}

// R1, D74: what stands in headers of a request changes no answer.
func TestD74HeadersChangeNoURL(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	spoofed := []string{"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http", "Forwarded", "host=evil.example;proto=http", "X-Forwarded-Prefix", "/evil", "X-Forwarded-Uri", "//evil", "X-Original-URL", "/evil", "Host", "evil.example"}
	for _, path := range []string{
		"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp", "/jwks",
		"/authorize?" + asking(client, "response_type", "token").Encode(), "/mcp",
	} {
		plain, other := rg.get(path), rg.get(path, spoofed...)
		for _, header := range []string{"Location", "Www-Authenticate", "Link"} {
			if plain.Header.Get(header) != other.Header.Get(header) {
				t.Errorf("%s: %s is %q with spoofed headers", path, header, other.Header.Get(header))
			}
		}
		if plain.StatusCode != other.StatusCode || plain.body != other.body || strings.Contains(other.body, "evil") {
			t.Errorf("%s: %d %s", path, other.StatusCode, other.body)
		}
	}
	b := rg.browser()
	page := b.open("/authorize?"+asking(client).Encode(), spoofed...)
	if link := b.answerForm(page.field(t), "approve", append([]string{"Origin", issuer}, spoofed...)...).link(t); !strings.Contains(link, "redirect_uri=https%3A%2F%2Fmcp.example.com%2Fauth%2Fcallback") {
		t.Errorf("to the identity provider: %s", link)
	}
}

// R7, R8: metadata needs nothing; pages of other origins may read it and use the endpoints for programs, but not those for browsers. No cookie, no credential.
func TestCORS(t *testing.T) {
	rg := newRig(t, nil)
	origin := []string{"Origin", "http://localhost:6274"}
	machines := map[string]string{
		"/.well-known/oauth-authorization-server": "GET", "/.well-known/openid-configuration": "GET", "/.well-known/oauth-protected-resource": "GET",
		"/.well-known/oauth-protected-resource/mcp": "GET", "/jwks": "GET", "/token": "POST", "/register": "POST", "/revoke": "POST",
	}
	for path, method := range machines {
		a := rg.do(request(t, http.MethodOptions, path, "", append(origin, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", "mcp-protocol-version")...))
		if a.StatusCode != http.StatusNoContent || a.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(a.Header.Get("Access-Control-Allow-Headers"), "MCP-Protocol-Version") || !strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), method) {
			t.Errorf("preflight of %s: %d %v", path, a.StatusCode, a.Header)
		}
		a = rg.do(request(t, method, path, "", origin...))
		if a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("Access-Control-Allow-Credentials") != "" || a.Header.Get("Set-Cookie") != "" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: %v", method, path, a.Header)
		}
		if a = rg.do(request(t, http.MethodPut, path, "", origin...)); a.StatusCode != http.StatusMethodNotAllowed || !strings.Contains(a.Header.Get("Allow"), method) {
			t.Errorf("PUT %s: %d %v", path, a.StatusCode, a.Header)
		}
		if method == "GET" {
			if a = rg.do(request(t, http.MethodHead, path, "")); a.StatusCode != http.StatusOK {
				t.Errorf("HEAD %s: %d", path, a.StatusCode)
			}
			if cache := rg.get(path).Header.Get("Cache-Control"); cache != "public, max-age=300" {
				t.Errorf("%s: Cache-Control %q", path, cache)
			}
		}
	}
	for _, path := range []string{"/authorize", "/consent", "/auth/callback"} {
		for _, method := range []string{http.MethodOptions, http.MethodGet, http.MethodPost} {
			if a := rg.do(request(t, method, path, "", origin...)); a.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s: CORS", method, path)
			}
		}
		if a := rg.do(request(t, http.MethodHead, path, "")); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") == "" {
			t.Errorf("HEAD %s: %d", path, a.StatusCode)
		}
	}
}

// R119, R120, R121: challenges with the address of the metadata, and scopes; an error only where a credential was.
func TestChallenges(t *testing.T) {
	rg := newRig(t, nil)
	metadata := `resource_metadata="` + issuer + `/.well-known/oauth-protected-resource/mcp"`
	none := rg.get("/mcp").Header["Www-Authenticate"]
	if len(none) != 1 || !strings.HasPrefix(none[0], "Bearer ") || !strings.Contains(none[0], metadata) || !strings.Contains(none[0], `scope="mcp:read mcp:write"`) || strings.Contains(none[0], "error") {
		t.Errorf("no credential: %q", none)
	}
	wrong := rg.call("x.y.z")
	if c := wrong.Header.Get("Www-Authenticate"); wrong.StatusCode != http.StatusUnauthorized || !strings.Contains(c, metadata) || !strings.Contains(c, `error="invalid_token"`) {
		t.Errorf("wrong: %d %s", wrong.StatusCode, c)
	}
	narrow := rg.signedIn("scope", "mcp:write")
	rg.provider(func(c *oidcproxy.Config) { c.RequiredScopes = []string{"mcp:read"} })
	f := rg.signedIn("scope", "mcp:write")
	if f.scope != "mcp:read mcp:write" {
		t.Errorf("a required scope was left out: %q", f.scope)
	}
	if f = rg.redeemed(f, rg.post("/token", refreshing(f.client, f.refresh, "scope", "mcp:write"))); f.scope != "mcp:read mcp:write" {
		t.Errorf("a required scope was left out at a refresh: %q", f.scope)
	}
	a := rg.call(narrow.access)
	if c := a.Header.Get("Www-Authenticate"); a.StatusCode != http.StatusForbidden || !strings.Contains(c, `error="insufficient_scope"`) || !strings.Contains(c, `scope="mcp:read"`) || !strings.Contains(c, metadata) {
		t.Errorf("too narrow: %d %s", a.StatusCode, c)
	}
}

// R11: each flag of the metadata is what the endpoints do.
func TestR11MetadataIsTrue(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.MetadataDocuments.Mode = oidcproxy.DocumentsOff }) // for clients with documents see documents_test.go
	var m struct {
		Methods    []string `json:"token_endpoint_auth_methods_supported"`
		Grants     []string `json:"grant_types_supported"`
		Challenges []string `json:"code_challenge_methods_supported"`
		Scopes     []string `json:"scopes_supported"`
	}
	if err := json.Unmarshal([]byte(rg.get("/.well-known/oauth-authorization-server").body), &m); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"none", "client_secret_basic", "client_secret_post", "private_key_jwt", "client_secret_jwt", "tls_client_auth"} {
		a := rg.register(metadata(t, map[string]any{"redirect_uris": []string{clientCB}, "token_endpoint_auth_method": method}))
		if offered := slices.Contains(m.Methods, method); offered != (a.StatusCode == http.StatusCreated) {
			t.Errorf("%s: offered %v, registration %d", method, offered, a.StatusCode)
		}
	}
	for _, grant := range []string{"authorization_code", "refresh_token", "client_credentials", "password", "urn:ietf:params:oauth:grant-type:jwt-bearer"} {
		a := rg.post("/token", map[string][]string{"grant_type": {grant}, "client_id": {rg.client()}})
		if offered := slices.Contains(m.Grants, grant); offered != (a.code() != "unsupported_grant_type") {
			t.Errorf("%s: offered %v, %s", grant, offered, a.body)
		}
	}
	for _, method := range []string{"S256", "plain"} {
		a := rg.browser().authorize(asking(rg.client(), "code_challenge_method", method))
		if offered := slices.Contains(m.Challenges, method); offered != (a.StatusCode == http.StatusOK) {
			t.Errorf("%s: offered %v, %d", method, offered, a.StatusCode)
		}
	}
	for _, scope := range append(m.Scopes, "mcp:admin") {
		a := rg.browser().authorize(asking(rg.client(), "scope", scope))
		if offered := slices.Contains(m.Scopes, scope); offered != (a.StatusCode == http.StatusOK) {
			t.Errorf("%s: offered %v, %d", scope, offered, a.StatusCode)
		}
	}
}
