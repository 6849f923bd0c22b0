package oidcproxy

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/lexical"
)

// An authRequest is what a client asks for at the authorization endpoint, judged. It travels sealed in the consent form.
type authRequest struct {
	ClientID  string   `json:"c"`
	Redirect  string   `json:"r"`           // as the client sent it
	Named     bool     `json:"n,omitempty"` // the client sent redirect_uri
	State     []byte   `json:"s,omitempty"` // whatever the client likes; empty for none
	Challenge string   `json:"h"`           // of PKCE, S256
	Scopes    []string `json:"o,omitempty"`

	// for the identity provider
	LoginHint string `json:"l,omitempty"`
	Prompt    string `json:"p,omitempty"`
	MaxAge    string `json:"a,omitempty"`
	UILocales string `json:"u,omitempty"`

	Ask    bool `json:"-"` // the client wants the user to be asked, whatever is remembered (prompt=consent)
	Silent bool `json:"-"` // the client wants no page to be shown (prompt=none)

	Version  string `json:"v,omitempty"` // of the client's metadata document, as it was shown
	Upstream string `json:"i"`           // state towards the identity provider; it makes the request usable once
	Secret   string `json:"k"`           // for the cookie of the browser that approves; nobody sees it before
	Expires  int64  `json:"e"`           // until when the form may be answered
}

// maxState is the longest state of a client, in bytes (R45).
const maxState = 4 << 10

// clientOf finds whom to answer: client and redirect URI. Without both nothing may be sent anywhere (R40).
func (p *Provider) clientOf(r *http.Request, form params) (*client, redirectURI, *pageError) {
	for _, name := range []string{"client_id", "redirect_uri"} {
		if len(form[name]) > 1 {
			return nil, redirectURI{}, pageRepeated
		}
	}
	c, err := p.client(r, form.get("client_id"))
	switch {
	case form.get("client_id") == "":
		return nil, redirectURI{}, pageNoClient
	case err != nil:
		return nil, redirectURI{}, pageOfClient(err)
	case !c.expires.IsZero() && !p.now().Before(c.expires):
		return nil, redirectURI{}, pageUnknownClient.from(errClientExpired)
	}
	uri, ok := c.redirect(form.get("redirect_uri"))
	if !ok {
		return nil, redirectURI{}, pageRedirect.from(fmt.Errorf("client %s did not register %s", fingerprint(c.id), lexical.Plain(address.Shown(form.get("redirect_uri")))))
	}
	return c, uri, nil
}

// pageOfClient is the page for a client that is not known.
func pageOfClient(err error) *pageError {
	var wrong *documentError
	switch {
	case errors.Is(err, errDocumentLimit):
		return pageThrottled.from(err)
	case isPassing(err):
		return pageNoDocument.from(err)
	case errors.As(err, &wrong):
		return pageDocument.because(wrong.reason).from(err)
	case errors.Is(err, safefetch.ErrRefused):
		return pageAddress.from(err)
	case errors.Is(err, safefetch.ErrDocument):
		return pageDocument.from(err)
	}
	return pageUnknownClient.from(err)
}

// judge checks all the rest; errors go to the client by redirect (RFC 6749 section 4.1.2.1).
func (p *Provider) judge(form params, c *client, uri redirectURI) (authRequest, *oauthError) {
	req := authRequest{ClientID: c.id, Version: c.version, Redirect: uri.raw, Named: form.get("redirect_uri") != "", State: []byte(form.get("state"))}
	if e := checkForm(form); e != nil {
		return req, e
	}
	if req.Challenge = form.get("code_challenge"); !isChallenge(req.Challenge) || form.get("code_challenge_method") != "S256" {
		return req, errInvalidRequest.because("PKCE is needed: send a code_challenge of 43 characters, and code_challenge_method=S256")
	}
	if !p.isTarget(form.all("resource")) {
		return req, errInvalidTarget
	}
	scopes, ok := p.requested(form.get("scope"), c)
	if !ok {
		return req, errInvalidScope
	}
	req.Scopes = scopes
	return req, req.readHints(form)
}

// checkForm judges parameters that stand for features (R45, R46, R50).
func checkForm(form params) *oauthError {
	switch {
	case form.repeated() != "":
		return errInvalidRequest.because("a parameter is repeated")
	case form.get("request") != "":
		return &oauthError{code: "request_not_supported", description: "request objects are not supported"}
	case form.get("request_uri") != "":
		return &oauthError{code: "request_uri_not_supported", description: "request_uri is not supported"}
	case form.get("response_type") == "":
		return errInvalidRequest.because("response_type is missing")
	case form.get("response_type") != "code":
		return &oauthError{code: "unsupported_response_type", description: "use response_type=code"}
	case form.get("response_mode") != "" && form.get("response_mode") != "query":
		return errInvalidRequest.because("use response_mode=query, or leave it out")
	case len(form.get("scope")) > maxState:
		return errInvalidRequest.because("scope is too long")
	}
	return nil
}

// isChallenge reports whether text is the base64url form of a SHA-256 (RFC 7636 section 4.2).
func isChallenge(text string) bool {
	return len(text) == 43 && !strings.ContainsFunc(text, func(c rune) bool { return !isUnreserved(c) || c == '.' || c == '~' })
}

// isUnreserved: RFC 3986 section 2.3.
func isUnreserved(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~'
}

// readHints takes what may cross to the identity provider (R51). What is not of the right form is left out: it is a hint.
func (req *authRequest) readHints(form params) *oauthError {
	for word := range strings.FieldsSeq(form.get("prompt")) {
		switch word {
		case "none":
			if strings.TrimSpace(form.get("prompt")) != word {
				return errConsentRequired
			}
			req.Prompt, req.Silent = word, true
		case "consent":
			req.Ask = true
		case "login", "select_account":
			req.Prompt = strings.TrimSpace(req.Prompt + " " + word)
		}
	}
	if hint := form.get("login_hint"); len(hint) <= 256 && lexical.Plain(hint) == hint {
		req.LoginHint = hint
	}
	if age, err := strconv.ParseUint(form.get("max_age"), 10, 31); err == nil {
		req.MaxAge = strconv.FormatUint(age, 10)
	}
	if locales := form.get("ui_locales"); len(locales) <= 128 && !strings.ContainsFunc(locales, func(c rune) bool { return !isUnreserved(c) && c != ' ' }) {
		req.UILocales = locales
	}
	return nil
}
