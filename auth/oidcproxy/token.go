package oidcproxy

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/org/zscalermcp/store"
)

// A tokenAnswer is RFC 6749 section 5.1.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// token is the token endpoint (RFC 6749 section 3.2). The client is judged before what it brings, so that one that is not known here learns that it must
// register again.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) *oauthError {
	form, e := formOf(w, r)
	if e != nil {
		return e
	}
	if form.repeated() != "" {
		return errInvalidRequest.because("A parameter is repeated.")
	}
	if form.get("grant_type") == "" {
		return errInvalidRequest.because("grant_type is missing.")
	}
	c, e := p.authenticateClient(w, r, form)
	if e != nil {
		return e
	}
	var answer *tokenAnswer
	switch form.get("grant_type") {
	case "authorization_code":
		answer, e = p.redeemCode(r, c, form)
	case "refresh_token":
		answer, e = p.redeemRefresh(r, c, form)
	default:
		e = errUnsupportedGrant
	}
	if e != nil {
		return p.asConfigured(e.of(c))
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

// asConfigured answers invalid_grant with the status that the operator's clients expect (R100).
func (p *Provider) asConfigured(e *oauthError) *oauthError {
	if e.code != errInvalidGrant.code {
		return e
	}
	told := *e
	told.status = p.cfg.InvalidGrantStatus
	return &told
}

// answer mints an access token for a grant, beside its refresh token.
func (p *Provider) answer(g grant, scopes []string, refresh string) (*tokenAnswer, *oauthError) {
	now := p.now()
	lasts := min(p.cfg.Lifetimes.AccessToken, p.remaining(g.Ends)).Truncate(time.Second)
	if lasts <= 0 {
		return nil, errInvalidGrant.from(errors.New("the grant has ended"))
	}
	token, err := p.mint(g, scopes, now, lasts)
	if err != nil {
		return nil, errInternal.from(err)
	}
	return &tokenAnswer{AccessToken: token, TokenType: "Bearer", ExpiresIn: int64(lasts / time.Second), RefreshToken: refresh, Scope: strings.Join(scopes, " ")}, nil
}

// isConflict reports whether a swap lost against another: what was read must be read again.
func isConflict(err error) bool { return errors.Is(err, store.ErrConflict) }

// unstored says what to answer when the store has no grant, or no answer.
func unstored(err error) *oauthError {
	if errors.Is(err, store.ErrNotFound) {
		return errInvalidGrant.from(errors.New("there is no such grant, or no longer"))
	}
	return errTemporary.from(err)
}

// endStolen revokes a grant whose code or refresh token somebody else seems to have (R97, R105).
func (p *Provider) endStolen(ctx context.Context, r *http.Request, h *held, name, reason string) *oauthError {
	p.record(r, event{name: name, label: h.Label, issuer: h.Issuer, subject: h.Subject, reason: reason})
	if err := p.endGrant(ctx, h); err != nil {
		return errTemporary.from(err)
	}
	return errInvalidGrant
}
