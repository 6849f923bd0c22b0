package oidcproxy_test

import (
	"crypto/ed25519"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// benchRig is a rig for benchmarks: without limits, log and audit, on a memory store.
func benchRig(b *testing.B, change func(*oidcproxy.Config)) *rig {
	b.Helper()
	off := oidcproxy.Rate{PerSecond: -1}
	rg := &rig{TB: b, idp: authtest.NewProvider(authtest.Options{BaseURL: "https://idp.example.com", Algorithm: "EdDSA"})}
	rg.idp.AddClient(authtest.Client{ID: "proxy", Secret: upSecret, RedirectURIs: []string{issuer + "/auth/callback"}})
	keys, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		b.Fatal(err)
	}
	cfg := oidcproxy.Config{
		Upstream:    oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy", ClientSecret: upSecret},
		ResourceURL: resource, Keys: keys, HTTPClient: rg.idp.Client(), Store: store.NewMemory(store.MemoryConfig{MaxEntries: 1 << 20, MaxBytes: 1 << 30}),
		Scopes:     []oidcproxy.Scope{{Name: "mcp:read"}, {Name: "mcp:write"}},
		RateLimits: oidcproxy.RateLimits{Register: off, Authorize: off, Consent: off, Callback: off, Token: off, Revoke: off},
		Limits:     oidcproxy.Limits{SignIns: 1 << 30, GrantsPerClient: 1 << 30, GrantsPerUser: 1 << 30},
	}
	if change != nil {
		change(&cfg)
	}
	rg.p, err = oidcproxy.New(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = rg.p.Close() })
	rg.handler = rg.mount(rg.p)
	return rg
}

// BenchmarkAccessToken verifies an access token at first sight, and one that was seen before, beside one Ed25519 verification.
func BenchmarkAccessToken(b *testing.B) {
	rg := benchRig(b, nil)
	f := signInFor(b, rg)
	r := httptest.NewRequest(http.MethodPost, resource, nil)
	r.Header.Set("Authorization", "Bearer "+f.access)
	dot := strings.LastIndexByte(f.access, '.')
	signed, signature := []byte(f.access[:dot]), make([]byte, ed25519.SignatureSize)
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	copy(signature, ed25519.Sign(private, signed))
	b.Run("floor Ed25519", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if !ed25519.Verify(public, signed, signature) {
				b.Fatal("not verified")
			}
		}
	})
	b.Run("first sight", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rg.p.ForgetToken(f.access)
			if _, err := rg.p.Authenticate(r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("seen before", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := rg.p.Authenticate(r); err != nil {
				b.Fatal(err)
			}
		}
	})
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	handler := auth.Middleware(rg.p, auth.MiddlewareConfig{})(next)
	b.Run("seen before, with the middleware", func(b *testing.B) {
		b.ReportAllocs()
		w := httptest.NewRecorder()
		for b.Loop() {
			handler.ServeHTTP(w, r)
		}
	})
}

func signInFor(b *testing.B, rg *rig) family {
	b.Helper()
	f := rg.signedIn()
	if f.access == "" {
		b.Fatal("no sign-in")
	}
	return f
}

// BenchmarkFlow is a whole flow: register, authorize, consent, callback, token. The identity provider is in process, and its own time is in it.
func BenchmarkFlow(b *testing.B) {
	rg := benchRig(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		signInFor(b, rg)
	}
}

// BenchmarkRefresh is a refresh with its question to the identity provider in process.
func BenchmarkRefresh(b *testing.B) {
	rg := benchRig(b, func(c *oidcproxy.Config) { c.Lifetimes.ReuseGrace = -1 }) // or there would be too many within it
	f := signInFor(b, rg)
	b.ReportAllocs()
	for b.Loop() {
		f = rg.refreshed(f)
	}
}

// heap is what lives after a collection.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// BenchmarkRegistrations registers a million clients, and reports what that leaves in memory.
func BenchmarkRegistrations(b *testing.B) {
	if testing.Short() {
		b.Skip("a million registrations")
	}
	rg := benchRig(b, nil)
	body := `{"redirect_uris":["` + clientCB + `"],"client_name":"Test app"}`
	rg.register(body)
	before := heap()
	for range 1_000_000 {
		rg.register(body)
	}
	b.ReportMetric(heap()-before, "MiB/million")
	b.ReportMetric(0, "ns/op")
	runtime.KeepAlive(rg)
}

// BenchmarkGrants reports what 100,000 live grants take, each with an upstream refresh token of 1 KiB.
func BenchmarkGrants(b *testing.B) {
	rg := benchRig(b, nil)
	rg.idp.Tamper(authtest.Tampering{TokenResponse: func(body map[string]any) { body["refresh_token"] = strings.Repeat("r", 1024) }})
	client := rg.client()
	jar := rg.browser()
	before := heap()
	const grants = 100_000
	for i := range grants {
		rg.idp.SignIn(authtest.User{Subject: fmt.Sprint("user-", i)})
		jar.cookies = map[string]string{}
		code := jar.signIn(asking(client)).Get("code")
		if a := rg.post("/token", redeeming(client, code)); a.StatusCode != http.StatusOK {
			b.Fatal(a.body)
		}
		rg.idp.Forget()
	}
	b.ReportMetric(heap()-before, "MiB/100k")
	b.ReportMetric(0, "ns/op")
	runtime.KeepAlive(rg)
}
