package oidcproxy

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// authenticateClient finds out which client asks (RFC 6749 section 2.3), by one method, which must be the one that it registered.
func (p *Provider) authenticateClient(w http.ResponseWriter, r *http.Request, form params) (*client, *oauthError) {
	id, secret, method, e := presentedClient(r, form)
	if e != nil {
		return nil, e
	}
	if method == methodBasic {
		w.Header().Set("WWW-Authenticate", `Basic realm="token endpoint", charset="UTF-8"`)
	}
	c, err := p.client(r, id)
	switch {
	case isPassing(err):
		return nil, errTemporary.from(err)
	case err != nil:
		return nil, errInvalidClient.from(err)
	case !c.accepts(method):
		return nil, errInvalidClient.from(fmt.Errorf("client %s registered another token_endpoint_auth_method than %s", fingerprint(id), method))
	case c.secretHash != nil && !c.proves(secret):
		return nil, errInvalidClient.from(fmt.Errorf("client %s sent a wrong secret", fingerprint(id)))
	}
	w.Header().Del("WWW-Authenticate")
	if c.method == methodPrivateKey {
		return c, p.proveAssertion(r, c, secret)
	}
	return c, nil
}

// isPassing reports whether who the client is cannot be told at the moment: it must not take that for a reason to forget what it has (R100).
func isPassing(err error) bool {
	return errors.Is(err, errDocumentLimit) || errors.Is(err, safefetch.ErrUnavailable) || errors.Is(err, safefetch.ErrBusy)
}

// presentedClient reads what the request says of its client: for private_key_jwt the secret is the assertion. An empty secret of a public client is none (R94).
func presentedClient(r *http.Request, form params) (id, secret, method string, e *oauthError) {
	id, secret, method = form.get("client_id"), form.get("client_secret"), methodNone
	if secret != "" {
		method = methodPost
	}
	headers := r.Header["Authorization"]
	if assertion := form.get("client_assertion"); assertion != "" || form.get("client_assertion_type") != "" {
		if secret != "" || len(headers) > 0 {
			return "", "", "", errInvalidRequest.because("Authenticate the client in one way only.")
		}
		if form.get("client_assertion_type") != assertionType || len(assertion) > maxAssertion {
			return "", "", "", errInvalidClient.because("client_assertion_type must be " + assertionType + ", with a client_assertion.")
		}
		return cmp.Or(id, assertedClient(assertion)), assertion, methodPrivateKey, nil
	}
	if len(headers) == 0 {
		if id == "" {
			return "", "", "", errInvalidRequest.because("client_id is missing.")
		}
		return id, secret, method, nil
	}
	basicID, basicSecret, ok := parseBasic(headers)
	switch {
	case !ok:
		return "", "", "", errInvalidRequest.because("The Authorization header must be one of scheme Basic, with client_id and client_secret.")
	case secret != "":
		return "", "", "", errInvalidRequest.because("Authenticate the client in one way only.")
	case id != "" && id != basicID:
		return "", "", "", errInvalidRequest.because("client_id and the Authorization header name two clients.")
	case basicSecret == "":
		return basicID, "", methodNone, nil
	}
	return basicID, basicSecret, methodBasic, nil
}

// parseBasic decodes both parts (RFC 6749 section 2.3.1). Ours have no character that many clients forget to encode.
func parseBasic(headers []string) (id, secret string, ok bool) {
	if len(headers) != 1 {
		return "", "", false
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(token))
	id, secret, found := strings.Cut(string(data), ":")
	if err != nil || !found || !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	if id, err = url.QueryUnescape(id); err != nil || id == "" {
		return "", "", false
	}
	if secret, err = url.QueryUnescape(secret); err != nil {
		return "", "", false
	}
	return id, secret, true
}
