package oidcproxy

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/remote"
)

// ErrUnavailable is in the errors of [New] and [Provider.Discover] when the identity provider could not be asked: later it may work.
var ErrUnavailable = errors.New("oidcproxy: the identity provider cannot be reached, or has an internal error")

// Errors of the identity provider, as far as we act on them. Its own words go to the log only (R89).
var (
	errUpstreamRefused = errors.New("the identity provider refused the request, or is not as expected")
	errBadDocument     = errors.New("the discovery document cannot be used")
	errUpstreamDenied  = errors.New("the identity provider says that the grant has ended, or needs the user")
	errIdentity        = errors.New("the identity provider's answer does not prove who signed in")
)

// An upstream is the identity provider.
type upstream struct {
	cfg      Upstream
	callback string
	resource string
	fetch    remote.Fetcher
	document *remote.Published[upstreamMetadata] // nil where the endpoints are configured
	fixed    upstreamMetadata
	idTokens idTokens
	now      func() time.Time
	skew     atomic.Int64  // by which our clock was ahead of the provider's when it last answered, as far as it says; nanoseconds
	signing  chan struct{} // a place for each signature that is being made
}

// metadata returns the endpoints, read if they are not known yet.
func (u *upstream) metadata(ctx context.Context) (upstreamMetadata, error) {
	if u.document == nil {
		return u.fixed, nil
	}
	meta, err := u.document.Get(ctx)
	switch {
	case errors.Is(err, errBadDocument):
		return meta, err
	case err != nil:
		return meta, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return meta, nil
}

// upstreamHost is the identity provider for people to see, "" while it is not known.
func (p *Provider) upstreamHost() string {
	address := p.upstream.fixed.authorization
	if p.upstream.document != nil {
		address = p.upstream.document.Latest().Value.authorization
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// authorizationURL is where the user signs in. Its state, nonce and PKCE verifier are three independent random values (R79).
func (u *upstream) authorizationURL(meta upstreamMetadata, req authRequest, s signIn) string {
	query := u.hints(req)
	for name, value := range map[string]string{
		"audience": u.cfg.Audience, "response_type": "code", "client_id": u.cfg.ClientID, "redirect_uri": u.callback, "scope": strings.Join(u.scopes(meta), " "),
		"state": req.Upstream, "nonce": s.Nonce,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if !u.cfg.WithoutPKCE {
		sum := sha256.Sum256([]byte(s.Verifier))
		query.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		query.Set("code_challenge_method", "S256")
	}
	if u.cfg.ForwardResource {
		query.Set("resource", u.resource)
	}
	separator := "?"
	if strings.Contains(meta.authorization, "?") {
		separator = "&"
	}
	return meta.authorization + separator + query.Encode()
}

// hints are the operator's parameters, and what of the client's (R51) does not loosen them.
func (u *upstream) hints(req authRequest) url.Values {
	query := url.Values{}
	for name, value := range map[string]string{"login_hint": req.LoginHint, "prompt": req.Prompt, "max_age": req.MaxAge, "ui_locales": req.UILocales} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for name, value := range u.cfg.AuthorizeParams {
		switch wanted := query.Get(name); {
		case name == "max_age" && wanted != "" && secondsOf(wanted) < secondsOf(value):
			continue // sooner than the operator demands
		case name == "prompt" && value != "none":
			for word := range strings.FieldsSeq(wanted) {
				if !slices.Contains(strings.Fields(value), word) {
					value += " " + word
				}
			}
		}
		query.Set(name, value)
	}
	return query
}

// secondsOf reads max_age. Both the operator's and the client's have been checked.
func secondsOf(maxAge string) int64 {
	n, err := strconv.ParseInt(maxAge, 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// checkFresh demands that the user has signed in as lately as the operator wants it (OpenID Connect Core section 3.1.3.7, number 11).
func (u *upstream) checkFresh(user Claims, now time.Time) error {
	maxAge, demanded := u.cfg.AuthorizeParams["max_age"]
	if !demanded {
		return nil
	}
	signedIn := user.seconds("auth_time")
	if signedIn == 0 || now.Unix()-signedIn > secondsOf(maxAge)+int64(maxSkew/time.Second) {
		return fmt.Errorf("%w: the user did not sign in within max_age, or the ID token does not say when (auth_time)", errIdentity)
	}
	return nil
}

// checkGranted says that an answer lacks some of the scopes that the operator needs (R91). One that names none grants what was asked for (RFC 6749 section 5.1).
func (u *upstream) checkGranted(t UpstreamTokens) error {
	if t.Scope != "" && !covers(strings.Fields(t.Scope), u.cfg.RequiredScopes) {
		return fmt.Errorf("%w: the identity provider did not grant all of Upstream.RequiredScopes", errNotAdmitted)
	}
	return nil
}

// scopes are those that we ask for.
func (u *upstream) scopes(meta upstreamMetadata) []string {
	if u.cfg.Scopes != nil {
		return u.cfg.Scopes
	}
	scopes := []string{"openid", "profile", "email"}
	if slices.Contains(meta.scopes, "offline_access") {
		scopes = append(scopes, "offline_access")
	}
	return scopes
}

// exchange redeems the code of a callback.
func (u *upstream) exchange(ctx context.Context, meta upstreamMetadata, code, verifier string) (UpstreamTokens, int64, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {u.callback}}
	if !u.cfg.WithoutPKCE {
		form.Set("code_verifier", verifier)
	}
	return u.tokens(ctx, meta, form)
}

// refresh redeems a refresh token.
func (u *upstream) refresh(ctx context.Context, meta upstreamMetadata, token string) (UpstreamTokens, int64, error) {
	return u.tokens(ctx, meta, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}})
}

// tokens asks the token endpoint. The number is when the refresh token ends, in seconds from now, 0 if the answer does not say.
func (u *upstream) tokens(ctx context.Context, meta upstreamMetadata, form url.Values) (UpstreamTokens, int64, error) {
	for name, value := range u.cfg.TokenParams {
		form.Set(name, value)
	}
	if u.cfg.Audience != "" {
		form.Set("audience", u.cfg.Audience)
	}
	if u.cfg.ForwardResource {
		form.Set("resource", u.resource)
	}
	body, err := u.post(ctx, meta, meta.token, form)
	if err != nil {
		return UpstreamTokens{}, 0, err
	}
	return parseTokens(body)
}

// revoke ends a refresh token (RFC 7009).
func (u *upstream) revoke(ctx context.Context, token string) error {
	meta, err := u.metadata(ctx)
	if err != nil || meta.revocation == "" {
		return err
	}
	_, err = u.post(ctx, meta, meta.revocation, url.Values{"token": {token}, "token_type_hint": {"refresh_token"}})
	return err
}

// userInfo returns the claims of the userinfo endpoint (OpenID Connect Core section 5.3).
func (u *upstream) userInfo(ctx context.Context, meta upstreamMetadata, token auth.Secret) (Claims, error) {
	ctx, cancel := context.WithTimeout(ctx, remote.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, meta.userInfo, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+string(token))
	r.Header.Set("Accept", "application/json")
	body, err := u.do(r)
	if err != nil {
		return nil, err
	}
	return claimsOf(body)
}

// withClaims adds claims that are not there yet.
func (c Claims) withClaims(more Claims) Claims {
	all := maps.Clone(more)
	maps.Copy(all, c)
	return all
}
