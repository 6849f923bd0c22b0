package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// A Principal is an authenticated caller. Principals are shared between requests and goroutines:
// treat one as read-only.
type Principal struct {
	Issuer   string    // who vouches for the caller: a URL for tokens, else the name of the mode
	Subject  string    // the caller's identifier, unique within Issuer; never empty
	ClientID string    // OAuth client or key name, if known
	Scopes   []string  // granted scopes (RFC 6749 section 3.3)
	Expires  time.Time // when the credential ends; zero for never
	Method   string    // "api-key", "jwt", "zscaler", "oidc", "stdio", "none" or a host's own word

	claims map[string]json.RawMessage
}

// WithClaims returns a copy of p that carries claims, each a JSON value. The map is cloned.
func (p *Principal) WithClaims(claims map[string]json.RawMessage) *Principal {
	q := *p
	q.Scopes = slices.Clone(p.Scopes)
	q.claims = make(map[string]json.RawMessage, len(claims))
	for name, value := range claims {
		q.claims[name] = slices.Clone(value)
	}
	return &q
}

// Claim decodes the named claim into into, as [json.Unmarshal] does. It reports whether the claim
// is there; a claim of another type is an error.
func (p *Principal) Claim(name string, into any) (bool, error) {
	raw, ok := p.claims[name]
	if !ok {
		return false, nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return true, fmt.Errorf("auth: claim %q: %w", name, err)
	}
	return true, nil
}

// HasScope reports whether scope was granted.
func (p *Principal) HasScope(scope string) bool { return slices.Contains(p.Scopes, scope) }

// Key identifies the principal: a hash of issuer and subject, each behind its length so that no two
// pairs collide. Sessions, confirmations, caches and audit records are bound to it. It is never empty.
func (p *Principal) Key() string {
	buf := make([]byte, 0, 256)
	for _, part := range [...]string{p.Issuer, p.Subject} {
		buf = binary.BigEndian.AppendUint64(buf, uint64(len(part)))
		buf = append(buf, part...)
	}
	sum := sha256.Sum256(buf)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

type principalKey struct{}

// ContextWithPrincipal returns a context that carries p.
func ContextWithPrincipal(ctx context.Context, p *Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// PrincipalFromContext returns the caller of the current request: in HTTP handlers behind
// [Middleware] and in every MCP tool, in both protocol eras.
func PrincipalFromContext(ctx context.Context) (*Principal, bool) {
	p, ok := ctx.Value(principalKey{}).(*Principal)
	return p, ok && p != nil
}
