package oidcproxy

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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
	c, err := p.client(id)
	switch {
	case err != nil:
		return nil, errInvalidClient.from(err)
	case !c.accepts(method):
		return nil, errInvalidClient.from(fmt.Errorf("client %s registered another token_endpoint_auth_method than %s", fingerprint(id), method))
	case c.secretHash != nil && !c.proves(secret):
		return nil, errInvalidClient.from(fmt.Errorf("client %s sent a wrong secret", fingerprint(id)))
	}
	w.Header().Del("WWW-Authenticate")
	return c, nil
}

// presentedClient reads what the request says of its client. An empty secret of a public client is none (R94).
func presentedClient(r *http.Request, form params) (id, secret, method string, e *oauthError) {
	id, secret, method = form.get("client_id"), form.get("client_secret"), methodNone
	if secret != "" {
		method = methodPost
	}
	headers := r.Header["Authorization"]
	if form.get("client_assertion") != "" || form.get("client_assertion_type") != "" {
		return "", "", "", errInvalidClient.because("This method of client authentication is not supported.")
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
