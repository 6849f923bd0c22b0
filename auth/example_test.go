package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/org/zscalermcp/auth"
)

func Example() {
	key := auth.GenerateAPIKey()
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "ci", Key: auth.Secret(key), Scopes: []string{"read"}}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, _ := auth.PrincipalFromContext(r.Context())
		fmt.Fprintf(w, "hello %s, your key is %q", p.Subject, r.Header.Get("Authorization"))
	})
	guarded := auth.Middleware(keys, auth.MiddlewareConfig{})(hello)

	r := httptest.NewRequest(http.MethodGet, "/mcp", nil)
	r.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	guarded.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 200 hello ci, your key is ""
}

// Services have keys, people have tokens of the company's identity provider, and each request is judged by the mode of its credential.
func ExampleAnyOf() {
	keys, keysErr := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "ci", Key: "a-key-for-the-example-0123456789"}}})
	tokens, tokensErr := auth.NewJWT(auth.JWTConfig{Issuers: []auth.JWTIssuer{auth.Okta("https://acme.okta.com/oauth2/default", "https://mcp.example.com/mcp")}})
	both, err := auth.AnyOf(tokens, keys)
	if err := errors.Join(keysErr, tokensErr, err); err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	r.Header.Set("X-Api-Key", "a-key-for-the-example-0123456789")
	p, err := both.Authenticate(r)
	fmt.Println(p, err)
	// Output: api-key "ci" of "api-key" <nil>
}

// Readers may read; who may write may read too; a group of the identity provider may do everything in one service.
func ExampleNewScopePolicy() {
	policy, err := auth.NewScopePolicy(auth.ScopePolicyConfig{
		Rules: []auth.ScopeRule{
			{Scope: "zscaler:read", Effects: []string{"read"}},
			{Scope: "zscaler:write"},
			{Claim: "groups", Values: []string{"netops"}, Services: []string{"zpa"}},
		},
		Implies: map[string][]string{"zscaler:write": {"zscaler:read"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	reader := &auth.Principal{Issuer: "i", Subject: "s", Scopes: []string{"zscaler:read"}}
	fmt.Println(policy.Permit(reader, auth.Operation{Tool: "zia_list_rule_labels", Toolset: "zia_rule_labels", Service: "zia", Effect: "read"}))
	fmt.Println(policy.Permit(reader, auth.Operation{Tool: "zia_create_rule_label", Toolset: "zia_rule_labels", Service: "zia", Effect: "create"}))
	// Output:
	// {true []}
	// {false [zscaler:write]}
}

// The check of OneAPI credentials is a function, here one for the example; zscalermcp.VerifyCallers makes the real one.
func ExampleNewZscaler() {
	callers, err := auth.NewZscaler(auth.ZscalerConfig{Verify: func(_ context.Context, clientID string, secret auth.Secret) (auth.ZscalerGrant, error) {
		if clientID != "netops" || secret != "a-secret" {
			return auth.ZscalerGrant{}, auth.ErrWrongCredentials
		}
		return auth.ZscalerGrant{Expires: time.Now().Add(time.Hour)}, nil
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = callers.Close() }()
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	r.SetBasicAuth("netops", "a-secret")
	p, err := callers.Authenticate(r)
	fmt.Println(p, err)
	// Output: zscaler "netops" of "zscaler" <nil>
}

// Behind a proxy at 10.0.0.5 the caller's address is what that proxy has written last.
func ExampleClientAddr() {
	proxies, err := auth.ParseProxies([]string{"10.0.0.5"}, "X-Forwarded-For")
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	r.RemoteAddr = "10.0.0.5:4711"
	r.Header.Set("X-Forwarded-For", "1.2.3.4, 203.0.113.9") // the first one is what the caller claims
	fmt.Println(auth.ClientAddr(r, proxies))
	// Output: 203.0.113.9
}
