package auth

import (
	"fmt"
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

// A credential is what a request presents: nothing, or one of scheme and token, API key, Zscaler pair.
type credential struct {
	from   headerSet // where it stood; 0 means that there is none
	scheme string    // of Authorization, as sent
	token  string    // after the scheme
	apiKey string    // X-Api-Key
	id     string    // X-Zscaler-Client-ID
	secret string    // X-Zscaler-Client-Secret
}

func (c credential) presented() bool { return c.from != 0 }

// bearer returns the Bearer token.
func (c credential) bearer() (string, bool) {
	return c.token, strings.EqualFold(c.scheme, "Bearer")
}

// within returns the credential if it stood in one of the headers of set, else none.
func (c credential) within(set headerSet) credential {
	if c.from&set == 0 {
		return credential{}
	}
	return c
}

// Refusals of the request's form. They are shared, and never changed.
var (
	errSeveral = &Error{Status: http.StatusBadRequest, Code: "invalid_request",
		Description: "The request presents more than one credential; send exactly one."}
	errMalformed = &Error{Status: http.StatusBadRequest, Code: "invalid_request",
		Description: "The Authorization header is malformed; send a scheme, a space and one token without spaces, as in: Bearer TOKEN."}
	errEmptyToken = &Error{Status: http.StatusUnauthorized, Code: "invalid_token",
		Description: "The Authorization header has a scheme without a token, or a token without a scheme; send both, as in: Bearer TOKEN."}
	errTooLong = &Error{Status: http.StatusUnauthorized, Code: "invalid_token",
		Description: "The credential is too long."}
)

// A headerSet says which headers may bear a credential. The pair counts as one.
type headerSet uint8

const (
	fromAuthorization headerSet = 1 << iota
	fromAPIKey
	fromPair

	fromAny = fromAuthorization | fromAPIKey | fromPair
)

// headersOf returns the headers that a reads.
func headersOf(a Authenticator) headerSet {
	reader, ok := a.(HeaderReader)
	if !ok {
		return fromAny
	}
	set, _ := parseHeaders(reader.CredentialHeaders(), fromAny)
	return set
}

// parseHeaders returns the set of the named headers, which must be in allowed. Without a name all are read,
// since a second credential of any kind is refused.
func parseHeaders(names []string, allowed headerSet) (headerSet, error) {
	var set headerSet
	for _, name := range names {
		bit := map[string]headerSet{
			authorizationHeader: fromAuthorization, apiKeyHeader: fromAPIKey, clientIDHeader: fromPair, clientSecretHeader: fromPair,
		}[http.CanonicalHeaderKey(name)]
		if bit&allowed == 0 {
			return fromAny, fmt.Errorf("has %q, which cannot carry this credential: use %s", name, strings.Join(allowed.names(), ", "))
		}
		set |= bit
	}
	if set == 0 {
		return fromAny, nil
	}
	return set, nil
}

// names returns the headers of the set.
func (set headerSet) names() []string {
	var names []string
	for i, header := range credentialHeaders {
		if set&(1<<min(i, 2)) != 0 { // the two of the pair share a bit
			names = append(names, header)
		}
	}
	return names
}

// read finds the one credential in h and checks its form.
func (set headerSet) read(h http.Header) (credential, *Error) {
	c, refusal := set.find(h)
	if refusal == nil {
		refusal = c.malformed()
	}
	if refusal != nil {
		return credential{}, refusal
	}
	return c, nil
}

// find returns the one credential in h, of whatever form. Presence of a header line counts, were it empty, so that no
// two readers of the request can disagree on which credential it bears (R131).
func (set headerSet) find(h http.Header) (credential, *Error) {
	var auth, key, id, secret []string
	if set&fromAuthorization != 0 {
		auth = h[authorizationHeader]
	}
	if set&fromAPIKey != 0 {
		key = h[apiKeyHeader]
	}
	if set&fromPair != 0 {
		id, secret = h[clientIDHeader], h[clientSecretHeader]
	}
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
		scheme, rest, _ := strings.Cut(auth[0], " ")
		return credential{from: fromAuthorization, scheme: scheme, token: strings.TrimLeft(rest, " ")}, nil
	case len(key) == 1 && key[0] != "":
		return credential{from: fromAPIKey, apiKey: key[0]}, nil
	case len(id)+len(secret) > 0:
		return credential{from: fromPair, id: strings.Join(id, ""), secret: strings.Join(secret, "")}, nil
	}
	return credential{}, nil
}

// malformed refuses an Authorization that is not `scheme 1*SP token68` (RFC 9110 section 11.4). A second credential
// behind a comma is malformed, as are schemes that need parameters: none of ours does.
func (c credential) malformed() *Error {
	switch {
	case c.from != fromAuthorization:
		return nil
	case !isToken(c.scheme):
		return errMalformed
	case c.token == "":
		return errEmptyToken
	case !isToken68(c.token):
		return errMalformed
	}
	return nil
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

// token68 marks the bytes of a token68.
var token68 = func() (is [256]bool) {
	for c := range is {
		is[c] = isAlphanumeric(byte(c)) || strings.IndexByte("-._~+/", byte(c)) >= 0
	}
	return is
}()

// isToken68 reports whether s is a token68 (RFC 9110 section 11.2), which a Bearer token is too.
func isToken68(s string) bool {
	body := strings.TrimRight(s, "=")
	for i := range len(body) {
		if !token68[body[i]] {
			return false
		}
	}
	return body != ""
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
