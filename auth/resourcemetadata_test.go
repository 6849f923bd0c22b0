package auth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

const wellKnown = "/.well-known/oauth-protected-resource"

// mounted serves the routes of a.
func mounted(t testing.TB, a auth.Authenticator) *http.ServeMux {
	t.Helper()
	mux := http.NewServeMux()
	for _, route := range a.(auth.Router).Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	return mux
}

// fetched is the answer of a's routes to a request.
func fetched(t testing.TB, a auth.Authenticator, method, path string, lines ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := sentFrom("203.0.113.9:1", lines...)
	r.Method, r.URL.Path = method, path
	w := httptest.NewRecorder()
	mounted(t, a).ServeHTTP(w, r)
	return w
}

// metadataOf is the document at the root.
func metadataOf(t testing.TB, a auth.Authenticator) string {
	t.Helper()
	w := fetched(t, a, http.MethodGet, wellKnown)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// R4, R12, A1: every member that there is, and none that there is not.
func TestMetadataDocument(t *testing.T) {
	own := newKeys(t, auth.APIKey{Key: goodKey})
	for want, cfg := range map[string]auth.ProtectedResourceConfig{
		`{"resource":"https://mcp.example.com/mcp","authorization_servers":["https://idp.example.com"],"bearer_methods_supported":["header"]}`: {
			Resource: resource, Verifier: own, AuthorizationServers: []string{idpURL},
		},
		`{"resource":"https://mcp.example.com/","authorization_servers":["https://second.example.com","https://idp.example.com"],"scopes_supported":["read","use"],` +
			`"bearer_methods_supported":["header"],"resource_name":"Zscaler","resource_documentation":"https://docs.example.com/"}`: {
			Resource: "https://mcp.example.com/", Verifier: own, AuthorizationServers: []string{secondIDP, idpURL}, Scopes: []string{"read", "use"},
			RequiredScopes: []string{"use"}, Name: "Zscaler", DocumentationURL: "https://docs.example.com/",
		},
		`{"resource":"http://127.0.0.1:8000/mcp","authorization_servers":["http://localhost:9000"],"scopes_supported":["use"],"bearer_methods_supported":["header"]}`: {
			Resource: "http://127.0.0.1:8000/mcp", Verifier: own, AuthorizationServers: []string{"http://localhost:9000"}, Scopes: []string{}, RequiredScopes: []string{"use"},
		},
	} {
		if diff := cmp.Diff(want, metadataOf(t, newResource(t, cfg))); diff != "" {
			t.Errorf("the document (-want +got):\n%s", diff)
		}
	}
}

// R4, R7, A1, A2, A3: where the document is, and where it is not. None of the places is a redirect.
func TestMetadataPlaces(t *testing.T) {
	for address, path := range map[string]string{resource: "/mcp", "https://mcp.example.com/mcp/": "/mcp", "https://svc.example.com/zscaler/mcp": "/zscaler/mcp", "https://mcp.example.com": "", "https://mcp.example.com/": ""} {
		a := newResource(t, auth.ProtectedResourceConfig{Resource: address, Verifier: newKeys(t, auth.APIKey{Key: goodKey}), AuthorizationServers: []string{idpURL}})
		document := metadataOf(t, a)
		saysAll(t, address, document, `"resource":"`+address+`"`)
		for _, place := range []string{wellKnown, wellKnown + "/", wellKnown + path, wellKnown + path + "/"} {
			if w := fetched(t, a, http.MethodGet, place); w.Code != http.StatusOK || w.Body.String() != document {
				t.Errorf("%s at %s: status %d: %s", address, place, w.Code, w.Body)
			}
		}
		for _, place := range []string{wellKnown + path + "x", wellKnown + path + "/x", wellKnown + "/MCP", wellKnown + "/other", path + wellKnown + "/y", "/.well-known/oauth-protected-resourcex", "/.well-known/"} {
			if w := fetched(t, a, http.MethodGet, place); w.Code != http.StatusNotFound {
				t.Errorf("%s at %s: status %d", address, place, w.Code)
			}
		}
	}
}

// R7, R8: methods, and what browsers of other origins need.
func TestMetadataMethods(t *testing.T) {
	a := guardedResource(t, newKeys(t, auth.APIKey{Key: goodKey}))
	srv := httptest.NewServer(mounted(t, a))
	defer srv.Close()
	for method, test := range map[string]struct {
		status int
		length bool
		header map[string]string
	}{
		"GET":  {200, true, map[string]string{"Content-Type": "application/json", "Cache-Control": "public, max-age=300"}},
		"HEAD": {200, false, map[string]string{"Content-Type": "application/json", "Cache-Control": "public, max-age=300"}},
		"OPTIONS": {204, false, map[string]string{"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Max-Age": "600",
			"Access-Control-Allow-Headers": "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, Last-Event-ID, Mcp-Method, Mcp-Name"}},
		"POST":   {405, true, map[string]string{"Allow": "GET, HEAD, OPTIONS", "Content-Type": "application/json"}},
		"PUT":    {405, true, map[string]string{"Allow": "GET, HEAD, OPTIONS"}},
		"DELETE": {405, true, map[string]string{"Allow": "GET, HEAD, OPTIONS"}},
		"QUERY":  {405, true, map[string]string{"Allow": "GET, HEAD, OPTIONS"}},
	} {
		resp, body := exchange(t, srv, method, wellKnown+"/mcp", "Origin: https://inspector.example", "Access-Control-Request-Headers: mcp-protocol-version")
		if resp.StatusCode != test.status || (body != "") != test.length {
			t.Errorf("%s: status %d, body %q", method, resp.StatusCode, body)
		}
		test.header["Access-Control-Allow-Origin"], test.header["X-Content-Type-Options"] = "*", "nosniff"
		for _, absent := range []string{"Set-Cookie", "Location", "Www-Authenticate", "Access-Control-Allow-Credentials", "Vary"} {
			test.header[absent] = ""
		}
		for name, want := range test.header {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", method, name, got, want)
			}
		}
	}
}

