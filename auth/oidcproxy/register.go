package oidcproxy

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// register is the endpoint for dynamic client registration (RFC 7591 section 3). It stores nothing.
func (p *Provider) register(w http.ResponseWriter, r *http.Request) *oauthError {
	if e := p.mayRegister(w, r); e != nil {
		return e
	}
	if !hasMediaType(r, "application/json") {
		return errContentType.because("The body must be application/json.")
	}
	body, e := bodyOf(w, r, maxJSON)
	if e != nil {
		return e
	}
	m, e := parseClientMetadata(body)
	if e != nil {
		return e
	}
	answer, e := p.registrationOf(m)
	if e != nil {
		return e
	}
	p.record(r, event{name: EventRegistered, client: answer["client_id"].(string)})
	writeJSON(w, http.StatusCreated, answer)
	return nil
}

// mayRegister asks for the initial access token where the operator wants one.
func (p *Provider) mayRegister(w http.ResponseWriter, r *http.Request) *oauthError {
	if p.cfg.Registration.Mode != RegistrationToken {
		return nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	given, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(p.cfg.Registration.InitialToken))
	if strings.EqualFold(scheme, "Bearer") && len(r.Header["Authorization"]) == 1 && subtle.ConstantTimeCompare(given[:], want[:]) == 1 {
		return nil
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="registration"`)
	return errInitialToken
}

// registrationOf judges what a client says of itself, and makes the answer (RFC 7591 section 3.2.1).
func (p *Provider) registrationOf(m clientMetadata) (map[string]any, *oauthError) {
	if m.AuthMethod == methodPrivateKey || m.Keys != nil || m.KeysURL != "" {
		return nil, errInvalidMetadata.because("jwks, jwks_uri and private_key_jwt are for clients whose client_id is the address of a metadata document: register without them, or publish one.")
	}
	if e := p.checkRedirectURIs(m); e != nil {
		return nil, e
	}
	grants, e := grantTypesOf(m)
	if e != nil {
		return nil, e
	}
	if m.ApplicationType != "" && m.ApplicationType != "web" && m.ApplicationType != "native" {
		return nil, errInvalidMetadata.because("application_type must be web or native.")
	}
	issued := p.now()
	reg := registration{Redirects: m.RedirectURIs, Name: m.Name, NoRefresh: !slices.Contains(grants, "refresh_token"), Issued: issued.Unix()}
	if p.cfg.Registration.Mode == RegistrationToken { // which it had, or it would not be here
		reg.Origin = fromInvited
	}
	answer := maps.Clone(m.Echo)
	method, secret, e := p.authMethodOf(m)
	if e != nil {
		return nil, e
	}
	if secret != "" {
		hash := sha256.Sum256([]byte(secret))
		reg.Method, reg.Secret = method, hash[:]
		answer["client_secret"] = secret
		answer["client_secret_expires_at"] = issued.Add(p.cfg.Lifetimes.ClientID).Unix()
	}
	id, err := p.sealClient(reg)
	switch {
	case errors.Is(err, errTooBig):
		return nil, errInvalidMetadata.because("The metadata is too long: register fewer or shorter redirect_uris, or a shorter client_name.")
	case err != nil:
		return nil, errInternal.from(err)
	}
	answer["client_id"], answer["client_id_issued_at"] = id, issued.Unix()
	answer["redirect_uris"], answer["token_endpoint_auth_method"] = m.RedirectURIs, method
	answer["grant_types"], answer["response_types"] = grants, []string{"code"}
	for name, text := range map[string]string{"client_name": m.Name, "scope": m.Scope, "application_type": m.ApplicationType} {
		if text != "" {
			answer[name] = text
		}
	}
	return answer, nil
}

// grantTypesOf are those that the client gets: of what it asks for, what there is (R22). One that says nothing gets both.
func grantTypesOf(m clientMetadata) ([]string, *oauthError) {
	if len(m.ResponseTypes) > 0 && !slices.Contains(m.ResponseTypes, "code") {
		return nil, errInvalidMetadata.because("response_types must have code.")
	}
	both := []string{"authorization_code", "refresh_token"}
	if len(m.GrantTypes) == 0 {
		return both, nil
	}
	if !slices.Contains(m.GrantTypes, "authorization_code") {
		return nil, errInvalidMetadata.because("grant_types must have authorization_code.")
	}
	return slices.DeleteFunc(both, func(grant string) bool { return !slices.Contains(m.GrantTypes, grant) }), nil
}

// authMethodOf is how the client authenticates: as it asks, and not at all where it does not ask (R15).
func (p *Provider) authMethodOf(m clientMetadata) (method, secret string, e *oauthError) {
	switch m.AuthMethod {
	case "", methodNone:
		return methodNone, "", nil
	case methodBasic, methodPost:
		if p.cfg.Registration.NoSecrets {
			return methodNone, "", nil
		}
		return m.AuthMethod, randomText(), nil
	}
	return "", "", errInvalidMetadata.because("token_endpoint_auth_method must be none, client_secret_basic or client_secret_post.")
}

// randomText has 256 random bits.
func randomText() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}
