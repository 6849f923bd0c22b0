package oidcproxy

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

const requestPurpose = "oidcproxy authorization request"

// authorize is the authorization endpoint (RFC 6749 section 3.1). It stores nothing: the request goes sealed into the form of the consent page (R58).
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) *pageError {
	form, e := authorizeParams(w, r)
	if e != nil {
		return e
	}
	c, uri, e := p.clientOf(r, form)
	if e != nil {
		return e
	}
	if len(form.get("state")) > maxState {
		return pageTooLong
	}
	if r.Method == http.MethodPost { // a page of another site may have sent it, without our cookies: as a GET it has them
		redirect(w, p.path+"/authorize?"+url.Values(form).Encode())
		return nil
	}
	req, refusal := p.judge(form, c, uri)
	remembered := refusal == nil && p.remembers(r, c, uri, req)
	if refusal == nil {
		refusal = p.refuseSilence(req, remembered)
	}
	if refusal != nil {
		state := string(req.State)
		if len(form["state"]) > 1 { // which of them the client compares is not known
			state = ""
		}
		p.record(r, event{name: EventAuthorizeRefused, client: c.id, reason: refusal.code})
		return p.answerClient(w, uri, state, errorAnswer(refusal.code, refusal.description))
	}
	req.Upstream, req.Secret, req.Expires = randomText(), randomText(), p.now().Add(p.cfg.Lifetimes.Consent).Unix()
	if p.cfg.SkipConsent {
		return p.skipConsent(w, r, c, req)
	}
	if remembered {
		return p.approveRemembered(w, r, c, req)
	}
	browser := p.browserCookie(w, r)
	data, err := json.Marshal(req)
	if err != nil {
		return pageInternal.from(err)
	}
	sealed, err := p.keys.Seal(requestPurpose, data, p.browserAAD(browser))
	if err != nil {
		return pageTooLong
	}
	p.record(r, event{name: EventConsentShown, client: c.id})
	page := p.consentPage(c, uri, req.Scopes, sealed)
	page.RememberDays = p.rememberDays(r, c, uri, req)
	return p.show(w, http.StatusOK, "consent", page)
}

// authorizeParams reads the parameters of a GET from the query, and of a POST from the body.
func authorizeParams(w http.ResponseWriter, r *http.Request) (params, *pageError) {
	if r.Method == http.MethodPost {
		form, e := formOf(w, r)
		if e != nil {
			return nil, pageMalformed.from(e)
		}
		return form, nil
	}
	form, err := parsePairs(r.URL.RawQuery)
	if err != nil || !form.plain("state") {
		return nil, pageMalformed.from(err)
	}
	return form, nil
}

// browserAAD binds a form to the browser that it was shown in (R62).
func (p *Provider) browserAAD(browser string) []byte {
	return []byte(p.aad("request", hashOf(browser)))
}

// openRequest returns the request of a consent form.
func (p *Provider) openRequest(sealed, browser string) (authRequest, bool) {
	var req authRequest
	data, err := p.keys.Open(requestPurpose, sealed, p.browserAAD(browser))
	return req, err == nil && json.Unmarshal(data, &req) == nil
}

// errorAnswer are the parameters of an error (RFC 6749 section 4.1.2.1).
func errorAnswer(code, description string) url.Values {
	answer := url.Values{"error": {code}}
	if description != "" {
		answer.Set("error_description", description)
	}
	return answer
}

// clientURL is the redirect URI with an answer, the state, and who answers (RFC 9207 section 2).
func (p *Provider) clientURL(uri redirectURI, state string, answer url.Values) string {
	if state != "" {
		answer.Set("state", state)
	}
	answer.Set("iss", p.issuer)
	return uri.with(answer.Encode())
}

// answerClient sends the browser back to the client. 303 never repeats a body (R54).
func (p *Provider) answerClient(w http.ResponseWriter, uri redirectURI, state string, answer url.Values) *pageError {
	redirect(w, p.clientURL(uri, state, answer))
	return nil
}

// redirect answers without a body (R55). The location is ASCII, since all its parts are.
func redirect(w http.ResponseWriter, location string) {
	h := w.Header()
	h["Location"] = []string{location}
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusSeeOther)
}

// remaining is how long something that ends at a Unix time still lasts.
func (p *Provider) remaining(ends int64) time.Duration { return time.Unix(ends, 0).Sub(p.now()) }
