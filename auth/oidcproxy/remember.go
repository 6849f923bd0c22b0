package oidcproxy

import (
	"net/http"
	"slices"
	"time"
)

// maxRememberConsent is the longest that a browser remembers an approval (R72).
const maxRememberConsent = 30 * day

// checkRemember judges the options of remembered consent.
func (p *Provider) checkRemember(m *mistakes) {
	switch lasts := p.cfg.RememberConsent; {
	case lasts < 0 || lasts > maxRememberConsent || lasts%day != 0:
		m.add("RememberConsent", "is %s: use whole days, such as 7*24*time.Hour, at most 30 of them, or 0 to ask each time", lasts)
	case lasts > 0 && p.cfg.SkipConsent:
		m.add("RememberConsent", "has no meaning with SkipConsent, which asks nobody: take one of them out")
	case lasts == 0 && p.cfg.RememberUnverified:
		m.add("RememberUnverified", "has no meaning without RememberConsent: set that too, or take this out")
	}
}

// isVouchedFor reports whether somebody answers for a client: the operator, or the host of its document. Of one that has registered itself the name is its own
// word.
func (o clientOrigin) isVouchedFor() bool {
	_, documented := o.documentHost()
	return documented || o == fromOperator
}

// mayRemember reports whether approvals of this client may be remembered at all: not those of a client that any program can pass itself off as (R73,
// RFC 8252 section 8.6), unless the operator wants it.
func (p *Provider) mayRemember(c *client, uri redirectURI) bool {
	return p.cfg.RememberConsent > 0 && (p.cfg.RememberUnverified || c.origin.isVouchedFor() && uri.kind == webURI)
}

// isOwnNavigation reports whether the user has opened the address in a window: typed it, had a program on the computer open it, or came from a page of ours.
// Then no other site has sent the browser here with a request of its own (R74). What does not say so counts as sent.
func isOwnNavigation(r *http.Request) bool {
	is := func(name string, values ...string) bool {
		sent := r.Header[name]
		return len(sent) == 1 && slices.Contains(values, sent[0])
	}
	isAhead := slices.ContainsFunc([]string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"}, func(name string) bool { return len(r.Header[name]) > 0 }) // or a preview
	return r.Method == http.MethodGet && is("Sec-Fetch-Site", "none", "same-origin") && is("Sec-Fetch-Mode", "navigate") && is("Sec-Fetch-Dest", "document") && !isAhead
}

// rememberDays is for how many days the consent page offers to remember an approval, 0 where that would have no effect.
func (p *Provider) rememberDays(r *http.Request, c *client, uri redirectURI, req authRequest) int {
	if !p.mayRemember(c, uri) || !isOwnNavigation(r) || req.Ask {
		return 0
	}
	return int(p.cfg.RememberConsent / day)
}

// remembers reports whether the user has approved this request before, in this browser, and said not to be asked again. More scopes than then are another
// request (R75).
func (p *Provider) remembers(r *http.Request, c *client, uri redirectURI, req authRequest) bool {
	if !p.mayRemember(c, uri) || !isOwnNavigation(r) || req.Ask {
		return false
	}
	browser, ok := p.browser(r)
	if !ok {
		return false
	}
	of := p.approved(browser, c, uri)
	return slices.ContainsFunc(p.approvals(r, browser), func(a approval) bool { return a.of == of && covers(p.scopesOf(a.scopes), req.Scopes) })
}

// remember keeps an approval in the browser, instead of an older one of the same. It is false where such approvals are not remembered.
func (p *Provider) remember(w http.ResponseWriter, r *http.Request, c *client, uri redirectURI, req authRequest) bool {
	browser, ok := p.browser(r)
	if !ok || !p.mayRemember(c, uri) {
		return false
	}
	of := p.approved(browser, c, uri)
	all := slices.DeleteFunc(p.approvals(r, browser), func(a approval) bool { return a.of == of })
	all = append(all, approval{of: of, at: p.now().Unix(), lasts: uint32(p.cfg.RememberConsent / time.Second), scopes: p.scopeBits(req.Scopes)})
	return p.setApprovals(w, browser, all) == nil
}

// forget takes a client's approvals out of the browser, whichever of its redirect URIs they are for, and whatever it said of itself then.
func (p *Provider) forget(w http.ResponseWriter, r *http.Request, c *client) {
	browser, ok := p.browser(r)
	if !ok || p.cfg.RememberConsent == 0 {
		return
	}
	all, mark := p.approvals(r, browser), p.clientMark(browser, c)
	before := len(all)
	all = slices.DeleteFunc(all, func(a approval) bool { return [clientMarkBytes]byte(a.of[:]) == mark })
	if len(all) < before {
		_ = p.setApprovals(w, browser, all) // what was sealed before can be sealed
	}
}

// approveRemembered is approve for a user who need not be asked again.
func (p *Provider) approveRemembered(w http.ResponseWriter, r *http.Request, c *client, req authRequest) *pageError {
	location, e := p.beginSignIn(w, r, c, req)
	if e != nil {
		return e
	}
	p.record(r, event{name: EventConsentRemembered, client: c.id})
	redirect(w, location)
	return nil
}

var errConsentRequired = &oauthError{code: "consent_required", description: "the user must be asked: leave out prompt=none"}

// refuseSilence says why a request that must show no page (prompt=none) cannot be served without one (R50, OpenID Connect Core section 3.1.2.6).
func (p *Provider) refuseSilence(req authRequest, remembered bool) *oauthError {
	switch {
	case !req.Silent:
		return nil
	case !remembered:
		return errConsentRequired
	case p.cfg.ConfirmAccount || p.cfg.Upstream.AuthorizeParams["prompt"] != "":
		return &oauthError{code: "interaction_required", description: "every sign-in shows the user a page here: leave out prompt=none"}
	}
	return nil
}
