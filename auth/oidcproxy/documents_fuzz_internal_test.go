package oidcproxy

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/store"
)

const fuzzedDocument = "https://app.example.com/client"

// R160: whatever a document says, the client that comes of it is that of its address, can send its users where a registration could, and holds no secret.
func FuzzDocument(f *testing.F) {
	p := &Provider{issuer: "https://mcp.example.com", now: time.Now}
	for _, seed := range []string{
		`{"client_id":"` + fuzzedDocument + `","redirect_uris":["https://app.example.com/cb"],"client_name":"A"}`,
		`{"client_id":"` + fuzzedDocument + `","redirect_uris":["http://localhost/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://app.example.com/keys"}`,
		`{"client_id":"` + fuzzedDocument + `","redirect_uris":["cursor://a/b"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}}`,
		`{"client_id":"` + fuzzedDocument + `","redirect_uris":["https://*.example.com/*"],"grant_types":["refresh_token"]}`, `{"jwks":{"keys":[{"k":"x"}]}}`, `{}`, `[]`, ``, `{"client_id":null}`, "\ufeff{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := p.parseDocument(fuzzedDocument, data)
		if err != nil {
			return
		}
		c := doc.client
		if c.id != fuzzedDocument || c.origin != documentOrigin("app.example.com") || c.secretHash != nil || len(c.uris) == 0 || len(c.uris) > maxRedirectURIs || c.version == "" {
			t.Fatalf("%+v", c)
		}
		if c.method != methodNone && (c.method != methodPrivateKey || (doc.keys == nil) == (doc.keysURL == "")) {
			t.Fatalf("method %s with keys %q at %q", c.method, doc.keys, doc.keysURL)
		}
		for _, uri := range c.uris {
			if again, err := parseRedirectURI(uri.raw); err != nil || again != uri || strings.Contains(uri.raw, "*") {
				t.Fatalf("%q: %v", uri.raw, err)
			}
		}
	})
}

// R160: nothing but an assertion of the client proves who it is.
func FuzzAssertion(f *testing.F) {
	keys, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		f.Fatal(err)
	}
	p := &Provider{keys: keys, store: store.NewMemory(store.MemoryConfig{}), issuer: "https://mcp.example.com", now: time.Now, clients: map[string]*client{}}
	c := &client{id: "known", method: methodPrivateKey}
	c.assertions, err = p.assertionsOf("known", `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`)
	if err != nil {
		f.Fatal(err)
	}
	p.clients["known"] = c
	// {"alg":"EdDSA","kid":"1"} and lawful claims, with a signature of nobody
	const header, payload = "eyJhbGciOiJFZERTQSIsImtpZCI6IjEifQ", "eyJpc3MiOiJrbm93biIsInN1YiI6Imtub3duIiwiYXVkIjoiaHR0cHM6Ly9tY3AuZXhhbXBsZS5jb20iLCJqdGkiOiJ4IiwiZXhwIjo0MTAyNDQ0ODAwfQ"
	for _, seed := range []string{header + "." + payload + "." + strings.Repeat("A", 86), header + "." + payload + ".", "eyJhbGciOiJub25lIn0." + payload + ".", "..", "", payload, strings.Repeat(".", 100)} {
		f.Add(seed, "known")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, assertion, id string) {
		form := params{"client_assertion": {assertion}, "client_assertion_type": {assertionType}, "client_id": {id}}
		if isDocumentID(id) || id == "" && isDocumentID(assertedClient(assertion)) {
			return // which are not served here
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/token", nil)
		if found, e := p.authenticateClient(httptest.NewRecorder(), r, form); e == nil {
			t.Fatalf("%q proves to be %s", assertion, found.id)
		}
	})
}

// R31: an id is the address of a document, or none; nothing else of the request decides where it leads.
func FuzzDocumentID(f *testing.F) {
	fetch, err := safefetch.New(safefetch.Config{})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{fuzzedDocument, "https://app.example.com", "https://127.0.0.1/c", "https://a.example.com/%2e%2e/c", "https://a.example.com:443/c", "https://A.example.com/c", "https://user@a.example.com/c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		u, err := fetch.CheckURL(id)
		if err != nil {
			return
		}
		host, ok := documentOrigin(u.Host).documentHost()
		if !isDocumentID(id) || !ok || host != u.Host || !strings.HasPrefix(id, documentPrefix+u.Host+"/") || u.String() != id {
			t.Fatalf("%q leads to %q", id, u)
		}
	})
}
