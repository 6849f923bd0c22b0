package oidcproxy

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bounded"
	"github.com/org/zscalermcp/store"
)

// Method is [auth.Principal.Method] of the callers whom a Provider admits.
const Method = "oidcproxy"

// maxCachedTokens is how many access tokens are remembered as verified.
const maxCachedTokens = 20_000

// A verifier judges access tokens. It is the part of a Provider that stands behind the metadata and the challenges of a protected resource.
type verifier struct {
	p      *Provider
	hash   *bounded.Hash
	tokens *bounded.Cache[*verified]
}

// A verified is an access token whose signature was good. Without it, what is in memory is no token.
type verified struct {
	signed    string
	claims    accessClaims
	grantKey  string
	principal atomic.Pointer[auth.Principal]
	status    atomic.Pointer[grantStatus]
}

// A grantStatus is what was last seen of the grant: the nonce and the tag of its record, which no other record has.
type grantStatus struct {
	mark       [28]byte
	at         time.Time
	revocation uint64
}

// Authenticate implements [auth.Authenticator]. The headers have been read before.
func (v *verifier) Authenticate(r *http.Request) (*auth.Principal, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, auth.ErrNotMine
	}
	found, err := v.verify(strings.TrimLeft(token, " "))
	if errors.Is(err, errForeignToken) {
		return nil, errors.Join(auth.ErrNotMine, err)
	}
	if err == nil {
		err = v.alive(r.Context(), found)
	}
	if err != nil {
		return nil, refusal(err)
	}
	return found.principal.Load(), nil
}

// refusal is the one answer to every token that is wrong, and the one where nobody can tell.
func refusal(err error) *auth.Error {
	if errors.Is(err, errUnknownStatus) {
		return &auth.Error{
			Status: http.StatusServiceUnavailable, Code: "temporarily_unavailable", RetryAfter: 2 * time.Second, Err: err,
			Description: "The access token cannot be checked at the moment; try again.",
		}
	}
	return &auth.Error{Status: http.StatusUnauthorized, Code: "invalid_token", Err: err, Description: "The access token is invalid, has expired or was revoked."}
}

var (
	errRevoked       = errors.New("the grant of the token has ended")
	errUnknownStatus = errors.New("the grant of the token cannot be looked up")
	errExpired       = errors.New("the token has expired")
)

// verify returns a token that is good by itself. One that was seen before is compared to the last byte in place of its signature.
func (v *verifier) verify(token string) (*verified, error) {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 || strings.Count(token, ".") != 2 {
		return nil, errForeignToken
	}
	key := v.hash.Sum(token[dot+1:])
	if found, ok := v.tokens.Get(key); ok && found.signed == token[:dot] {
		if found.claims.Expires <= v.p.now().Unix() {
			v.tokens.Drop(key)
			return nil, errExpired
		}
		return found, nil
	}
	claims, err := v.p.parseAccessToken(token)
	if err != nil {
		return nil, err
	}
	id, err := base64.RawURLEncoding.DecodeString(claims.Grant)
	if err != nil {
		return nil, errBadToken
	}
	found := &verified{signed: strings.Clone(token[:dot]), claims: claims, grantKey: keyOf("grant", string(id))}
	v.tokens.Put(key, found, 1)
	return found, nil
}

// alive looks whether the grant of a token still stands (B11). It is asked for each request, unless the answer of a moment ago may be used.
func (v *verifier) alive(ctx context.Context, found *verified) error {
	now, revocation := time.Now(), v.p.revocations.Load()
	last := found.status.Load()
	if last != nil && last.revocation == revocation && now.Sub(last.at) < v.p.cfg.Limits.StatusCache {
		return nil
	}
	value, err := v.p.store.Get(ctx, found.grantKey)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errRevoked
	case err != nil:
		return errors.Join(errUnknownStatus, err)
	}
	next := &grantStatus{mark: markOf(value), at: now, revocation: revocation}
	if last != nil && last.mark == next.mark {
		if v.p.cfg.Limits.StatusCache > 0 {
			found.status.Store(next)
		}
		return nil
	}
	var g standing
	if err := v.p.openRecord(found.grantKey, value, &g); err != nil || g.Epoch != found.claims.Epoch ||
		v.p.remaining(g.Ends) <= 0 || v.p.serves(g.Origin, found.claims.ClientID) != nil {
		return errors.Join(errRevoked, err)
	}
	found.principal.Store(v.principalOf(found, g))
	found.status.Store(next)
	return nil
}

// markOf takes nonce and tag of a sealed record.
func markOf(value []byte) (mark [28]byte) {
	const header = 9 // version and key id
	if len(value) >= header+len(mark) {
		copy(mark[:12], value[header:])
		copy(mark[12:], value[len(value)-16:])
	}
	return mark
}

// principalOf is the caller, with the scopes of the token that the grant still has. What lives longer than a request can ask whether the grant still stands.
func (v *verifier) principalOf(found *verified, g standing) *auth.Principal {
	c := found.claims
	who := &auth.Principal{
		Issuer: c.Provider, Subject: c.Subject, ClientID: c.ClientID, Scopes: v.p.left(intersection(strings.Fields(c.Scope), g.Scopes), g.Origin, c.ClientID), Expires: time.Unix(c.Expires, 0), Method: Method,
	}
	if len(g.UserClaims) > 0 {
		who = who.WithClaims(g.UserClaims)
	}
	return who.WithCheck(func(ctx context.Context) error {
		if err := v.alive(ctx, found); err != nil {
			return refusal(err)
		}
		return nil
	})
}
