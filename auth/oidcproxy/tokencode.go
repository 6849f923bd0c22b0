package oidcproxy

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// doubleFire is for how long a spent code may come again from its own client without being taken for stolen: browsers and clients do fire a callback
// twice (R97).
const doubleFire = 10 * time.Second

// maxTries bounds how often a record is read again that others have changed meanwhile.
const maxTries = 8

// redeemCode exchanges a code for tokens (RFC 6749 section 4.1.3), once.
func (p *Provider) redeemCode(r *http.Request, c *client, form params) (*tokenAnswer, *oauthError) {
	if form.get("code") == "" {
		return nil, errInvalidRequest.because("code is missing.")
	}
	h, ok := p.openHandle(codeHandle, form.get("code"))
	if !ok {
		return nil, errInvalidGrant.from(errors.New("the code was not made here, or under other keys"))
	}
	ctx := r.Context()
	for range maxTries {
		g, err := p.loadGrant(ctx, h.grant)
		if err != nil {
			return nil, unstored(err)
		}
		if g.Code == nil || subtle.ConstantTimeCompare(g.Code.Hash, h.hash()) != 1 {
			return nil, errInvalidGrant.from(errors.New("the code is not that of its grant"))
		}
		if g.Code.Spent != 0 {
			return nil, p.replayed(ctx, r, c, g, form)
		}
		if e := p.mayRedeem(c, g, form); e != nil { // burnt, whoever it was (R96)
			p.record(r, event{name: EventCodeBurnt, label: g.Label, issuer: g.Issuer, subject: g.Subject, reason: e.code, cause: e.cause})
			if err := p.endGrant(ctx, g); err != nil {
				return nil, errTemporary.from(err)
			}
			return nil, e
		}
		answer, err := p.firstTokens(ctx, g)
		if isConflict(err) {
			continue
		}
		if err != nil {
			return nil, unstored(err)
		}
		p.record(r, event{name: EventTokenIssued, label: g.Label, issuer: g.Issuer, subject: g.Subject, scopes: g.Scopes})
		return p.answer(g.grant, g.Scopes, answer)
	}
	return nil, errTemporary
}

// mayRedeem compares the request with what the code is bound to.
func (p *Provider) mayRedeem(c *client, g *held, form params) *oauthError {
	redirect := form.get("redirect_uri")
	switch {
	case hashOf(c.id) != g.Client:
		return errInvalidGrant.from(fmt.Errorf("the code was presented by client %s", fingerprint(c.id)))
	case p.remaining(g.Code.Expires) <= 0:
		return errInvalidGrant.from(errors.New("the code has expired"))
	case redirect != "" && redirect != g.Code.Redirect:
		return errInvalidGrant.from(errors.New("redirect_uri is not the one of the authorization request"))
	case redirect == "" && g.Code.Named && p.cfg.RequireRedirectURI:
		return errInvalidGrant.from(errors.New("redirect_uri is missing (RequireRedirectURI)"))
	case !provesChallenge(form.get("code_verifier"), g.Code.Challenge):
		return errInvalidGrant.from(errors.New("code_verifier is missing, or does not belong to the code_challenge"))
	case !p.isTarget(form.all("resource")):
		return errInvalidTarget
	}
	if _, ok := c.redirect(g.Code.Redirect); !ok {
		return errInvalidGrant.from(errors.New("the redirect URI of the code is no longer one of the client's"))
	}
	return nil
}

// provesChallenge checks a PKCE verifier (RFC 7636 section 4.6).
func provesChallenge(verifier, challenge string) bool {
	if len(verifier) < 43 || len(verifier) > 128 || strings.ContainsFunc(verifier, func(c rune) bool { return !isUnreserved(c) }) {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// replayed judges a code that comes again.
func (p *Provider) replayed(ctx context.Context, r *http.Request, c *client, g *held, form params) *oauthError {
	age := p.now().Sub(time.UnixMilli(g.Code.Spent))
	if age < doubleFire && hashOf(c.id) == g.Client && provesChallenge(form.get("code_verifier"), g.Code.Challenge) {
		return errInvalidGrant.from(errors.New("the code was redeemed a moment ago, by the same client"))
	}
	return p.endStolen(ctx, r, g, EventCodeReplayed, "code_replayed")
}

// firstTokens spends the code and begins the family of refresh tokens, in one step.
func (p *Provider) firstTokens(ctx context.Context, g *held) (refresh string, err error) {
	next, now := g.grant, p.now()
	next.Code = &codeState{Hash: g.Code.Hash, Challenge: g.Code.Challenge, Spent: now.UnixMilli(), By: randomText()}
	if next.Refresh {
		first := newHandle(g.id, 1)
		if refresh, err = p.sealHandle(refreshHandle, first); err != nil {
			return "", err
		}
		next.Generation, next.Current, next.Rotated = 1, first.hash(), now.Unix()
	} else {
		next.Ends = min(next.Ends, now.Add(p.cfg.Lifetimes.AccessToken).Unix())
	}
	if err = p.swapGrant(ctx, g, next); err == nil {
		return refresh, nil
	}
	if fresh, loadErr := p.loadKey(ctx, g.key, g.id); loadErr == nil && fresh.Code != nil && fresh.Code.By == next.Code.By { // the answer to our own swap was lost
		*g, err = *fresh, nil
	}
	return refresh, err
}
