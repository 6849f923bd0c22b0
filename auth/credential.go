package auth

import (
	"net/http"
	"strings"
)

// maxCredential bounds a credential, in bytes (R127).
const maxCredential = 16 << 10

// The request headers that bear credentials, in canonical form.
const (
	authorizationHeader = "Authorization"
	apiKeyHeader        = "X-Api-Key"
	clientIDHeader      = "X-Zscaler-Client-Id"
	clientSecretHeader  = "X-Zscaler-Client-Secret"
)

var credentialHeaders = [...]string{authorizationHeader, apiKeyHeader, clientIDHeader, clientSecretHeader}

// A credential is what a request presents: nothing, or one of scheme+token, API key, Zscaler pair.
type credential struct {
	scheme string // of Authorization, as sent
	token  string // after the scheme
	apiKey string // X-Api-Key
	pair   bool   // an X-Zscaler-Client header is there
}

func (c credential) presented() bool { return c != credential{} }

// bearer returns the Bearer token.
func (c credential) bearer() (string, bool) {
	return c.token, strings.EqualFold(c.scheme, "Bearer")
}

// Refusals of the request's form. They are shared, and never changed.
var (
	errSeveral = &Error{Status: http.StatusBadRequest, Code: "invalid_request",
		Description: "The request presents more than one credential; send exactly one."}
	errMalformed = &Error{Status: http.StatusBadRequest, Code: "invalid_request",
		Description: "The Authorization header is malformed; send a scheme, a space and one token."}
	errEmptyToken = &Error{Status: http.StatusUnauthorized, Code: "invalid_token",
		Description: "The Authorization header has no token; send a scheme, a space and one token."}
	errTooLong = &Error{Status: http.StatusUnauthorized, Code: "invalid_token",
		Description: "The credential is too long."}
)

// readCredential finds the one credential in h. Presence of a header line counts, were it empty, so
// that no two readers of the request can disagree on which credential it bears (R131).
func readCredential(h http.Header) (credential, *Error) {
	auth, key := h[authorizationHeader], h[apiKeyHeader]
	id, secret := h[clientIDHeader], h[clientSecretHeader]
	kinds := min(len(auth), 1) + min(len(key), 1) + min(len(id)+len(secret), 1)
	if kinds > 1 || len(auth) > 1 || len(key) > 1 || len(id) > 1 || len(secret) > 1 {
		return credential{}, errSeveral
	}
	for _, lines := range [...][]string{auth, key, id, secret} {
		if len(lines) == 1 && len(lines[0]) > maxCredential {
			return credential{}, errTooLong
		}
	}
	switch {
	case len(auth) == 1 && auth[0] != "":
		return parseAuthorization(auth[0])
	case len(key) == 1:
		return credential{apiKey: key[0]}, nil
	}
	return credential{pair: len(id)+len(secret) > 0}, nil
}

// parseAuthorization reads `scheme 1*SP token68` (RFC 9110 section 11.4). A second credential behind
// a comma is malformed, as are schemes that need parameters: none of ours does.
func parseAuthorization(value string) (credential, *Error) {
	scheme, rest, _ := strings.Cut(value, " ")
	if !isToken(scheme) {
		return credential{}, errMalformed
	}
	token := strings.TrimLeft(rest, " ")
	if token == "" {
		return credential{}, errEmptyToken
	}
	if !isToken68(token) {
		return credential{}, errMalformed
	}
	return credential{scheme: scheme, token: token}, nil
}

// isToken reports whether s is a token (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && strings.IndexByte("!#$%&'*+-.^_`|~", s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// isToken68 reports whether s is a token68 (RFC 9110 section 11.2), which a Bearer token is too.
func isToken68(s string) bool {
	body := strings.TrimRight(s, "=")
	for i := range len(body) {
		if !isAlphanumeric(body[i]) && strings.IndexByte("-._~+/", body[i]) < 0 {
			return false
		}
	}
	return body != ""
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