// exchange sends a request and does not follow redirects.
func exchange(t testing.TB, srv *httptest.Server, method, path string, lines ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, srv.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	resp, err := srv.Client().Transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// R1, R7, D74: the answer comes from the configuration alone: nothing in a request, and no credential, changes it.
func TestMetadataIgnoresTheRequest(t *testing.T) {
	idp := newIDP(t, "ES256")
	a := guardedResource(t, newJWT(t, jwtConfig(idp)), "use")
	plain := fetched(t, a, http.MethodGet, wellKnown+"/mcp")
	for _, lines := range [][]string{
		{"X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http", "X-Forwarded-Prefix: /evil", "X-Forwarded-Uri: /evil", "X-Forwarded-Port: 1", "X-Original-Url: /evil", "X-Rewrite-Url: /evil"},
		{`Forwarded: for=10.0.0.1;host=evil.example;proto=http`},
		{"Authorization: Bearer " + mint(idp, map[string]any{"aud": "other"})}, {"Authorization: Bearer a, Bearer b"}, {"Authorization: x", "X-Api-Key: y"},
		{"Accept: text/html"}, {"Accept-Language: de"}, {"Cookie: session=1"}, {"Origin: https://evil.example"}, {"If-None-Match: *"}, {"Range: bytes=0-1"},
	} {
		w := fetched(t, a, http.MethodGet, wellKnown+"/mcp", lines...)
		if diff := cmp.Diff(plain.Header(), w.Header()); w.Code != plain.Code || w.Body.String() != plain.Body.String() || diff != "" {
			t.Errorf("%q: status %d, %s, headers (-plain +got):\n%s", lines, w.Code, w.Body, diff)
		}
	}
	r := sentFrom("203.0.113.9:1")
	r.Host, r.URL.Host, r.URL.Path, r.URL.RawQuery, r.Method = "evil.example", "evil.example", wellKnown+"/mcp", "resource=https://evil.example", http.MethodGet
	w := httptest.NewRecorder()
	mounted(t, a).ServeHTTP(w, r)
	if w.Body.String() != plain.Body.String() {
		t.Errorf("for another host: %s", w.Body)
	}
	refused, _ := new(recorder).serve(a, r)
	if diff := cmp.Diff([]string{metadataChallenge + `, scope="use"`}, refused.Header()["Www-Authenticate"]); diff != "" {
		t.Errorf("the challenge for another host (-want +got):\n%s", diff)
	}
}

// R3, R5: the authorization servers are the exact issuers of the verifier: one, or one of each tenant.
func TestMetadataNamesTheIssuers(t *testing.T) {
	idp := newIDP(t, "ES256")
	discovered := auth.JWTIssuer{DiscoveryURL: idp.DiscoveryURL(), Audiences: []string{resource}}
	down := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("down") })}
	slash := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return reply(200, strings.NewReader(`{"issuer":"`+idpURL+`/","jwks_uri":"`+idpURL+`/jwks"}`)), nil
	})}
	for name, test := range map[string]struct {
		cfg  auth.JWTConfig
		want string // caches keep it, unless it is a stand-in
	}{
		"named":           {jwtConfig(idp), `["https://idp.example.com"]`},
		"tenants":         {auth.JWTConfig{Issuers: []auth.JWTIssuer{auth.EntraIDMultiTenant([]string{"one", "two"}, "app")}}, `["https://login.microsoftonline.com/one/v2.0","https://login.microsoftonline.com/two/v2.0"]`},
		"several":         {auth.JWTConfig{Issuers: []auth.JWTIssuer{auth.Okta("https://acme.okta.com/oauth2/default", "x"), auth.Google("id")}}, `["https://acme.okta.com/oauth2/default","https://accounts.google.com"]`},
		"discovery":       {auth.JWTConfig{Issuers: []auth.JWTIssuer{discovered}, HTTPClient: idp.Client()}, `["https://idp.example.com"]`},
		"discovery, down": {auth.JWTConfig{Issuers: []auth.JWTIssuer{discovered}, HTTPClient: down}, `["https://idp.example.com"]`},
		"slash":           {auth.JWTConfig{Issuers: []auth.JWTIssuer{discovered}, HTTPClient: slash}, `["https://idp.example.com/"]`},
	} {
		a := newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: newJWT(t, test.cfg)})
		saysAll(t, name, metadataOf(t, a), `"authorization_servers":`+test.want+`,`)
		cache := "public, max-age=300"
		if name == "discovery, down" {
			cache = "no-store"
		}
		if got := fetched(t, a, http.MethodGet, wellKnown).Header().Get("Cache-Control"); got != cache {
			t.Errorf("%s: %s", name, got)
		}
	}
	named := newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: newJWT(t, jwtConfig(idp)), AuthorizationServers: []string{secondIDP}})
	saysAll(t, "named by the host", metadataOf(t, named), `"authorization_servers":["https://second.example.com"]`)
}

