package oidcproxy

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/org/zscalermcp/store"
)

// revoke is the revocation endpoint (RFC 7009). Whatever the token is, the answer is the same, so that nobody learns what a token of others is
// (R111, R113).
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) *oauthError {
	form, e := formOf(w, r)
	if e != nil {
		return e
	}
	if form.repeated() != "" || form.get("token") == "" {
		return errInvalidRequest.because("Send one token.")
	}
	c, e := p.authenticateClient(w, r, form)
	if e != nil {
		return e
	}
	if err := p.revokeToken(r, c, form.get("token")); err != nil {
		return errTemporary.from(err)
	}
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
	return nil
}

// revokeToken ends what the token stands for, if it is the client's (R112). A refresh token is the whole grant.
func (p *Provider) revokeToken(r *http.Request, c *client, token string) error {
	ctx := r.Context()
	if h, ok := p.openHandle(refreshHandle, token); ok {
		g, err := p.loadGrant(ctx, h.grant)
		if errors.Is(err, store.ErrNotFound) || err == nil && g.Client != hashOf(c.id) {
			return nil
		}
		if err != nil {
			return err
		}
		p.record(r, event{name: EventRevoked, label: g.Label, issuer: g.Issuer, subject: g.Subject, reason: "refresh_token"})
		return p.endGrant(ctx, g)
	}
	claims, err := p.parseAccessToken(token)
	if err != nil {
		return nil // not a token, or over already
	}
	id, err := base64.RawURLEncoding.DecodeString(claims.Grant)
	if err != nil {
		return nil
	}
	return p.revokeAccess(ctx, r, c, string(id), claims.Epoch)
}

// revokeAccess ends the access tokens of a grant; its refresh token makes new ones.
func (p *Provider) revokeAccess(ctx context.Context, r *http.Request, c *client, id string, epoch int64) error {
	for range maxTries {
		g, err := p.loadGrant(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if g.Client != hashOf(c.id) || g.Epoch != epoch {
			return nil
		}
		next := g.grant
		next.Epoch++
		if err = p.swapGrant(ctx, g, next); isConflict(err) {
			continue
		}
		p.revocations.Add(1)
		if err == nil {
			p.record(r, event{name: EventRevoked, label: g.Label, issuer: g.Issuer, subject: g.Subject, reason: "access_token"})
		}
		return err
	}
	return store.ErrConflict
}
