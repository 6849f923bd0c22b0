package oidcproxy

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/strictjson"
	"github.com/org/zscalermcp/store"
)

const (
	assertionType    = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" // RFC 7523 section 2.2
	maxAssertion     = 16 << 10
	maxAssertionTime = 5 * time.Minute // until its exp (R38)
	assertionLeeway  = time.Minute     // for clocks that differ
	maxAssertionID   = 256             // bytes of jti
	keyAdvice        = "give RSA of 2048 to 8192 bits, P-256, P-384, P-521 or Ed25519"
)

// assertionsOf returns what verifies the assertions of a client with these public keys (RFC 7523 section 3), PEM or a JSON Web Key Set: asymmetric
// algorithms alone, and for this server alone.
func (p *Provider) assertionsOf(id, keys string) (*auth.JWT, error) {
	return auth.NewJWT(auth.JWTConfig{
		Issuers:    []auth.JWTIssuer{{Issuer: id, PublicKeys: keys, Audiences: []string{p.issuer, p.issuer + "/token"}, SingleAudience: true, IDTokens: true}},
		Algorithms: signatureAlgorithms, Leeway: assertionLeeway, CacheBytes: -1, Clock: p.now,
	})
}

// assertedClient is the client that an assertion names, unproven: one that sends no client_id is found by it.
func assertedClient(assertion string) string {
	_, rest, _ := strings.Cut(assertion, ".")
	payload, _, _ := strings.Cut(rest, ".")
	data, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || len(assertion) > maxAssertion {
		return ""
	}
	members, err := strictjson.Object(data)
	if err != nil {
		return ""
	}
	var subject string
	if json.Unmarshal(members["sub"], &subject) != nil {
		return ""
	}
	return subject
}

// proveAssertion checks that the client has signed an assertion, for us, a moment ago, and that it comes for the first time, at whatever replica (R38).
func (p *Provider) proveAssertion(r *http.Request, c *client, assertion string) *oauthError {
	ctx := r.Context()
	who, err := c.assertions.Verify(ctx, assertion)
	if err != nil && isDocumentID(c.id) && p.documents != nil {
		switch newer, failure := p.documents.newer(ctx, p.source(r), c.id); {
		case isPassing(failure): // it may be of a key that is not known here yet (R100)
			return errTemporary.from(failure)
		case failure == nil && newer != nil && newer.assertions != nil:
			who, err = newer.assertions.Verify(ctx, assertion)
		}
	}
	if err != nil {
		return errInvalidClient.from(fmt.Errorf("the assertion of client %s: %w", fingerprint(c.id), causeOf(err)))
	}
	id, ends, err := p.assertionClaims(who, c)
	if err != nil {
		return errInvalidClient.from(fmt.Errorf("the assertion of client %s: %w", fingerprint(c.id), err))
	}
	switch err := p.useAssertion(ctx, c, id, ends); {
	case errors.Is(err, store.ErrExists):
		return errInvalidClient.from(fmt.Errorf("the assertion of client %s came before", fingerprint(c.id)))
	case err != nil:
		return errTemporary.from(err)
	}
	return nil
}

// causeOf is what the log is told of a refused token: the refusal itself is the same for all.
func causeOf(err error) error {
	var refusal *auth.Error
	if errors.As(err, &refusal) && refusal.Err != nil {
		return refusal.Err
	}
	return err
}

// assertionClaims judges what a verified assertion says, and returns its id and end.
func (p *Provider) assertionClaims(who *auth.Principal, c *client) (id string, ends time.Time, err error) {
	var exp float64
	if who.Subject != c.id {
		return "", ends, errors.New("sub is not the client")
	}
	if _, err := who.Claim("exp", &exp); err != nil {
		return "", ends, err
	}
	ends = time.Unix(int64(exp), 0)
	if ends.Sub(p.now()) > maxAssertionTime+assertionLeeway {
		return "", ends, fmt.Errorf("exp is over %s ahead", maxAssertionTime)
	}
	if found, err := who.Claim("jti", &id); err != nil || !found || id == "" || len(id) > maxAssertionID {
		return "", ends, errors.New("jti must be a text of 1 to 256 bytes")
	}
	return id, ends, nil
}

// useAssertion marks an assertion as used, until it has ended by every clock.
func (p *Provider) useAssertion(ctx context.Context, c *client, id string, ends time.Time) error {
	key := "oauth/assertion/" + hashOf("assertion", p.issuer, c.id, id)
	return p.store.Create(ctx, key, []byte{1}, max(ends.Sub(p.now()), 0)+2*assertionLeeway)
}
