package oidcproxy

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/org/zscalermcp/store"
)

// callback is where the identity provider sends users back (OpenID Connect Core section 3.1.2.5). Nothing is believed before the browser has proved that
// the sign-in began in it; errors no more than success (R87).
func (p *Provider) callback(w http.ResponseWriter, r *http.Request) *pageError {
	answer, err := parseAnswer(r.URL.RawQuery)
	if err != nil || answer.repeated() != "" {
		return pageMalformed
	}
	state := answer.get("state")
	secret, ok := p.signInSecret(r, state)
	if state == "" || len(state) != secretLength || !ok {
		return pageUnbound
	}
	s, err := p.takeSignIn(r.Context(), state, secret)
	switch {
	case errors.Is(err, errUnbound), errors.Is(err, errSpent), errors.Is(err, errUnreadable):
		return pageUnbound.from(err)
	case err != nil:
		return pageUnavailable.from(err)
	}
	p.signIns.end(state)
	p.setCookie(w, signInName(state), "", 0)
	uri, err := parseRedirectURI(s.Redirect)
	if err != nil {
		return pageInternal.from(err)
	}
	g, code, refusal := p.finishSignIn(r, answer, s)
	if refusal != nil {
		return p.answerClient(w, uri, string(s.State), errorAnswer(refusal.code, refusal.description))
	}
	if code == "" {
		return p.askAccount(w, r, s, uri, g)
	}
	return p.answerClient(w, uri, string(s.State), url.Values{"code": {code}})
}

// parseAnswer reads what counts of an answer of the identity provider. How it describes its errors, and what else it sends, is not read.
func parseAnswer(query string) (params, error) {
	var counts []string
	for pair := range strings.SplitSeq(query, "&") {
		switch name, _, _ := strings.Cut(pair, "="); name {
		case "state", "code", "iss", "error":
			counts = append(counts, pair)
		}
	}
	return parsePairs(strings.ReplaceAll(strings.Join(counts, "&"), ";", "%3B"))
}

// finishSignIn turns the identity provider's answer into a grant and a code of ours, which is "" while the user has to confirm the account. Its errors go to
// the client.
func (p *Provider) finishSignIn(r *http.Request, answer params, s signIn) (grant, string, *oauthError) {
	ctx := context.WithoutCancel(r.Context()) // the code of the identity provider works once: a browser that goes away must not waste it half-way
	ctx, cancel := context.WithTimeout(ctx, finishTimeout)
	defer cancel()
	g, err := p.signedIn(ctx, answer, s)
	if err != nil {
		e := s.answerTo(err)
		p.record(r, event{name: EventLoginFailed, label: s.Label, reason: e.code, cause: err})
		return g, "", e
	}
	g.id, g.Code = newGrantID(), &codeState{Redirect: s.Redirect, Named: s.Named, Challenge: s.Challenge}
	code, lasts, told := "", p.cfg.Lifetimes.Consent, EventAccountShown
	if !p.cfg.ConfirmAccount {
		code, err = p.giveCode(&g)
		lasts, told = p.cfg.Lifetimes.Code, EventLogin
	}
	if err == nil {
		err = p.trimGrants(ctx, g, g.isWaiting())
	}
	if err == nil {
		err = p.createGrant(ctx, g, lasts)
	}
	if err != nil {
		e := &oauthError{code: "temporarily_unavailable", description: "The sign-in could not be stored; try again."}
		p.record(r, event{name: EventLoginFailed, label: s.Label, reason: e.code, cause: err})
		return g, "", e
	}
	p.record(r, event{name: told, label: s.Label, issuer: g.Issuer, subject: g.Subject, scopes: g.Scopes})
	return g, code, nil
}

// giveCode makes the code of a grant, which may be redeemed from now on.
func (p *Provider) giveCode(g *grant) (string, error) {
	h := newHandle(g.id, 0)
	g.Code.Hash, g.Code.Expires = h.hash(), p.now().Add(p.cfg.Lifetimes.Code).Unix()
	return p.sealHandle(codeHandle, h)
}

const finishTimeout = 25 * time.Second

