package auth_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
)

// guardedResource is the usual resource, with scopes that are always needed.
func guardedResource(t testing.TB, verifier auth.Authenticator, required ...string) *auth.ProtectedResource {
	t.Helper()
	return newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: verifier, AuthorizationServers: []string{idpURL}, RequiredScopes: required})
}

// R2, R6: every mistake at once.
func TestNewProtectedResourceNamesEveryMistake(t *testing.T) {
	p, err := auth.NewProtectedResource(auth.ProtectedResourceConfig{
		Resource: "/mcp", Scopes: []string{"read", "two words"}, RequiredScopes: []string{"offline_access"},
		DocumentationURL: "docs.html", AuthorizationServers: []string{"http://idp.example.com", "https://idp.example.com#x", "https://fine.example.com"},
	})
	if err == nil || p != nil {
		t.Fatal("accepted")
	}
	saysAll(t, "the error", err.Error(), "Resource must be an absolute URL", "Verifier is nil", `Scopes has "two words"`, `Scopes has "offline_access"`,
		"DocumentationURL must be an absolute URL", `AuthorizationServers has "http://idp.example.com", which must be https`, `"https://idp.example.com#x", which must have neither`)
	holdsNone(t, "the error", err.Error(), "fine.example.com", `"read"`)

	var typedNil *auth.JWT
	_, err = auth.NewProtectedResource(auth.ProtectedResourceConfig{Resource: resource, Verifier: typedNil})
	saysAll(t, "a nil verifier", err.Error(), "Verifier is nil")
	_, err = auth.NewProtectedResource(auth.ProtectedResourceConfig{Resource: resource, Verifier: newKeys(t, auth.APIKey{Key: goodKey})})
	saysAll(t, "no authorization server", err.Error(), "AuthorizationServers is empty") // R5
	guardedResource(t, newKeys(t, auth.APIKey{Key: goodKey}))
}

// R2, R3, R4: what can be the name of a resource, and what is too close to two names.
func TestResourceNames(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://mcp.example.com":            true,
		"https://mcp.example.com/":           true,
		"https://mcp.example.com/mcp":        true,
		"https://mcp.example.com/mcp/":       true,
		"https://mcp.example.com:8443/mcp":   true,
		"https://mcp.example.com/a/b-c/~d":   true,
		"https://[2001:db8::1]:8443/mcp":     true,
		"https://mcp.example.com/mcp.v1/..a": true,
		"http://127.0.0.1:8000/mcp":          true,
		"http://[::1]:8000/mcp":              true,
		"http://localhost:8000/mcp":          true,
		"":                                   false,
		"/mcp":                               false,
		"mcp.example.com/mcp":                false,
		"//mcp.example.com/mcp":              false,
		"https:/mcp":                         false,
		"https:mcp.example.com":              false,
		"https:///mcp":                       false,
		"http://mcp.example.com/mcp":         false,
		"http://127.0.0.1.example.com/mcp":   false,
		"http://localhost.example.com/mcp":   false,
		"http://10.0.0.1/mcp":                false,
		"ftp://mcp.example.com/mcp":          false,
		"urn:mcp":                            false,
		"https://mcp.example.com/mcp?x=1":    false,
		"https://mcp.example.com/mcp?":       false,
		"https://mcp.example.com/mcp#x":      false,
		"https://mcp.example.com/mcp#":       false,
		"https://u@mcp.example.com/mcp":      false,
		"https://u:p@mcp.example.com/mcp":    false,
		"https://@mcp.example.com/mcp":       false,
		"https://mcp.example.com/./mcp":      false,
		"https://mcp.example.com/../mcp":     false,
		"https://mcp.example.com/mcp/.":      false,
		"https://mcp.example.com/mcp/..":     false,
		"https://mcp.example.com//mcp":       false,
		"https://mcp.example.com/mcp//":      false,
		"https://mcp.example.com/m%63p":      false,
		"https://mcp.example.com/a%2Fb":      false,
		"https://mcp.example.com/%2e%2e/a":   false,
		"https://mcp.example.com/a b":        false,
		"https://mcp.example.com/{a}":        false,
		"https://mcp.example.com/%7Ba%7D":    false,
		"https://mcp.example.com/a\\b":       false,
		"https://mcp.example.com/a\n":        false,
		"https://mcp.example.com:x/mcp":      false,
		" https://mcp.example.com/mcp":       false,
	} {
		p, err := auth.NewProtectedResource(auth.ProtectedResourceConfig{Resource: address, Verifier: newKeys(t, auth.APIKey{Key: goodKey}), AuthorizationServers: []string{idpURL}})
		if (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
		if ok && p.Resource() != address {
			t.Errorf("%q becomes %q", address, p.Resource())
		}
	}
}

