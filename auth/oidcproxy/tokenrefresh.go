package oidcproxy

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"
)

// redeemRefresh exchanges a refresh token for an access token and the next refresh token (RFC 6749 section 6).
func (p *Provider) redeemRefresh(r *http.Request, c *client, form params) (*tokenAnswer, *oauthError) {
	if form.get("refresh_token") == "" {
		return nil, errInvalidRequest.because("refresh_token is missing.")
	}
	if !c.refresh {
		return nil, errUnauthorized
	}
	h, ok := p.openHandle(refreshHandle, form.get("refresh_token"))
	if !ok {
		return nil, errInvalidGrant.from(errors.New("the refresh token was not made here, or under other keys"))
	}
	ctx := r.Context()
	for range maxTries {
		g, err := p.loadGrant(ctx, h.grant)
		if err != nil {
			return nil, unstored(err)
		}
		scopes, e := p.mayRefresh(c, g, form)
		if e != nil {
			return nil, e
		}
		successor, e := p.successorOf(ctx, r, g, h)
		if e != nil {
			return nil, e
		}
		if successor != "" {
			return p.answer(g.grant, scopes, successor)
		}
		rotated, e := p.rotateOnce(ctx, r, g, h)
		if e != nil {
			return nil, e
		}
		if rotated != nil {
			left := intersection(scopes, rotated.grant.Scopes)
			if len(scopes) > 0 && len(left) == 0 { // the grant goes on: its successor is there for the asking
				return nil, errInvalidScope.because("The user no longer has the scopes that were asked for.")
			}
			return p.answer(rotated.grant, left, rotated.successor)
		} // else another process was first, and the token is a retired one
	}
	return nil, errTemporary
}

// A rotation is a grant after its refresh token was replaced.
type rotation struct {
	grant     grant
	successor string
}

// mayRefresh checks what does not depend on which refresh token it is. Nothing is rotated when it says no (D67).
func (p *Provider) mayRefresh(c *client, g *held, form params) ([]string, *oauthError) {
	idle := time.Unix(g.Rotated, 0).Add(p.cfg.Lifetimes.RefreshIdle)
	switch {
	case hashOf(c.id) != g.Client:
		return nil, errInvalidGrant.from(errors.New("the refresh token belongs to another client"))
	case !g.Refresh, !p.now().Before(idle):
		return nil, errInvalidGrant.from(errors.New("the refresh token was not used for too long (Lifetimes.RefreshIdle)"))
	case !p.isTarget(form.all("resource")):
		return nil, errInvalidTarget
	}
	scopes, ok := p.narrowed(p.left(g.Scopes, g.Origin, g.Label), form.get("scope"))
	if !ok {
		return nil, errInvalidScope.because("A refresh cannot widen the scopes; begin a new authorization.")
	}
	return scopes, nil
}

// successorOf returns the newest refresh token of the family if h was retired within the grace (R104), "" if h is the current one, and an error for
// any other, which ends the family where it may be stolen (R105).
func (p *Provider) successorOf(ctx context.Context, r *http.Request, g *held, h handle) (string, *oauthError) {
	if h.generation == g.Generation {
		if subtle.ConstantTimeCompare(h.hash(), g.Current) != 1 { // the store is not as we left it
			return "", errInvalidGrant.from(errNotAsLeft)
		}
		return "", nil
	}
	if h.generation > g.Generation {
		return "", errInvalidGrant.from(errNotAsLeft)
	}
	for {
		entry, ok := g.retired(h.generation)
		if ok && time.UnixMilli(entry.At).Sub(p.now()) > longAgo { // the clock of the store was set back: how long ago it was cannot be told
			return "", errTemporary.from(errors.New("the refresh token was retired in the time to come"))
		}
		if !ok || p.now().Sub(time.UnixMilli(entry.At)) >= p.cfg.Lifetimes.ReuseGrace {
			return "", p.endStolen(ctx, r, g, EventRefreshReused, "refresh_reused")
		}
		text, err := h.openSuccessor(entry.Successor)
		if err != nil {
			return "", errInvalidGrant.from(err)
		}
		next, ok := p.openHandle(refreshHandle, text)
		if !ok {
			return "", errInvalidGrant.from(errNotAsLeft)
		}
		if next.generation == g.Generation {
			return text, nil
		}
		if next.generation <= h.generation {
			return "", errInvalidGrant.from(errNotAsLeft)
		}
		h = next
	}
}

var errNotAsLeft = errors.New("the store does not have the grant as it was left")

// retired finds the entry of a generation.
func (g *grant) retired(generation uint32) (retired, bool) {
	for _, entry := range g.Retired {
		if entry.Generation == generation {
			return entry, true
		}
	}
	return retired{}, false
}

// rotateOnce has the family of h rotated, by one of all who ask for it in this process; all get what that one got. g is the grant as the caller has read it,
// and may be changed.
func (p *Provider) rotateOnce(ctx context.Context, r *http.Request, g *held, h handle) (*rotation, *oauthError) {
	flight := p.rotations.DoChan(h.grant+string(h.hash()), func() (any, error) {
		if !p.begin() {
			return nil, errTemporary
		}
		defer p.running.Done()
		work, cancel := context.WithTimeout(p.work, rotationTimeout)
		defer cancel()
		rotated, e := p.rotate(work, r, g, h)
		if e != nil {
			return nil, e
		}
		return rotated, nil
	})
	select {
	case done := <-flight:
		var e *oauthError
		if errors.As(done.Err, &e) {
			return nil, e
		}
		return done.Val.(*rotation), nil
	case <-ctx.Done():
		return nil, errTemporary.from(ctx.Err())
	}
}

const rotationTimeout = time.Minute // the lease of another replica, and a rotation