// A provider that does not answer holds nobody up for long, and comes into its own when it does.
func TestMetadataWhileDiscoveryHangs(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		hanging := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
		idp := newIDP(t, "ES256")
		j := newJWT(t, auth.JWTConfig{HTTPClient: hanging, Issuers: []auth.JWTIssuer{{DiscoveryURL: idp.DiscoveryURL(), Audiences: []string{resource}}}})
		a := newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: j})
		began := time.Now()
		saysAll(t, "the document", metadataOf(t, a), `"authorization_servers":["https://idp.example.com"]`)
		if waited := time.Since(began); waited > 3*time.Second {
			t.Errorf("it took %s", waited)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
}

// How long caches may keep the document is the host's choice.
func TestMetadataMaxAge(t *testing.T) {
	for age, want := range map[time.Duration]string{0: "public, max-age=300", time.Hour: "public, max-age=3600", 90*time.Second + time.Millisecond: "public, max-age=90"} {
		a := newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: newKeys(t, auth.APIKey{Key: goodKey}), AuthorizationServers: []string{idpURL}, MaxAge: age})
		if got := fetched(t, a, http.MethodGet, wellKnown).Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: %q", age, got)
		}
	}
}

// What the verifier serves is served too, and through all that wraps the resource.
func TestResourceServesTheVerifiersRoutes(t *testing.T) {
	var reloads, closed []string
	own := capable{func(*http.Request) (*auth.Principal, error) { return nil, auth.ErrNotMine }, "own", nil, &reloads, &closed, nil}
	a := guardedResource(t, own)
	for _, all := range []auth.Authenticator{a, anyOf(t, oneClient(t), trustPlatform(t, a, "10.0.0.1"))} {
		var patterns []string
		for _, route := range all.(auth.Router).Routes() {
			patterns = append(patterns, route.Pattern)
		}
		if diff := cmp.Diff([]string{wellKnown, wellKnown + "/{$}", wellKnown + "/mcp", wellKnown + "/mcp/{$}", "/own"}, patterns); diff != "" {
			t.Errorf("routes (-want +got):\n%s", diff)
		}
		if got := all.(auth.ResourceNamer).Resource(); got != resource {
			t.Errorf("resource %q", got)
		}
	}
}

