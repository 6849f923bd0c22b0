package oidcproxy_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

func Example() {
	idp := authtest.NewProvider(authtest.Options{}) // stands for the company's identity provider
	defer idp.Close()
	keys, err := store.NewKeyring(store.GenerateKey()) // from your secrets, so that a restart signs nobody out
	if err != nil {
		log.Fatal(err)
	}
	p, err := oidcproxy.New(context.Background(), oidcproxy.Config{
		Upstream:    oidcproxy.Upstream{Issuer: idp.Issuer(), ClientID: "mcp", ClientSecret: "secret of the application"},
		ResourceURL: "https://svc.example.com/mcp",
		Keys:        keys,
		Scopes:      []oidcproxy.Scope{{Name: "zscaler:read", Description: "See settings"}},
		GrantScopes: func(_ context.Context, user oidcproxy.Claims) ([]string, error) {
			for _, group := range user.List("groups") {
				if group == "network" {
					return []string{"zscaler:read"}, nil
				}
			}
			return nil, nil // refused
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	mux := http.NewServeMux()
	for _, route := range p.Routes() { // zscalermcp.WithAuth(p) does this, and the next lines too
		mux.Handle(route.Pattern, route.Handler)
	}
	endpoint := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	mux.Handle("/mcp", auth.Middleware(p, auth.MiddlewareConfig{})(endpoint))

	fmt.Println("register at the identity provider:", p.CallbackURL())
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/mcp", nil))
	fmt.Println(w.Code, w.Header().Get("WWW-Authenticate"))
	// Output:
	// register at the identity provider: https://svc.example.com/auth/callback
	// 401 Bearer realm="zscaler-mcp", resource_metadata="https://svc.example.com/.well-known/oauth-protected-resource/mcp", scope="zscaler:read"
}
