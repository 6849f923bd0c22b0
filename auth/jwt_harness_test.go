package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
)

const (
	idpURL   = "https://idp.example.com"
	resource = "https://mcp.example.com/mcp"
)

// newIDP is a provider without a network.
func newIDP(t testing.TB, algorithm string) *authtest.Provider {
	t.Helper()
	idp := authtest.NewProvider(authtest.Options{Algorithm: algorithm, BaseURL: idpURL})
	t.Cleanup(idp.Close)
	return idp
}

// jwtConfig accepts the provider's tokens for the resource.
func jwtConfig(idp *authtest.Provider) auth.JWTConfig {
	return auth.JWTConfig{
		HTTPClient: idp.Client(),
		Issuers:    []auth.JWTIssuer{{Issuer: idp.Issuer(), JWKSURL: idp.JWKSURL(), Audiences: []string{resource}}},
	}
}

func newJWT(t testing.TB, cfg auth.JWTConfig) *auth.JWT {
	t.Helper()
	j, err := auth.NewJWT(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

// mint adds the audience to claims.
func mint(idp *authtest.Provider, claims map[string]any) string {
	all := map[string]any{"aud": resource}
	for name, value := range claims {
		all[name] = value
	}
	return idp.Mint(all)
}

// bearing is a request with a Bearer token.
func bearing(token string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, resource, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// statusOf is the status that a token gets, 200 if it is accepted.
func statusOf(t testing.TB, a auth.Authenticator, token string) int {
	t.Helper()
	_, err := a.Authenticate(bearing(token))
	var e *auth.Error
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, auth.ErrNotMine): // the middleware makes this of it
		return http.StatusUnauthorized
	case !errors.As(err, &e):
		t.Fatalf("error of another type: %v", err)
	}
	for _, text := range []string{e.Description, e.Error()} {
		if strings.Contains(text, token) && token != "" {
			t.Errorf("the error repeats the token: %s", text)
		}
	}
	if strings.Contains(e.Description, "example.com") {
		t.Errorf("the public text names something of the configuration: %s", e.Description)
	}
	return e.Status
}

// segments replaces parts of a token, each made by JSON and base64url; nil keeps one.
func segments(token string, header, payload any) string {
	parts := strings.Split(token, ".")
	for i, value := range []any{header, payload} {
		switch value := value.(type) {
		case nil:
		case string:
			parts[i] = base64.RawURLEncoding.EncodeToString([]byte(value))
		default:
			text, err := json.Marshal(value)
			if err != nil {
				panic(err)
			}
			parts[i] = base64.RawURLEncoding.EncodeToString(text)
		}
	}
	return strings.Join(parts, ".")
}