// R6: offline_access is no scope of a resource, in whatever list.
func TestNoOfflineAccess(t *testing.T) {
	for _, cfg := range []auth.ProtectedResourceConfig{{Scopes: []string{"a", "offline_access"}}, {RequiredScopes: []string{"offline_access"}}, {Scopes: []string{"a"}, RequiredScopes: []string{"offline"}}} {
		cfg.Resource, cfg.Verifier, cfg.AuthorizationServers = resource, newKeys(t, auth.APIKey{Key: goodKey}), []string{idpURL}
		a, err := auth.NewProtectedResource(cfg)
		if refused := strings.Contains(strings.Join(append(cfg.Scopes, cfg.RequiredScopes...), " "), "offline_access"); (err != nil) != refused {
			t.Errorf("%v, %v: %v", cfg.Scopes, cfg.RequiredScopes, err)
		} else if !refused {
			holdsNone(t, "the metadata", metadataOf(t, a), "offline_access")
		}
	}
}

// An issuers is a verifier whose issuers nobody knows at the moment.
type issuers struct{ auth.AuthenticatorFunc }

func (issuers) Issuers(context.Context) []string { return nil }

// R5, R12: no document says null, and none lists no authorization server.
func TestMetadataWithoutIssuers(t *testing.T) {
	a, err := auth.NewProtectedResource(auth.ProtectedResourceConfig{Resource: resource, Verifier: issuers{func(*http.Request) (*auth.Principal, error) { return nil, auth.ErrNotMine }}})
	if err != nil {
		return
	}
	w := fetched(t, a, http.MethodGet, wellKnown)
	holdsNone(t, "the metadata", w.Body.String(), "null", "[]")
	if w.Code == http.StatusOK && !strings.Contains(w.Body.String(), `"authorization_servers":["`) {
		t.Errorf("the metadata: %s", w.Body)
	}
}

// R7: the patterns of every resource that is accepted can be mounted.
func TestRoutesAreMountable(t *testing.T) {
	a, err := auth.NewProtectedResource(auth.ProtectedResourceConfig{Resource: "https://mcp.example.com/m%20cp", Verifier: newKeys(t, auth.APIKey{Key: goodKey}), AuthorizationServers: []string{idpURL}})
	if err != nil {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			t.Errorf("the mux panics: %v", v)
		}
	}()
	mounted(t, a).ServeHTTP(httptest.NewRecorder(), sentFrom(strangePeer))
}
