package authtest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
)

// A service's test signs callers in at a provider of its own, and rotates the keys.
func ExampleNewProvider() {
	idp := authtest.NewProvider(authtest.Options{Algorithm: "ES256"})
	defer idp.Close()
	tokens, err := auth.NewJWT(auth.JWTConfig{Issuers: []auth.JWTIssuer{
		{Issuer: idp.Issuer(), JWKSURL: idp.JWKSURL(), Audiences: []string{"https://mcp.example.com/mcp"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = tokens.Close() }()

	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	r.Header.Set("Authorization", "Bearer "+idp.Mint(map[string]any{"sub": "alice", "aud": "https://mcp.example.com/mcp", "scope": "zscaler:read"}))
	p, err := tokens.Authenticate(r)
	fmt.Println(p.Subject, p.Scopes, err)

	r.Header.Set("Authorization", "Bearer "+idp.Mint(map[string]any{"sub": "alice", "aud": "https://other.example.com"}))
	_, err = tokens.Authenticate(r)
	fmt.Println(err)
	// Output:
	// alice [zscaler:read] <nil>
	// auth: The credential is invalid or has expired.: the audience is "https://other.example.com"; accepted: ["https://mcp.example.com/mcp"]
}
