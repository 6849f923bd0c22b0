package auth_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

// typicalClaims are about 600 bytes.
var typicalClaims = map[string]any{
	"aud": resource, "client_id": "app", "scope": "zscaler:read zscaler:write", "groups": []string{"netops", "secops"}, "name": "Alice Example", "pad": strings.Repeat("x", 300),
}

// BenchmarkFirstSight compares a token at first sight with golang-jwt's own parse with the key at hand.
func BenchmarkFirstSight(b *testing.B) {
	for _, algorithm := range []string{"RS256", "ES256"} {
		idp := newIDP(b, algorithm)
		token := idp.Mint(typicalClaims)
		key := publicKey(b, keysOf(b, idp))
		parser := jwt.NewParser(jwt.WithValidMethods([]string{algorithm}), jwt.WithIssuer(idpURL), jwt.WithAudience(resource), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
		b.Run(algorithm+"/floor=golang-jwt", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parser.Parse(token, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
		cfg := jwtConfig(idp)
		cfg.CacheBytes = -1
		first, r := newJWT(b, cfg), bearing(token)
		b.Run(algorithm+"/first sight", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := first.Authenticate(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func publicKey(tb testing.TB, set string) any {
	tb.Helper()
	var document struct{ Keys []jwkset.JWKMarshal }
	if err := json.Unmarshal([]byte(set), &document); err != nil {
		tb.Fatal(err)
	}
	key, err := jwkset.NewJWKFromMarshal(document.Keys[0], jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	return key.Key()
}
