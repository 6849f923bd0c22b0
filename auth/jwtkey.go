package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/internal/lexical"
)

// maxKeyID bounds the kid of a token, in bytes (R126).
const maxKeyID = 256

// key returns what verifies t, and the fingerprint of the key. The key with the fingerprint failed is not it.
func (i *jwtIssuer) key(ctx context.Context, t *jwt.Token, claims jwtClaims, failed [sha256.Size]byte) (public any, print [sha256.Size]byte, err error) {
	if i.Secret != "" {
		return []byte(i.Secret), print, nil
	}
	key, err := i.keys.forToken(ctx, t, failed)
	if err != nil {
		return nil, print, err
	}
	if !i.mayUse(key, claims) {
		return nil, print, errors.New("the key is not for tokens of this tenant")
	}
	if public = key.jwk.Key(); t.Header["kid"] != nil {
		// What keyfunc checks of a key with an id, it checks of this one, whatever is fetched meanwhile.
		if public, err = i.find.KeyfuncCtx(context.WithValue(ctx, chosenKey{}, key))(t); err != nil {
			return nil, print, err
		}
	}
	if !fitsAlgorithm(public, t.Method.Alg()) {
		return nil, print, errors.New("the key is of another type than the algorithm")
	}
	return public, key.print, nil
}

// mayUse reports whether a key may sign for the tenant. Keys of Microsoft Entra say in a member of their own for which issuer
// they are: one for personal accounts must not sign for a company.
func (i *jwtIssuer) mayUse(key *verificationKey, claims jwtClaims) bool {
	if len(i.Tenants) == 0 || key.issuer == "" {
		return true
	}
	tenant := claims.firstOf("tid")
	allowed := strings.ReplaceAll(key.issuer, tenantTemplate, tenant)
	return allowed == claims.firstOf("iss") || allowed == strings.ReplaceAll(i.Issuer, tenantTemplate, tenant)
}

// forToken returns the key with the token's kid, or the only one that fits without a kid.
func (s *keySource) forToken(ctx context.Context, t *jwt.Token, failed [sha256.Size]byte) (*verificationKey, error) {
	kid, named := t.Header["kid"]
	id, isText := kid.(string)
	if named && (!isText || len(id) > maxKeyID) {
		return nil, errors.New("the kid is no string of at most 256 bytes")
	}
	key, err := s.find(ctx, func(set *keySet) (key *verificationKey, ok bool) {
		if named {
			key, ok = set.withID(id, t.Method.Alg())
		} else {
			key, ok = set.only(t.Method.Alg())
		}
		return key, ok && key.print != failed
	})
	switch {
	case !errors.Is(err, errUnknownKey):
		return key, err
	case named:
		return nil, fmt.Errorf("%w: %q for %s", err, lexical.Plain(id), t.Method.Alg())
	}
	return nil, fmt.Errorf("%w: the token has no kid, and not exactly one key is for %s", err, t.Method.Alg())
}

// A chosenKey is the storage that keyfunc reads: it has the one key that the context holds under it. Only reading is there: the
// embedded interface is nil.
type chosenKey struct{ jwkset.Storage }

// KeyRead implements [jwkset.Storage].
func (chosenKey) KeyRead(ctx context.Context, _ string) (jwkset.JWK, error) {
	key, ok := ctx.Value(chosenKey{}).(*verificationKey)
	if !ok {
		return jwkset.JWK{}, errUnknownKey
	}
	return key.jwk, nil
}
