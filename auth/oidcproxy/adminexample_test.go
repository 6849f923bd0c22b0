package oidcproxy_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// exampleProvider stands for the one that the service has already.
func exampleProvider() (p *oidcproxy.Provider, done func()) {
	idp := authtest.NewProvider(authtest.Options{})
	keys, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		log.Fatal(err)
	}
	p, err = oidcproxy.New(context.Background(), oidcproxy.Config{
		Upstream:    oidcproxy.Upstream{Issuer: idp.Issuer(), ClientID: "mcp", ClientSecret: "secret of the application"},
		ResourceURL: "https://svc.example.com/mcp", Keys: keys,
	})
	if err != nil {
		log.Fatal(err)
	}
	return p, func() {
		_ = p.Close()
		idp.Close()
	}
}

// A user has left the company: sign them out everywhere.
func ExampleAdministrator_EndUser() {
	p, done := exampleProvider()
	defer done()
	ended, err := p.Administrator("offboarding job").EndUser(context.Background(), "https://idp.example.com/", "00u1a2b3c4")
	if err != nil {
		log.Print(err) // some could not be ended: call it again
	}
	fmt.Println(ended, "grants have ended")
	// Output: 0 grants have ended
}

// Administrators get a listener of their own, and sign in by a certificate.
func ExampleProvider_AdminHandler() {
	p, done := exampleProvider()
	defer done()
	admin, err := p.AdminHandler(oidcproxy.AdminConfig{Authorize: func(r *http.Request) (string, error) {
		if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
			return "", errors.New("no certificate of an administrator")
		}
		return r.TLS.VerifiedChains[0][0].Subject.CommonName, nil
	}})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux() // not the one of the MCP endpoint
	mux.Handle("/oauth/", http.StripPrefix("/oauth", admin))

	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/oauth/grants/end", strings.NewReader(`{"all": true}`))
	r.Header.Set("Content-Type", "application/json")
	mux.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 403 {"error":"access_denied","error_description":"You may not administer grants here."}
}
