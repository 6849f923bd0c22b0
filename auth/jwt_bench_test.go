package auth_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth"
)

// typicalClaims are about 600 bytes.
var typicalClaims = map[string]any{
	"aud": resource, "client_id": "app", "scope": "zscaler:read zscaler:write", "groups": []string{"netops", "secops"}, "name": "Alice Example", "pad": strings.Repeat("x", 300),
}

// BenchmarkAuthenticateJWT compares a token at first sight with golang-jwt's own parse with the key at hand, and the same
// token again with the copies that any middleware must make.
func BenchmarkAuthenticateJWT(b *testing.B) {
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
	idp := newIDP(b, "ES256")
	j, r := newJWT(b, jwtConfig(idp)), typical("")
	r.Header.Set("Authorization", "Bearer "+idp.Mint(typicalClaims))
	if _, err := j.Authenticate(r); err != nil {
		b.Fatal(err)
	}
	againstFloor(b, j, r)
}

// againstFloor measures a through the middleware, serially and in parallel, beside the floor of every middleware: a
// request with another context and another header.
func againstFloor(b *testing.B, a auth.Authenticator, r *http.Request) {
	b.Helper()
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	h := auth.Middleware(a, auth.MiddlewareConfig{Logger: log})(next)
	p := &auth.Principal{Subject: "s"}
	for name, do := range map[string]func(){
		"floor": func() {
			clone := r.WithContext(auth.ContextWithPrincipal(r.Context(), p))
			clone.Header = clone.Header.Clone()
		},
		"again": func() { h.ServeHTTP(sink{http.Header{}}, r) },
	} {
		b.Run(name+"/serial", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
		b.Run(name+"/parallel", func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					do()
				}
			})
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
