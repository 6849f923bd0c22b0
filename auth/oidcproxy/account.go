package oidcproxy

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/org/zscalermcp/store"
)

const (
	accountPath    = "/account"
	accountPurpose = "oidcproxy account"
)

// An AccountPage asks users who have signed in whether it is they. Its form must post Request, and a field "action" with "continue", "cancel" or "other",
// to Action. "other" begins again, so that the identity provider lets them choose an account.
type AccountPage struct {
	Page
	Action     string
	Request    string // value of the hidden field "request"
	Account    string // who signed in: a verified e-mail address, or else a name, or the subject
	ClientName string // "" if it has none
	Target     string // where the user will be sent
}

// An accountRequest waits, sealed, in the form of that page. The grant is stored, and has no code before the user has answered.
type accountRequest struct {
	Grant     []byte   `json:"g"` // its id
	Client    string   `json:"c"` // to begin again, as the rest
	Redirect  string   `json:"r"`
	Named     bool     `json:"n,omitempty"`
	State     []byte   `json:"s,omitempty"`
	Challenge string   `json:"h"`
	Scopes    []string `json:"o,omitempty"`
	Expires   int64    `json:"e"`
}

// askAccount shows who signed in, before the client gets its code.
func (p *Provider) askAccount(w http.ResponseWriter, r *http.Request, s signIn, uri redirectURI, g grant) *pageError {
	data, err := json.Marshal(accountRequest{
		Grant: []byte(g.id), Client: s.ID, Redirect: s.Redirect, Named: s.Named, State: s.State, Challenge: s.Challenge, Scopes: s.Scopes,
		Expires: p.now().Add(p.cfg.Lifetimes.Consent).Unix(),
	})
	if err != nil {
		return pageInternal.from(err)
	}
	sealed, err := p.keys.Seal(accountPurpose, data, p.accountAAD(p.browserCookie(w, r)))
	if err != nil {
		return pageTooLong.from(err)
	}
	return p.show(w, http.StatusOK, "account", AccountPage{
		Action: p.path + accountPath, Request: sealed, Account: g.account, ClientName: s.Name, Target: shownTarget(uri),
	})
}

// accountAAD binds the form to the browser that it was shown in.
func (p *Provider) accountAAD(browser string) []byte {
	return []byte(p.aad("account", hashOf(browser)))
}

// shownAccount is how the page calls a user. Names that the identity provider has not verified count only where there is no verified address.
func shownAccount(user Claims) string {
	if email := cleanName(user.Text("email")); email != "" && user.True("email_verified") {
		return email
	}
	for _, claim := range []string{"preferred_username", "name"} {
		if name := cleanName(user.Text(claim)); name != "" {
			return name
		}
	}
	return cleanName(user.Text("sub"))
}

// confirmAccount takes the answer of that page, once.
func (p *Provider) confirmAccount(w http.ResponseWriter, r *http.Request) *pageError {
	if !p.isSameOrigin(r) {
		return pageForeign
	}
	form, e := formOf(w, r)
	if e != nil {
		return pageMalformed.from(e)
	}
	action, sealed := form.get("action"), form.get("request")
	if form.repeated() != "" || action != "continue" && action != "cancel" && action != "other" || sealed == "" {
		return pageMalformed
	}
	browser, ok := p.browser(r)
	if !ok {
		return pageOtherBrowser
	}
	var req accountRequest
	data, err := p.keys.Open(accountPurpose, sealed, p.accountAAD(browser))
	if err != nil || json.Unmarshal(data, &req) != nil {
		return pageOtherBrowser
	}
	if p.remaining(req.Expires) <= 0 {
		return pageFormExpired
	}
	uri, err := parseRedirectURI(req.Redirect)
	if err != nil {
		return pageInternal.from(err)
	}
	h, err := p.loadGrant(r.Context(), string(req.Grant))
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !h.isWaiting():
		return pageFormUsed
	case err != nil:
		return pageUnavailable.from(err)
	case action == "continue":
		return p.continueAs(w, r, h, uri, req)
	}
	return p.refuseAccount(w, r, h, uri, req, action)
}

// continueAs gives the client its code, whose time begins now.
func (p *Provider) continueAs(w http.ResponseWriter, r *http.Request, h *held, uri redirectURI, req accountRequest) *pageError {
	code, err := "", p.trimGrants(r.Context(), h.grant, false)
	if err == nil {
		code, err = p.activate(r.Context(), h)
	}
	switch {
	case isConflict(err), errors.Is(err, store.ErrNotFound):
		return pageFormUsed
	case err != nil:
		return pageUnavailable.from(err)
	}
	p.record(r, event{name: EventLogin, label: h.Label, issuer: h.Issuer, subject: h.Subject, scopes: h.Scopes})
	location := p.clientURL(uri, string(req.State), url.Values{"code": {code}})
	return p.show(w, http.StatusOK, "continue", ContinuePage{Title: "Signed in", Text: "Taking you back to the app.", URL: safeURL(location), Host: shownTarget(uri)})
}

// activate makes the code of a grant that waits for its user.
func (p *Provider) activate(ctx context.Context, h *held) (string, error) {
	next, state := h.grant, *h.Code
	next.Code = &state
	code, err := p.giveCode(&next)
	if err != nil {
		return "", err
	}
	if err = p.swapGrantFor(ctx, h, next, p.cfg.Lifetimes.Code); err == nil {
		return code, nil
	}
	if fresh, loadErr := p.loadKey(ctx, h.key, h.id); loadErr == nil && fresh.Code != nil && string(fresh.Code.Hash) == string(next.Code.Hash) {
		return code, nil // the answer to our own swap was lost
	}
	return "", err
}

// refuseAccount ends the grant. The client is told, unless the user begins again with another account.
func (p *Provider) refuseAccount(w http.ResponseWriter, r *http.Request, h *held, uri redirectURI, req accountRequest, action string) *pageError {
	if err := p.endGrant(r.Context(), h); err != nil {
		return pageUnavailable.from(err)
	}
	p.record(r, event{name: EventAccountRefused, label: h.Label, issuer: h.Issuer, subject: h.Subject, reason: action})
	if action == "other" {
		return p.show(w, http.StatusOK, "continue", ContinuePage{
			Title: "Another account", Text: "Taking you to where you choose one.", URL: safeURL(p.issuer + "/authorize?" + p.again(req).Encode()), Host: p.issuerHost,
		})
	}
	location := p.clientURL(uri, string(req.State), errorAnswer("access_denied", "The user did not continue with this account."))
	return p.show(w, http.StatusOK, "continue", ContinuePage{Title: "Not allowed", Text: "You did not continue.", URL: safeURL(location), Host: shownTarget(uri)})
}

// again is the client's request, with the wish to choose an account.
func (p *Provider) again(req accountRequest) url.Values {
	query := url.Values{
		"response_type": {"code"}, "client_id": {req.Client}, "code_challenge": {req.Challenge}, "code_challenge_method": {"S256"}, "resource": {p.resource},
		"prompt": {"select_account"},
	}
	for name, value := range map[string]string{"state": string(req.State), "scope": strings.Join(req.Scopes, " ")} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if req.Named {
		query.Set("redirect_uri", req.Redirect)
	}
	return query
}
