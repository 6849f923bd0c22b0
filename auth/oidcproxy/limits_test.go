package oidcproxy_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// R154, R158: each endpoint has its rate for each address; IPv6 by network; a limit can be set and switched off.
func TestR154Rates(t *testing.T) {
	one := oidcproxy.Rate{PerSecond: 0.001, Burst: 1}
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.RateLimits = oidcproxy.RateLimits{Register: one, Authorize: one, Consent: one, Callback: one, Token: one, Revoke: one}
	})
	for path, method := range map[string]string{"/register": "POST", "/authorize": "GET", "/consent": "POST", "/auth/callback": "GET", "/token": "POST", "/revoke": "POST"} {
		status := func(peer string, headers ...string) int {
			r := request(t, method, path, "", append(headers, "Accept", "text/html")...)
			r.RemoteAddr = peer
			a := rg.do(r)
			if a.StatusCode == http.StatusTooManyRequests && a.Header.Get("Retry-After") == "" {
				t.Errorf("%s: no Retry-After", path)
			}
			return a.StatusCode
		}
		got := []bool{}
		for _, peer := range []string{"192.0.2.1:1", "192.0.2.1:2", "192.0.2.2:1", "[2001:db8::1]:1", "[2001:db8::ffff]:1", "[2001:db8:0:1::1]:1"} {
			got = append(got, status(peer, "X-Forwarded-For", "198.51.100.9") == http.StatusTooManyRequests)
		}
		if fmt.Sprint(got) != "[false true false false true false]" {
			t.Errorf("%s: throttled %v", path, got)
		}
	}
	if rg.happened(oidcproxy.EventThrottled) == 0 {
		t.Error("no event")
	}
	rg = newRig(t, func(c *oidcproxy.Config) { c.RateLimits.Token = oidcproxy.Rate{PerSecond: -1} })
	for range 1000 {
		if a := rg.post("/token", nil); a.StatusCode == http.StatusTooManyRequests {
			t.Fatal("a limit that is off")
		}
	}
	proxies, err := auth.ParseProxies([]string{"192.0.2.1"}, "")
	if err != nil {
		t.Fatal(err)
	}
	rg = newRig(t, func(c *oidcproxy.Config) { c.RateLimits.Token, c.Proxies = one, proxies })
	for i := range 5 { // R155: behind a proxy that is named, its word counts
		if a := rg.post("/token", nil, "X-Forwarded-For", fmt.Sprint("198.51.100.", i)); a.StatusCode == http.StatusTooManyRequests {
			t.Errorf("R155: client %d is throttled for another", i)
		}
	}
}

// R156: sign-ins under way are bounded.
func TestR156SignInsUnderWay(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.Limits.SignIns = 3 })
		client := rg.client()
		for range 3 {
			rg.browser().begun(client)
		}
		b := rg.browser()
		field := b.authorize(asking(client)).field(t)
		rg.wantPage("the fourth", b.answerForm(field, "approve"), http.StatusServiceUnavailable)
		sleep(10*time.Minute - time.Second)
		rg.wantPage("a second too early", b.answerForm(b.authorize(asking(client)).field(t), "approve"), http.StatusServiceUnavailable)
		sleep(time.Second)
		if q := b.signIn(asking(client)); q.Get("code") == "" {
			t.Errorf("when the first has ended: %v", q)
		}
	})
}

// R156: one address cannot keep all others out, whatever networks of its own it comes from; what has ended counts no more.
func TestR156SignInsOfOneAddress(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.Limits.SignIns, c.Limits.SignInsPerAddress = 10, 2 })
		client := rg.client()
		from := func(peer string) (*browser, answer) {
			b := rg.browser()
			b.peer = peer
			return b, b.answerForm(b.authorize(asking(client)).field(t), "approve")
		}
		first, a := from("[2001:db8:0:1::1]:1")
		back := rg.atUpstream(a.link(t))
		for peer, status := range map[string]int{"[2001:db8:0:2::1]:1": 200, "[2001:db8:1::1]:1": 200, "192.0.2.7:1": 200} {
			if _, a := from(peer); a.StatusCode != status {
				t.Errorf("%s: %d", peer, a.StatusCode)
			}
		}
		_, a = from("[2001:db8:0:3::1]:1")
		rg.wantPage("the third of a site", a, http.StatusServiceUnavailable)
		if first.open(back).location(t).Query().Get("code") == "" {
			t.Error("no code")
		}
		if _, a = from("[2001:db8:0:3::1]:1"); a.StatusCode != http.StatusOK {
			t.Errorf("after one has ended: %d", a.StatusCode)
		}
	})
}

