package auth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/org/zscalermcp/internal/lexical"
)

// A Principal is an authenticated caller. Principals are shared between requests and goroutines:
// treat one as read-only.
type Principal struct {
	Issuer   string    // who vouches for the caller: a URL for tokens, else the name of the mode
	Subject  string    // the caller's identifier, unique within Issuer; never empty
	ClientID string    // OAuth client or key name, if known
	Scopes   []string  // granted scopes (RFC 6749 section 3.3)
	Expires  time.Time // when the credential ends; zero for never
	Method   string    // "api-key", "jwt", "introspection", "zscaler", "client-certificate", "platform", "stdio", "none" or a host's own word

	claims     map[string]json.RawMessage
	attachment any
	check      func(context.Context) error
	name       *principalName
}

// A principalName is a key with what it was computed from: whoever copies a Principal and changes it must not get the
// key of another.
type principalName struct{ issuer, subject, key string }

// named computes the key of p ahead, for principals that live longer than a request.
func (p *Principal) named() *Principal {
	p.name = &principalName{p.Issuer, p.Subject, p.Key()}
	return p
}

// WithAttachment returns a copy of p that carries v: what an [Authenticator] gives to the program behind it, such as
// a client that acts for the caller. It stays in this process, and is neither printed nor logged.
func (p *Principal) WithAttachment(v any) *Principal {
	q := *p
	q.attachment = v
	return &q
}

// Attachment returns what WithAttachment has added, or nil.
func (p *Principal) Attachment() any { return p.attachment }

// WithCheck returns a copy of p that can be asked whether it still counts: what outlives a request, such as an open stream, asks from time to
// time. check must be safe for concurrent use.
func (p *Principal) WithCheck(check func(context.Context) error) *Principal {
	q := *p
	q.check = check
	return &q
}

// Check returns nil while the caller may go on, an [*Error] with status 503 while nobody can tell, and any other error when the caller may not: a grant
// was revoked, for example. Without WithCheck it is nil. That Expires has passed is not looked at.
func (p *Principal) Check(ctx context.Context) error {
	if p.check == nil {
		return nil
	}
	return p.check(ctx)
}

// LogValue is who the principal is, without claims and attachment.
func (p *Principal) LogValue() slog.Value {
	return slog.GroupValue(slog.String("issuer", lexical.Plain(p.Issuer)), slog.String("subject", lexical.Plain(p.Subject)),
		slog.String("client_id", lexical.Plain(p.ClientID)), slog.String("method", lexical.Plain(p.Method)))
}

// Format prints who the principal is for every verb, without claims and attachment.
func (p *Principal) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "%s %q of %q", p.Method, p.Subject, p.Issuer)
}

// WithClaims returns a copy of p that carries claims, each a JSON value; what is no JSON is left out. The map is cloned.
func (p *Principal) WithClaims(claims map[string]json.RawMessage) *Principal {
	q := *p
	q.Scopes = slices.Clone(p.Scopes)
	q.claims = make(map[string]json.RawMessage, len(claims))
	for name, value := range claims {
		if json.Valid(value) {
			q.claims[name] = bytes.TrimSpace(slices.Clone(value))
		}
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
	if n := p.name; n != nil && n.issuer == p.Issuer && n.subject == p.Subject {
		return n.key
	}
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
