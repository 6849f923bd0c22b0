package oidcproxy

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/org/zscalermcp/auth"
)

// idTokens verifies ID tokens by the keys that the metadata names, and keeps those keys.
type idTokens struct {
	client *http.Client
	now    func() time.Time

	mu   sync.Mutex
	jwks string // where the keys of jwt are
	jwt  *auth.JWT
}

// of returns what verifies tokens of the provider with this metadata. Another place of the keys begins anew.
func (t *idTokens) of(cfg Upstream, meta upstreamMetadata) (*auth.JWT, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.jwt != nil && t.jwks == meta.jwks {
		return t.jwt, nil
	}
	algorithms := cfg.Algorithms
	if algorithms == nil {
		algorithms = signatureAlgorithms
	}
	fresh, err := auth.NewJWT(auth.JWTConfig{
		Issuers:    []auth.JWTIssuer{{Issuer: meta.issuer, JWKSURL: meta.jwks, Audiences: []string{cfg.ClientID}, Tenants: cfg.Tenants, IDTokens: true}},
		Algorithms: algorithms, CacheBytes: -1, Clock: t.now, HTTPClient: t.client,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadDocument, err)
	}
	t.closeLocked()
	t.jwt, t.jwks = fresh, meta.jwks
	return fresh, nil
}

// signatureAlgorithms are those of ID tokens: asymmetric ones (R81).
var signatureAlgorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// close ends readings that are under way.
func (t *idTokens) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closeLocked()
}

func (t *idTokens) closeLocked() {
	if t.jwt != nil {
		_ = t.jwt.Close() // always nil
	}
}
