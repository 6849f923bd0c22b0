package auth_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// R149: the query of an address of the provider may hold a secret, and what the provider answers may be anything. Neither is in
// errors and logs; the rest of the address is.
func TestAddressesAndAnswersOfAProviderAreNotRepeated(t *testing.T) {
	const secret = "s3cret-0123456789"
	answers := map[string]func() (*http.Response, error){
		"no connection": func() (*http.Response, error) { return nil, errors.New("connection refused") },
		"a status":      func() (*http.Response, error) { return reply(500, strings.NewReader(secret)), nil },
		"no JSON":       func() (*http.Response, error) { return reply(200, strings.NewReader(secret)), nil },
		"too much":      func() (*http.Response, error) { return reply(200, endless{}), nil },
		"an error":      func() (*http.Response, error) { return reply(400, strings.NewReader(`{"error":"`+secret+`"}`)), nil },
		"no keys":       func() (*http.Response, error) { return reply(200, strings.NewReader(`{"keys":"`+secret+`"}`)), nil },
	}
	for name, answer := range answers {
		var logs logBuffer
		client := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return answer() })}
		idp := newIDP(t, "ES256")
		keys := auth.JWTIssuer{Issuer: idpURL, JWKSURL: idpURL + "/keys?code=" + secret, Audiences: []string{resource}}
		document := auth.JWTIssuer{Issuer: idpURL, DiscoveryURL: idpURL + "/document?code=" + secret, Audiences: []string{resource}}
		asking := introspectionConfig(idp)
		asking.URL, asking.HTTPClient, asking.Logger = idpURL+"/introspect?code="+secret, client, debugLog(&logs)
		for path, a := range map[string]auth.Authenticator{
			"/keys":       newJWT(t, auth.JWTConfig{HTTPClient: client, Issuers: []auth.JWTIssuer{keys}}),
			"/document":   newJWT(t, auth.JWTConfig{HTTPClient: client, Issuers: []auth.JWTIssuer{document}}),
			"/introspect": newIntrospection(t, asking),
		} {
			_, err := a.Authenticate(bearer(mint(idp, nil)))
			var refusal *auth.Error
			if !errors.As(err, &refusal) || refusal.Err == nil {
				t.Errorf("%s, %s: %v", path, name, err)
				continue
			}
			text := err.Error() + refusal.Description + refusal.Err.Error() + logs.String()
			if strings.Contains(text, secret) {
				t.Errorf("%s, %s: the secret is told: %s", path, name, text)
			}
			if path != "/introspect" && !strings.Contains(text, idpURL+path) {
				t.Errorf("%s, %s: nothing says where: %s", path, name, text)
			}
		}
	}
}
