package zscaler

import (
	"crypto/rsa"
	"fmt"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	audience      = "https://api.zscaler.com"
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	assertionLife = 10 * time.Minute
)

// assertion returns the form members by which the API client proves its key (RFC 7523 section 2.2).
// The claims are those that Zscaler is known to accept, no more: aud is a single string, and there is
// no iat, nbf, jti or kid.
func assertion(clientID string, key *rsa.PrivateKey, now time.Time) (url.Values, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": clientID,
		"sub": clientID,
		"aud": audience,
		"exp": now.Add(assertionLife).Unix(),
	})
	signed, err := token.SignedString(key)
	if err != nil {
		return nil, fmt.Errorf("sign the client assertion: %w", err)
	}
	return url.Values{"client_assertion": {signed}, "client_assertion_type": {assertionType}}, nil
}