// signedIn asks the identity provider who signed in, and the operator's rules what they may do.
func (p *Provider) signedIn(ctx context.Context, answer params, s signIn) (grant, error) {
	meta, err := p.upstream.metadata(ctx)
	if err != nil {
		return grant{}, err
	}
	// Who answers is checked before anything of the answer is used (R80, RFC 9207 section 2.4).
	if iss := answer.get("iss"); iss != "" && !p.upstream.answers(meta, iss) || iss == "" && meta.issParameter {
		return grant{}, errMixUp
	}
	if answer.get("error") != "" {
		return grant{}, upstreamAnswer(shortCode(answer.get("error")))
	}
	code := answer.get("code")
	if code == "" || len(code) > maxState {
		return grant{}, errNoCode
	}
	tokens, ends, err := p.upstream.exchange(ctx, meta, code, s.Verifier)
	if err != nil {
		return grant{}, err
	}
	user, err := p.upstream.identify(ctx, meta, tokens, s.Nonce)
	if err == nil {
		err = errors.Join(p.upstream.checkGranted(tokens), p.upstream.checkFresh(user, p.now()))
	}
	if err != nil {
		return grant{}, err
	}
	scopes, err := p.admit(ctx, user, s.Scopes)
	if err != nil {
		return grant{}, err
	}
	now := p.now()
	g := grant{
		account: shownAccount(user), Issuer: user.Text("iss"), Subject: user.Text("sub"), Client: s.Client, Label: s.Label, SignIn: now.Unix(), Refresh: s.Refresh,
		Upstream: string(tokens.RefreshToken), standing: standing{Scopes: scopes, Origin: s.Origin, UserClaims: p.kept(user)},
	}
	lasts := p.cfg.Lifetimes.RefreshTotal
	if g.Upstream == "" { // the user can't be checked again
		lasts = min(lasts, p.cfg.Lifetimes.Unchecked)
	}
	g.Latest = now.Add(lasts).Unix()
	p.followUpstream(&g, ends)
	return g, nil
}

// followUpstream ends a grant with the session of the identity provider, where that says, or has said, how many seconds its refresh token lasts.
func (p *Provider) followUpstream(g *grant, seconds int64) {
	if seconds > 0 {
		g.Session = p.now().Add(time.Duration(seconds) * time.Second).Unix()
	}
	if g.Ends = g.Latest; g.Session > 0 {
		g.Ends = min(g.Ends, g.Session)
	}
}

// upstreamAnswer is an error that the identity provider sent instead of a code, by its code.
type upstreamAnswer string

func (e upstreamAnswer) Error() string {
	return "the identity provider answered with the error " + string(e)
}

var (
	errMixUp  = errors.New("the answer does not come from the identity provider that was asked, or does not say so (iss)")
	errNoCode = errors.New("the identity provider's answer has no code")
)

// answerTo is what the client is told (R89): one of a few codes, in our words.
func answerTo(err error) *oauthError {
	var answer upstreamAnswer
	switch {
	case errors.Is(err, ErrTryAgain):
		return &oauthError{code: "temporarily_unavailable", description: "It cannot be decided at the moment whether you may use the server; try again."}
	case errors.As(err, &answer) && isInteraction(string(answer)), errors.Is(err, errNotAdmitted):
		return &oauthError{code: "access_denied", description: "The sign-in was refused."}
	case errors.Is(err, ErrUnavailable), answer == "temporarily_unavailable":
		return &oauthError{code: "temporarily_unavailable", description: "The identity provider cannot be reached at the moment."}
	case errors.Is(err, store.ErrFull):
		return &oauthError{code: "temporarily_unavailable", description: "The server is busy."}
	}
	return &oauthError{code: "server_error", description: "The sign-in failed; the operator of the server can see why in its log."}
}

// answerTo is what the client is told. One that wants no page to be shown learns that the identity provider would have shown one (OpenID Connect Core
// section 3.1.2.6).
func (s signIn) answerTo(err error) *oauthError {
	var answer upstreamAnswer
	if s.Silent && errors.As(err, &answer) && answer != "access_denied" && isInteraction(string(answer)) {
		return &oauthError{code: string(answer), description: "The identity provider must show the user a page: leave out prompt=none."}
	}
	return answerTo(err)
}

// isInteraction: the user, or somebody who decides for the user, said no or did not act.
func isInteraction(code string) bool {
	switch code {
	case "access_denied", "login_required", "interaction_required", "account_selection_required", "consent_required":
		return true
	}
	return false
}