// R119, R120: the challenge points to the metadata of the path, names the scopes that are always needed, and an error only
// where there is a credential.
func TestResourceChallenges(t *testing.T) {
	idp := newIDP(t, "ES256")
	jwt := newJWT(t, jwtConfig(idp))
	expired, stranger := "Authorization: Bearer "+mint(idp, map[string]any{"exp": 1}), "Authorization: Bearer "+mint(idp, map[string]any{"iss": secondIDP})
	checkChallenges(t, "no scopes", guardedResource(t, jwt), map[string][]string{
		"": {metadataChallenge}, expired: {metadataChallenge + invalidToken}, stranger: {metadataChallenge + invalidToken},
		"Authorization: Bearer x|X-Api-Key: y": {metadataChallenge + severalKinds},
	})
	const scopes = `, scope="mcp:use mcp:read"`
	checkChallenges(t, "scopes", guardedResource(t, jwt, "mcp:use", "mcp:read"), map[string][]string{
		"": {metadataChallenge + scopes}, expired: {metadataChallenge + invalidToken + scopes}, "X-Api-Key: ": {metadataChallenge + scopes},
	})
	for address, want := range map[string]string{
		"https://mcp.example.com":          "https://mcp.example.com/.well-known/oauth-protected-resource",
		"https://mcp.example.com/":         "https://mcp.example.com/.well-known/oauth-protected-resource",
		"https://mcp.example.com:8443/a/b": "https://mcp.example.com:8443/.well-known/oauth-protected-resource/a/b",
		"https://mcp.example.com/mcp/":     "https://mcp.example.com/.well-known/oauth-protected-resource/mcp",
		"http://[::1]:8000/mcp":            "http://[::1]:8000/.well-known/oauth-protected-resource/mcp",
	} {
		checkChallenges(t, address, newResource(t, auth.ProtectedResourceConfig{Resource: address, Verifier: jwt}),
			map[string][]string{"": {`Bearer realm="zscaler-mcp", resource_metadata="` + want + `"`}})
	}
}

// R121, D93: a good token that covers too little is told all that is always needed; one scope more, and it is let through.
func TestResourceRequiredScopes(t *testing.T) {
	idp := newIDP(t, "ES256")
	jwt, asks := newJWT(t, jwtConfig(idp)), newIntrospection(t, introspectionConfig(idp))
	const wanted = metadataChallenge + `, error="insufficient_scope", error_description="The credential does not cover what was asked for; ask for the scopes named in the challenge.", scope="mcp:use mcp:read"`
	for name, test := range map[string]struct {
		verifier auth.Authenticator
		token    func(map[string]any) string
	}{
		"JWT":    {jwt, idp.Mint},
		"opaque": {asks, idp.MintOpaque},
	} {
		a := guardedResource(t, test.verifier, "mcp:use", "mcp:read")
		for scope, status := range map[string]int{"mcp:read x mcp:use": 200, "mcp:use": 403, "MCP:USE mcp:read": 403, "mcp:use,mcp:read": 403, "": 403} {
			token := test.token(map[string]any{"aud": resource, "scope": scope, "client_id": "app"})
			for range 2 { // at first sight, and from memory
				var c recorder
				w, _ := c.serve(a, bearing(token))
				if w.Code != status {
					t.Fatalf("%s, scope %q: status %d, want %d: %s", name, scope, w.Code, status, c.log.String())
				}
				if status == 403 {
					if diff := cmp.Diff([]string{wanted}, w.Header()["Www-Authenticate"]); diff != "" || c.last(t).Reason != auth.ReasonInsufficientScope {
						t.Errorf("%s, scope %q: reason %s, challenges (-want +got):\n%s", name, scope, c.last(t).Reason, diff)
					}
				}
			}
		}
		if got := guardedBy(a)(bearing("not-a-token-0123456789")); got != 401 {
			t.Errorf("%s: a wrong token gets %d", name, got)
		}
	}
}

// R121: a token that one resource has let through, and that is remembered, still lacks what another one needs.
func TestResourcesShareAVerifier(t *testing.T) {
	idp := newIDP(t, "ES256")
	jwt := newJWT(t, jwtConfig(idp))
	open, strict := guardedBy(guardedResource(t, jwt)), guardedBy(guardedResource(t, jwt, "mcp:use"))
	poor, rich := mint(idp, map[string]any{"scope": "x"}), mint(idp, map[string]any{"scope": "mcp:use"})
	for range 3 {
		if got := []int{open(bearing(poor)), strict(bearing(poor)), open(bearing(rich)), strict(bearing(rich))}; !cmp.Equal(got, []int{200, 403, 200, 200}) {
			t.Errorf("statuses %v", got)
		}
	}
}