// A full store answers like one that is dead: nobody is signed out.
func TestFullStore(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.Store = store.NewMemory(store.MemoryConfig{MaxEntries: 1}) })
	client := rg.client()
	first := rg.browser()
	back := first.begun(client)
	second := rg.browser()
	rg.wantPage("full", second.answerForm(second.authorize(asking(client)).field(t), "approve"), http.StatusServiceUnavailable)
	rg.wantRefusal("full at the callback", first.open(back), "temporarily_unavailable", "client-state")
}

// R153: a body that never ends is cut, over a real connection too.
func TestSlowBodies(t *testing.T) {
	rg := newRig(t, nil)
	srv := httptest.NewServer(rg.handler)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	endless := &countingReader{}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+"/token", endless)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err == nil {
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%d", resp.StatusCode)
		}
	}
	if n := endless.read.Load(); n > 8<<20 {
		t.Errorf("%d bytes were taken", n)
	}
}

type countingReader struct{ read atomic.Int64 }

func (r *countingReader) Read(p []byte) (int, error) {
	r.read.Add(int64(len(p)))
	return copy(p, strings.Repeat("a", len(p))), nil
}

// Mistakes in a configuration: all at once, by field, and no secret.
func TestConfigMistakes(t *testing.T) {
	lawful := func() oidcproxy.Config {
		return oidcproxy.Config{Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy"}, ResourceURL: resource, LazyDiscovery: true}
	}
	for field, change := range map[string]func(*oidcproxy.Config){
		"":                             nil,
		"ResourceURL R2 relative":      func(c *oidcproxy.Config) { c.ResourceURL = "/mcp" },
		"ResourceURL R2 http":          func(c *oidcproxy.Config) { c.ResourceURL = "http://mcp.example.com/mcp" },
		"ResourceURL R2 query":         func(c *oidcproxy.Config) { c.ResourceURL = resource + "?a" },
		"ResourceURL R2 fragment":      func(c *oidcproxy.Config) { c.ResourceURL = resource + "#" },
		"ResourceURL R2 user":          func(c *oidcproxy.Config) { c.ResourceURL = "https://a@mcp.example.com/mcp" },
		"ResourceURL R2 dots":          func(c *oidcproxy.Config) { c.ResourceURL = issuer + "/a/../mcp" },
		"ResourceURL R2 port":          func(c *oidcproxy.Config) { c.ResourceURL = "https://mcp.example.com:443/mcp" },
		"IssuerURL R2 slash":           func(c *oidcproxy.Config) { c.IssuerURL = issuer + "/" },
		"IssuerURL other host":         func(c *oidcproxy.Config) { c.IssuerURL = "https://other.example.com" },
		"IssuerURL below the resource": func(c *oidcproxy.Config) { c.IssuerURL = resource + "/oauth" },
		"CallbackPath":                 func(c *oidcproxy.Config) { c.CallbackPath = "token" },
		"CallbackPath taken":           func(c *oidcproxy.Config) { c.CallbackPath = "/token" },
		"Scopes":                       func(c *oidcproxy.Config) { c.Scopes = []oidcproxy.Scope{{Name: "a b"}} },
		"Scopes twice":                 func(c *oidcproxy.Config) { c.Scopes = []oidcproxy.Scope{{Name: "a"}, {Name: "a"}} },
		"DefaultScopes":                func(c *oidcproxy.Config) { c.DefaultScopes = []string{"a"} },
		"RedirectURIs":                 func(c *oidcproxy.Config) { c.RedirectURIs = []string{"https://a.*.example/"} },
		"RedirectURIs top":             func(c *oidcproxy.Config) { c.RedirectURIs = []string{"https://*.com/cb"} },
		"RedirectURIs part":            func(c *oidcproxy.Config) { c.RedirectURIs = []string{"https://a.example/x*"} },
		"Registration.Mode":            func(c *oidcproxy.Config) { c.Registration.Mode = "x" },
		"RedirectURIs app":             func(c *oidcproxy.Config) { c.RedirectURIs = []string{"com.example.app:/cb*"} },
		"Upstream.PrivateKey P-384": func(c *oidcproxy.Config) {
			c.Upstream.PrivateKey, _ = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
		},
		"Lifetimes.ReuseGrace tiny":    func(c *oidcproxy.Config) { c.Lifetimes.ReuseGrace = 1 },
		"Lifetimes.ReuseGrace many":    func(c *oidcproxy.Config) { c.Lifetimes.ReuseGrace, c.Lifetimes.AccessToken = hour, time.Minute },
		"RateLimits.Revoke":            func(c *oidcproxy.Config) { c.RateLimits.Revoke.Burst = -1 },
		"RedirectURIs query":           func(c *oidcproxy.Config) { c.RedirectURIs = []string{"https://a.example/x?y=*"} },
		"Registration.Mode of a token": func(c *oidcproxy.Config) { c.Registration.InitialToken = "a-secret-token-of-thirty-two-bytes" },
		"DeniedClients unknown":        func(c *oidcproxy.Config) { c.DeniedClients = []string{"???"} },
		"DeniedClients of Clients": func(c *oidcproxy.Config) {
			c.Clients, c.DeniedClients = []oidcproxy.Client{{ID: "a", RedirectURIs: []string{clientCB}}}, []string{"a"}
		},
		"Clients[0].Scopes": func(c *oidcproxy.Config) {
			c.Scopes, c.RequiredScopes = []oidcproxy.Scope{{Name: "a"}}, []string{"b"}
			c.Clients = []oidcproxy.Client{{ID: "a", RedirectURIs: []string{clientCB}, Scopes: []string{"a"}}}
		},
		"Scopes to grant": func(c *oidcproxy.Config) {
			c.GrantScopes = func(context.Context, oidcproxy.Claims) ([]string, error) { return nil, nil }
		},
		"Domains at":                func(c *oidcproxy.Config) { c.Domains = []string{"@example.com"} },
		"Domains star":              func(c *oidcproxy.Config) { c.Domains = []string{"*.example.com"} },
		"Domains beyond ASCII":      func(c *oidcproxy.Config) { c.Domains = []string{"exämple.com"} },
		"Tenants":                   func(c *oidcproxy.Config) { c.Tenants = []string{""} },
		"RateLimits.Token":          func(c *oidcproxy.Config) { c.RateLimits.Token.Burst = 5 },
		"CallbackPath the endpoint": func(c *oidcproxy.Config) { c.CallbackPath = "/mcp" },
		"CallbackPath below it":     func(c *oidcproxy.Config) { c.CallbackPath = "/mcp/cb" },
		"Limits of an address":      func(c *oidcproxy.Config) { c.Limits.SignInsPerAddress = -1 },
		"Upstream.Scopes joined":    func(c *oidcproxy.Config) { c.Upstream.Scopes = []string{"openid email"} },
		"Upstream.RequiredScopes": func(c *oidcproxy.Config) {
			c.Upstream.Scopes, c.Upstream.RequiredScopes = []string{"openid"}, []string{"directory"}
		},
		"Upstream.Tenants of one":       func(c *oidcproxy.Config) { c.Upstream.Tenants = []string{"a"} },
		"Upstream.ClientSecret lines":   func(c *oidcproxy.Config) { c.Upstream.ClientSecret = "a-secret-token-of-thirty-two-bytes\n" },
		"Upstream.AuthorizeParams ages": func(c *oidcproxy.Config) { c.Upstream.AuthorizeParams = map[string]string{"max_age": "-1"} },
		"Registration.InitialToken": func(c *oidcproxy.Config) {
			c.Registration = oidcproxy.Registration{Mode: oidcproxy.RegistrationToken, InitialToken: "secret-token"}
		},
		"Clients none": func(c *oidcproxy.Config) { c.Registration.Mode = oidcproxy.RegistrationOff },
		"Clients[0].ID R25": func(c *oidcproxy.Config) {
			c.Clients = []oidcproxy.Client{{ID: "https://a.example/", RedirectURIs: []string{clientCB}}}
		},
		"Clients[0].Secret": func(c *oidcproxy.Config) {
			c.Clients = []oidcproxy.Client{{ID: "a", Secret: "secret-token", RedirectURIs: []string{clientCB}}}
		},
		"Clients[0].RedirectURIs": func(c *oidcproxy.Config) {
			c.Clients = []oidcproxy.Client{{ID: "a", RedirectURIs: []string{"http://a.example/"}}}
		},
		"SkipConsent R76":       func(c *oidcproxy.Config) { c.SkipConsent = true },
		"Lifetimes.Code":        func(c *oidcproxy.Config) { c.Lifetimes.Code = hour },
		"Lifetimes.ReuseGrace":  func(c *oidcproxy.Config) { c.Lifetimes.ReuseGrace = 2 * hour },
		"Lifetimes.RefreshIdle": func(c *oidcproxy.Config) { c.Lifetimes.RefreshIdle = time.Minute },
		"Limiter":               func(c *oidcproxy.Config) { c.Limiter = (*tally)(nil) },
		"Limits":                func(c *oidcproxy.Config) { c.Limits.SignIns = -1 },
		"Limits.StatusCache":    func(c *oidcproxy.Config) { c.Limits.StatusCache = time.Minute },
		"InvalidGrantStatus":    func(c *oidcproxy.Config) { c.InvalidGrantStatus = 403 },
		"PageSources":           func(c *oidcproxy.Config) { c.PageSources = []string{"x; script-src *"} },
		"Upstream.ClientID":     func(c *oidcproxy.Config) { c.Upstream.ClientID = "" },
		"Upstream.Issuer":       func(c *oidcproxy.Config) { c.Upstream.Issuer = "" },
		"Upstream.Issuer http":  func(c *oidcproxy.Config) { c.Upstream.Issuer = "http://idp.example.com" },
		"Upstream.Issuer not told": func(c *oidcproxy.Config) {
			c.Upstream.Issuer, c.Upstream.DiscoveryURL = "", "https://idp.example.com/x"
		},
		"Upstream.Tenants":         func(c *oidcproxy.Config) { c.Upstream.Issuer = "https://login.microsoftonline.com/{tenantid}/v2.0" },
		"Upstream.TokenURL":        func(c *oidcproxy.Config) { c.Upstream.AuthorizationURL = "https://idp.example.com/a" },
		"Upstream.AuthMethod":      func(c *oidcproxy.Config) { c.Upstream.AuthMethod = "tls" },
		"Upstream.ClientSecret":    func(c *oidcproxy.Config) { c.Upstream.AuthMethod = "client_secret_post" },
		"Upstream.PrivateKey":      func(c *oidcproxy.Config) { c.Upstream.AuthMethod = "private_key_jwt" },
		"Upstream.AuthorizeParams": func(c *oidcproxy.Config) { c.Upstream.AuthorizeParams = map[string]string{"state": "x"} },
		"Upstream.TokenParams":     func(c *oidcproxy.Config) { c.Upstream.TokenParams = map[string]string{"code": "x"} },
		"Upstream.Scopes":          func(c *oidcproxy.Config) { c.Upstream.Scopes = []string{"profile"} },
		"Upstream.Algorithms":      func(c *oidcproxy.Config) { c.Upstream.Algorithms = []string{"HS256"} },
	} {
		cfg := lawful()
		if change == nil {
			p, err := oidcproxy.New(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			_ = p.Close()
			continue
		}
		change(&cfg)
		_, err := oidcproxy.New(t.Context(), cfg)
		name, _, _ := strings.Cut(field, " ")
		if err == nil || !strings.Contains(err.Error(), "oidcproxy.Config."+name+" ") || strings.Contains(err.Error(), "secret-token") {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := oidcproxy.New(t.Context(), oidcproxy.Config{CallbackPath: "x", InvalidGrantStatus: 1})
	for _, field := range []string{"ResourceURL", "CallbackPath", "InvalidGrantStatus", "Upstream.ClientID", "Upstream.Issuer"} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("not all at once: %v", err)
		}
	}
}

// R147: what ends with the process is said at start.
func TestR147Warnings(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.Keys, c.Store = nil, nil })
	for _, text := range []string{"no master keys were given", "no store was given"} {
		if !strings.Contains(rg.logged(), text) {
			t.Errorf("the log lacks %q", text)
		}
	}
	if rg.signedIn().access == "" {
		t.Error("it does not work")
	}
}
