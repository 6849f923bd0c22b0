package oidcproxy

import (
	"errors"
	"net/http"
	"time"

	"github.com/org/zscalermcp/store"
)

// consent takes the answer of the consent page. Only here does anything begin to be stored, and only once for a form (R65).
func (p *Provider) consent(w http.ResponseWriter, r *http.Request) *pageError {
	if !p.isSameOrigin(r) {
		return pageForeign
	}
	form, e := formOf(w, r)
	if e != nil {
		return pageMalformed.from(e)
	}
	action, sealed := form.get("action"), form.get("request")
	if form.repeated() != "" || action != "approve" && action != "deny" || sealed == "" {
		return pageMalformed
	}
	browser, ok := p.browser(r)
	if !ok {
		return pageOtherBrowser
	}
	req, ok := p.openRequest(sealed, browser)
	if !ok {
		return pageOtherBrowser
	}
	left := p.remaining(req.Expires)
	if left <= 0 {
		return pageFormExpired
	}
	c, uri, gone := p.clientOf(r, params{"client_id": {req.ClientID}, "redirect_uri": {req.Redirect}})
	if gone != nil { // the operator has changed something since
		return gone
	}
	if c.version != req.Version {
		return pageChanged
	}
	if action == "deny" {
		return p.deny(w, r, c, uri, req, left)
	}
	return p.approve(w, r, c, uri, req, form.get("remember") == "on")
}

// isSameOrigin refuses forms of other sites (R63). Browsers say in at least one of the two headers whose form it is; the sealed field binds it to the
// browser in any case.
func (p *Provider) isSameOrigin(r *http.Request) bool {
	if origins := r.Header["Origin"]; len(origins) > 0 && (len(origins) > 1 || origins[0] != p.origin) {
		return false
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "" || site == "same-origin"
}

// deny tells the client, and spends the form.
func (p *Provider) deny(w http.ResponseWriter, r *http.Request, c *client, uri redirectURI, req authRequest, left time.Duration) *pageError {
	if err := p.spend(r.Context(), req, left); err != nil {
		return pageOf(err)
	}
	p.forget(w, r, c)
	p.record(r, event{name: EventConsentDenied, client: c.id})
	location := p.clientURL(uri, string(req.State), errorAnswer("access_denied", "The user did not allow it."))
	return p.show(w, http.StatusOK, "continue", ContinuePage{Title: "Not allowed", Text: "You did not allow the connection.", URL: safeURL(location), Host: shownTarget(uri)})
}

// approve begins the sign-in at the identity provider. The answer is a page that moves on, since browsers apply form-action to redirects of a form (R67).
func (p *Provider) approve(w http.ResponseWriter, r *http.Request, c *client, uri redirectURI, req authRequest, remember bool) *pageError {
	location, e := p.beginSignIn(w, r, c, req)
	if e != nil {
		return e
	}
	reason := ""
	if remember && p.remember(w, r, c, uri, req) {
		reason = "remembered"
	}
	p.record(r, event{name: EventConsentApproved, client: c.id, reason: reason})
	return p.show(w, http.StatusOK, "continue", ContinuePage{Title: "Signing in", Text: "Taking you to your sign-in page.", URL: safeURL(location), Host: p.upstreamHost()})
}

// skipConsent is approve for operators who want nobody asked (R76).
func (p *Provider) skipConsent(w http.ResponseWriter, r *http.Request, c *client, req authRequest) *pageError {
	if dest := r.Header.Get("Sec-Fetch-Dest"); dest != "" && dest != "document" { // an image or frame of another page
		return pageForeign
	}
	location, e := p.beginSignIn(w, r, c, req)
	if e != nil {
		return e
	}
	redirect(w, location)
	return nil
}

// beginSignIn stores what the callback must know, and returns where to send the user.
func (p *Provider) beginSignIn(w http.ResponseWriter, r *http.Request, c *client, req authRequest) (string, *pageError) {
	meta, err := p.upstream.metadata(r.Context())
	if err != nil {
		return "", pageUpstreamDown.from(err)
	}
	if !p.signIns.begin(req.Upstream, p.source(r), p.now(), p.cfg.Lifetimes.SignIn) {
		return "", pageBusy
	}
	s := signIn{
		Client: hashOf(c.id), Label: fingerprint(c.id), Origin: c.origin, Refresh: c.refresh, Redirect: req.Redirect, Named: req.Named, State: req.State,
		Challenge: req.Challenge, Scopes: req.Scopes, Nonce: randomText(), Verifier: randomText(), Expires: p.now().Add(p.cfg.Lifetimes.SignIn).Unix(),
	}
	if s.Silent = req.Silent; p.cfg.ConfirmAccount {
		s.ID, s.Name = c.id, c.name
	}
	if err := p.createSignIn(r.Context(), req, s); err != nil {
		if !errors.Is(err, store.ErrExists) {
			p.signIns.end(req.Upstream)
		}
		return "", pageOf(err)
	}
	p.setSignInCookie(w, r, req.Upstream, req.Secret)
	return p.upstream.authorizationURL(meta, req, s), nil
}

// pageOf is the page for an error of the store.
func pageOf(err error) *pageError {
	if errors.Is(err, store.ErrExists) {
		return pageFormUsed
	}
	return pageUnavailable.from(err)
}