// R121: a step-up names what is always needed and what the operation needs, each once.
func TestResourceStepUp(t *testing.T) {
	idp := newIDP(t, "ES256")
	a := guardedResource(t, newJWT(t, jwtConfig(idp)), "mcp:use", "zia:read")
	w := stepUp(t, a, bearing(mint(idp, map[string]any{"scope": "mcp:use zia:read"})), "zia:write", "zia:read")
	want := []string{metadataChallenge + `, error="insufficient_scope", error_description="More.", scope="mcp:use zia:read zia:write"`}
	if diff := cmp.Diff(want, w.Header()["Www-Authenticate"]); w.Code != http.StatusForbidden || diff != "" {
		t.Errorf("status %d, challenges (-want +got):\n%s", w.Code, diff)
	}
	saysAll(t, "the answer", w.Body.String(), `"error":"insufficient_scope"`)
	if w.Header().Get("X-Request-Id") == "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", w.Header())
	}
}

// R5: the verifier may be the host's own; what it lets through is let through, and its trouble is answered as trouble.
func TestResourceWithAVerifierOfItsOwn(t *testing.T) {
	failure := error(nil)
	own := auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { return &auth.Principal{Subject: "own"}, failure })
	a := newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: own, AuthorizationServers: []string{idpURL, secondIDP}})
	if diff := cmp.Diff([]string{idpURL, secondIDP}, a.Issuers(t.Context())); diff != "" {
		t.Error(diff)
	}
	for _, test := range []struct {
		failure error
		status  int
	}{{nil, 200}, {errors.New("trouble"), 500}, {auth.ErrNotMine, 401}, {&auth.Error{Status: 503}, 503}} {
		failure = test.failure
		if caller, status := callerOf(a, bearing("x")); status != test.status || (caller == "own") != (status == 200) {
			t.Errorf("%v: %q, %d", test.failure, caller, status)
		}
	}
	none := newResource(t, auth.ProtectedResourceConfig{Resource: resource, AuthorizationServers: []string{idpURL}, RequiredScopes: []string{"x"},
		Verifier: auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { return nil, nil })})
	if _, status := callerOf(none, bearing("x")); status != 500 {
		t.Errorf("no principal: status %d", status)
	}
}

// The lists of the host are its own: what it does with them later changes nothing.
func TestResourceKeepsItsLists(t *testing.T) {
	cfg := auth.ProtectedResourceConfig{
		Resource: resource, Verifier: newKeys(t, auth.APIKey{Key: goodKey, Scopes: []string{"use"}}),
		AuthorizationServers: []string{idpURL}, Scopes: []string{"read"}, RequiredScopes: []string{"use"},
	}
	a := newResource(t, cfg)
	cfg.AuthorizationServers[0], cfg.Scopes[0], cfg.RequiredScopes[0] = "https://evil.example.com", "evil", "evil"
	if got := guardedBy(a)(bearing(goodKey)); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	holdsNone(t, "the metadata", metadataOf(t, a), "evil")
}

// R6: offline_access is in no challenge, though the caller has it (as Okta's tokens list it) or a policy asks for it.
func TestOfflineAccessInChallenges(t *testing.T) {
	idp := newIDP(t, "ES256")
	a := guardedResource(t, newJWT(t, jwtConfig(idp)))
	token := mint(idp, map[string]any{"scope": "read offline_access"})
	p, err := a.Authenticate(bearing(token))
	if err != nil {
		t.Fatal(err)
	}
	policy := newPolicy(t, auth.ScopePolicyConfig{Rules: []auth.ScopeRule{{Scope: "write"}}, IncludeGranted: true})
	w := stepUp(t, a, bearing(token), policy.Permit(p, createLabel).Scopes...)
	saysAll(t, "the challenge", w.Header().Get("Www-Authenticate"), `write"`)
	holdsNone(t, "the challenge", w.Header().Get("Www-Authenticate"), "offline_access")
	if _, err := auth.NewScopePolicy(auth.ScopePolicyConfig{Rules: []auth.ScopeRule{{Scope: "offline_access"}}}); err == nil {
		t.Error("a rule for offline_access is taken")
	}
}

// R2: names that are no plain address, or another spelling of one.
func TestResourceSpellings(t *testing.T) {
	for _, address := range []string{
		"https://mcp.example.com/m%20cp", "https://mcp.example.com/m%C3%BCp", // escapes; the first one is no pattern of ServeMux
		"https://mcp.example.com:443/mcp", "http://127.0.0.1:80/mcp", "https://mcp.example.com:/mcp", "https://mcp.example.com:99999/mcp", // odd ports
		"https://MCP.example.com/mcp", "HTTPS://mcp.example.com/mcp", // clients compare bytes with what URL parsers make of it
	} {
		if a, err := auth.NewProtectedResource(auth.ProtectedResourceConfig{Resource: address, Verifier: newKeys(t, auth.APIKey{Key: goodKey}), AuthorizationServers: []string{idpURL}}); err == nil {
			t.Errorf("%s: accepted as %s", address, a.Resource())
		}
	}
	if _, err := auth.NewProtectedResource(auth.ProtectedResourceConfig{Resource: resource, Verifier: newKeys(t, auth.APIKey{Key: goodKey}), AuthorizationServers: []string{idpURL + "?tenant=1"}}); err == nil {
		t.Error("an issuer with a query: accepted (RFC 8414 section 2)")
	}
}
