package oidcproxy_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// D57, R78: a discovery document that is not the one expected keeps the provider from starting, and later on from being used.
func TestD57Discovery(t *testing.T) {
	set := func(name, value string) func(map[string]any) {
		return func(document map[string]any) { document[name] = value }
	}
	for name, tampering := range map[string]func(map[string]any){
		"lawful":                 nil,
		"other issuer":           set("issuer", "https://evil.example"),
		"issuer with slash":      set("issuer", "https://idp.example.com/"),
		"http token endpoint":    set("token_endpoint", "http://idp.example.com/token"),
		"http authorization":     set("authorization_endpoint", "http://idp.example.com/authorize"),
		"http keys":              set("jwks_uri", "http://idp.example.com/jwks"),
		"no authorization":       set("authorization_endpoint", ""),
		"on this machine":        set("token_endpoint", "http://127.0.0.1:2375/token"),
		"user in token endpoint": set("token_endpoint", "https://a:b@idp.example.com/token"),
	} {
		idp := authtest.NewProvider(authtest.Options{BaseURL: "https://idp.example.com"})
		idp.Tamper(authtest.Tampering{Metadata: tampering})
		cfg := oidcproxy.Config{Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy"}, ResourceURL: resource, HTTPClient: idp.Client()}
		p, err := oidcproxy.New(t.Context(), cfg)
		if (err == nil) != (tampering == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if p != nil {
			_ = p.Close()
		}
		if errors.Is(err, oidcproxy.ErrUnavailable) {
			t.Errorf("%s: it is not a question of time: %v", name, err)
		}
	}
	down := authtest.NewProvider(authtest.Options{BaseURL: "https://idp.example.com"})
	down.Fail(http.StatusBadGateway)
	cfg := oidcproxy.Config{Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy"}, ResourceURL: resource, HTTPClient: down.Client()}
	if _, err := oidcproxy.New(t.Context(), cfg); !errors.Is(err, oidcproxy.ErrUnavailable) {
		t.Errorf("down: %v", err)
	}
	cfg.HTTPClient = &http.Client{Transport: redirecting{}}
	if _, err := oidcproxy.New(t.Context(), cfg); err == nil {
		t.Error("a redirect is followed")
	}
}

type redirecting struct{}

func (redirecting) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {"http://169.254.169.254/"}}, Body: http.NoBody, Request: r}, nil
}

// The issuer of a running provider never changes (R78); through an outage the known endpoints are used.
func TestDiscoveryIsReadAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		client := rg.client()
		rg.idp.Tamper(authtest.Tampering{Metadata: func(d map[string]any) { d["issuer"] = "https://evil.example" }})
		for range 3 {
			sleep(2 * hour)
			if q := rg.browser().signIn(asking(client)); q.Get("code") == "" {
				t.Errorf("%v", q)
			}
		}
		rg.idp.FailPath(authtest.DiscoveryPath, http.StatusBadGateway)
		sleep(2 * hour)
		if q := rg.browser().signIn(asking(client)); q.Get("code") == "" {
			t.Errorf("through an outage: %v", q)
		}
	})
}

// With LazyDiscovery the document is read when it is needed; until it can be, users get a page.
func TestLazyDiscovery(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		rg.idp.Fail(http.StatusServiceUnavailable)
		rg.provider(func(c *oidcproxy.Config) { c.LazyDiscovery = true })
		client := rg.client()
		b := rg.browser()
		rg.wantPage("down", b.answerForm(b.authorize(asking(client)).field(t), "approve"), http.StatusServiceUnavailable)
		rg.idp.Fail(0)
		sleep(10 * time.Second)
		if q := b.signIn(asking(client)); q.Get("code") == "" {
			t.Errorf("%v", q)
		}
	})
}
