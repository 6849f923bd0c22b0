package oidcproxy

import (
	"fmt"
	"net/http"
	"time"
)

// Places of metadata (RFC 8414 section 3.1, OpenID Connect Discovery section 4).
const wellKnownOAuth = "/.well-known/oauth-authorization-server"

// A serverMetadata is RFC 8414 section 2. Only what is switched on is in it (R11).
type serverMetadata struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	RegistrationEndpoint  string   `json:"registration_endpoint,omitempty"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	JWKSURI               string   `json:"jwks_uri"`
	ScopesSupported       []string `json:"scopes_supported,omitempty"`
	ResponseTypes         []string `json:"response_types_supported"`
	ResponseModes         []string `json:"response_modes_supported"`
	GrantTypes            []string `json:"grant_types_supported"`
	TokenAuthMethods      []string `json:"token_endpoint_auth_methods_supported"`
	TokenAuthAlgs         []string `json:"token_endpoint_auth_signing_alg_values_supported,omitempty"`
	RevocationAuthMethods []string `json:"revocation_endpoint_auth_methods_supported"`
	RevocationAuthAlgs    []string `json:"revocation_endpoint_auth_signing_alg_values_supported,omitempty"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
	IssParameter          bool     `json:"authorization_response_iss_parameter_supported"`
	ServiceDocumentation  string   `json:"service_documentation,omitempty"`
	SubjectTypes          []string `json:"subject_types_supported,omitempty"`
	IDTokenSigningAlgs    []string `json:"id_token_signing_alg_values_supported,omitempty"`
	ClientIDMetadataDocs  bool     `json:"client_id_metadata_document_supported"`
	RequestURIParameter   bool     `json:"request_uri_parameter_supported"`
	RequestParameter      bool     `json:"request_parameter_supported"`
}

func (p *Provider) serverMetadata() serverMetadata {
	methods, algorithms := []string{methodNone, methodBasic, methodPost}, []string(nil)
	if p.acceptsAssertions() {
		methods, algorithms = append(methods, methodPrivateKey), signatureAlgorithms
	}
	m := serverMetadata{
		Issuer: p.issuer, AuthorizationEndpoint: p.issuer + "/authorize", TokenEndpoint: p.issuer + "/token",
		RevocationEndpoint: p.issuer + "/revoke", JWKSURI: p.issuer + "/jwks", ScopesSupported: p.scopes,
		ResponseTypes: []string{"code"}, ResponseModes: []string{"query"}, GrantTypes: []string{"authorization_code", "refresh_token"},
		TokenAuthMethods: methods, TokenAuthAlgs: algorithms, RevocationAuthMethods: methods, RevocationAuthAlgs: algorithms, ChallengeMethods: []string{"S256"}, IssParameter: true,
		ServiceDocumentation: p.cfg.DocumentationURL, ClientIDMetadataDocs: p.documents != nil,
	}
	if p.cfg.Registration.Mode != RegistrationOff {
		m.RegistrationEndpoint = p.issuer + "/register"
	}
	return m
}

// acceptsAssertions reports whether a client may prove by a signature who it is.
func (p *Provider) acceptsAssertions() bool {
	for _, c := range p.clients {
		if c.method == methodPrivateKey {
			return true
		}
	}
	return p.documents != nil
}

// openIDMetadata is the same document with what strict readers of OpenID Connect Discovery demand. Nobody gets an ID token here.
func (p *Provider) openIDMetadata() serverMetadata {
	m := p.serverMetadata()
	m.SubjectTypes, m.IDTokenSigningAlgs = []string{"public"}, []string{"EdDSA", "RS256"}
	return m
}

// document serves a value that never changes.
func (p *Provider) document(value any) http.Handler {
	return machine{p: p, methods: []string{http.MethodGet, http.MethodHead}, public: true, serve: func(w http.ResponseWriter, _ *http.Request) *oauthError {
		w.Header().Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(p.cfg.Lifetimes.Metadata/time.Second)))
		writeJSON(w, http.StatusOK, value)
		return nil
	}}
}

// absent answers where clients look for metadata that is elsewhere: they go on after a 404 that they can read (R9).
func (p *Provider) absent() http.Handler {
	return machine{p: p, methods: []string{http.MethodGet, http.MethodHead}, serve: func(w http.ResponseWriter, _ *http.Request) *oauthError {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "not_found", "error_description": "There is no metadata at this path."})
		return nil
	}}
}

// keySet is the public half of the keys that sign access tokens, the old ones too (RFC 7517 section 5).
func (p *Provider) keySet() any {
	set := struct {
		Keys []jsonWebKey `json:"keys"`
	}{}
	for _, key := range p.signing {
		set.Keys = append(set.Keys, key.jwk)
	}
	return set
}
