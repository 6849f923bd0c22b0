package oidcproxy

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/strictjson"
)

// identify says who signed in, by the ID token (R81, R82). nonce is the one that was sent; "" at a refresh, where it is not repeated.
func (u *upstream) identify(ctx context.Context, meta upstreamMetadata, t UpstreamTokens, nonce string) (Claims, error) {
	if u.cfg.Identify != nil {
		return u.identifyByHost(ctx, t)
	}
	claims, err := u.idTokenClaims(ctx, meta, t, nonce)
	if err != nil {
		return nil, err
	}
	if !u.cfg.UserInfo {
		return claims, nil
	}
	more, err := u.userInfo(ctx, meta, t.AccessToken)
	if err != nil {
		return nil, err
	}
	if more.Text("sub") != claims.Text("sub") {
		return nil, fmt.Errorf("%w: the userinfo answer is about somebody else (OpenID Connect Core section 5.3.2)", errIdentity)
	}
	return claims.withClaims(more), nil
}

// identifyByHost asks the function of the host. A panic in it is a refusal.
func (u *upstream) identifyByHost(ctx context.Context, t UpstreamTokens) (claims Claims, err error) {
	defer func() {
		if v := recover(); v != nil {
			claims, err = nil, fmt.Errorf("%w: Identify panicked: %T", errIdentity, v)
		}
	}()
	claims, err = u.cfg.Identify(ctx, t)
	if network := (net.Error)(nil); err != nil && (ctx.Err() != nil || errors.As(err, &network)) {
		return nil, fmt.Errorf("%w: Identify: %w", ErrTryAgain, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: Identify: %w", errIdentity, err)
	}
	if err == nil && (claims.Text("iss") == "" || !isSubject(claims.Text("sub"))) {
		err = fmt.Errorf("%w: Identify returned no iss or no sub", errIdentity)
	}
	return claims, err
}

// errClock is in an errIdentity about a token that only a clock makes look wrong: it is of the time to come, so that no old one comes again, or it has
// ended, while the provider's own clock, by the answer that it came with, is another than ours. The user may be who they were.
var errClock = errors.New("a clock is wrong: that of the identity provider, of the store, or here")

// isClock reports whether a token was refused for a clock.
func (u *upstream) isClock(err error) bool {
	if errors.Is(err, jwt.ErrTokenExpired) {
		return time.Duration(u.skew.Load()).Abs() > maxSkew
	}
	return errors.Is(err, jwt.ErrTokenNotValidYet) || errors.Is(err, jwt.ErrTokenUsedBeforeIssued)
}

// isSubject: OpenID Connect Core section 2.
func isSubject(sub string) bool { return sub != "" && len(sub) <= 255 }

// idTokenClaims checks the ID token (OpenID Connect Core section 3.1.3.7): signature, iss, aud and dates where JWTs are checked, the rest here.
func (u *upstream) idTokenClaims(ctx context.Context, meta upstreamMetadata, t UpstreamTokens, nonce string) (Claims, error) {
	if t.IDToken == "" {
		return nil, fmt.Errorf("%w: there is no ID token; is the scope openid asked for?", errIdentity)
	}
	verifier, err := u.idTokens.of(u.cfg, meta)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUpstreamRefused, err)
	}
	if _, err := verifier.Verify(ctx, string(t.IDToken)); err != nil {
		if refusal := (*auth.Error)(nil); errors.As(err, &refusal) && refusal.Status == http.StatusServiceUnavailable {
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		if u.isClock(err) {
			err = fmt.Errorf("%w: %w", errClock, err)
		}
		return nil, fmt.Errorf("%w: the ID token is refused: %w", errIdentity, err)
	}
	header, claims := parts(string(t.IDToken))
	algorithm := header.Text("alg")
	accepted := u.cfg.Algorithms
	if accepted == nil {
		accepted = meta.algorithms
	}
	switch {
	case accepted != nil && !slices.Contains(accepted, algorithm):
		return nil, fmt.Errorf("%w: the ID token is signed with another algorithm than agreed", errIdentity)
	case claims["iat"] == nil:
		return nil, fmt.Errorf("%w: the ID token has no iat", errIdentity)
	case !isSubject(claims.Text("sub")):
		return nil, fmt.Errorf("%w: the ID token has no sub of 1 to 255 bytes", errIdentity)
	case nonce != "" && subtle.ConstantTimeCompare([]byte(claims.Text("nonce")), []byte(nonce)) != 1:
		return nil, fmt.Errorf("%w: the nonce of the ID token is not the one that was sent", errIdentity)
	case !u.isParty(claims):
		return nil, fmt.Errorf("%w: the ID token was issued to another application (azp)", errIdentity)
	case claims["at_hash"] != nil && claims.Text("at_hash") != halfHash(algorithm, string(t.AccessToken)):
		return nil, fmt.Errorf("%w: the ID token is not for this access token (at_hash)", errIdentity)
	}
	return claims, nil
}

// isParty judges azp: needed beside several audiences, and ours where it is there.
func (u *upstream) isParty(claims Claims) bool {
	if claims["azp"] == nil {
		return len(claims.List("aud")) == 1
	}
	return claims.Text("azp") == u.cfg.ClientID
}

// halfHash is the left half of the hash that belongs to the algorithm (OpenID Connect Core section 3.1.3.6).
func halfHash(algorithm, token string) string {
	var sum []byte
	switch {
	case strings.HasSuffix(algorithm, "256"):
		s := sha256.Sum256([]byte(token))
		sum = s[:]
	case strings.HasSuffix(algorithm, "384"):
		s := sha512.Sum384([]byte(token))
		sum = s[:]
	default: // 512 and EdDSA with Ed25519
		s := sha512.Sum512([]byte(token))
		sum = s[:]
	}
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// parts decodes header and claims of a JWT that has been verified.
func parts(token string) (header, claims Claims) {
	var decoded [2]Claims
	for i, text := range strings.SplitN(token, ".", 3)[:2] {
		data, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			continue
		}
		members, err := strictjson.Object(data)
		if err == nil {
			decoded[i] = members
		}
	}
	return decoded[0], decoded[1]
}

// kept are the claims that go with a grant.
func (p *Provider) kept(user Claims) map[string]json.RawMessage {
	kept := map[string]json.RawMessage{}
	for _, name := range p.cfg.Claims {
		if raw, ok := user[name]; ok {
			kept[name] = raw
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}
