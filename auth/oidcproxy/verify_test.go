package oidcproxy_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// The conformance test of every authenticator.
func TestAuthenticator(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	rg.idp.SignIn(authtest.User{Subject: "ann"})
	other := rg.signedIn()
	bearing := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	authtest.TestAuthenticator(t, authtest.Suite{
		New:  func(*testing.T) auth.Authenticator { return unclosed{rg.p} },
		Good: bearing(f.access), Other: bearing(other.access), Secrets: []string{f.access, other.access, upSecret},
		Wrong: map[string]func(*http.Request){
			"altered": bearing(f.access[:len(f.access)-6] + "AAAAAA"), "refresh token": bearing(f.refresh), "random": bearing(strings.Repeat("x", 60)),
		},
	})
}

// unclosed stays open for the next check.
type unclosed struct{ *oidcproxy.Provider }

func (unclosed) Close() error { return nil }

// claimsOf decodes a token of ours without verifying it.
func claimsOf(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	for i, into := range []*map[string]any{&header, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
		if err == nil {
			err = json.Unmarshal(data, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

// RFC 9068 and R123: what an access token says.
func TestAccessTokens(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	header, claims := claimsOf(t, f.access)
	if header["typ"] != "at+jwt" || header["alg"] != "EdDSA" || header["kid"] != rg.get("/jwks").json(t)["keys"].([]any)[0].(map[string]any)["kid"] {
		t.Errorf("%v", header)
	}
	if claims["iss"] != issuer || claims["aud"] != resource || claims["sub"] != "user" || claims["scope"] != "mcp:read" || claims["jti"] == nil || claims["client_id"] == nil || claims["exp"].(float64)-claims["iat"].(float64) != 3600 {
		t.Errorf("%v", claims)
	}
	if text, _ := json.Marshal(claims); strings.Contains(string(text), "example.com\"") && strings.Contains(string(text), "user@") {
		t.Errorf("the token tells more than is needed: %s", text)
	}
}

// R123, D14, D16, D10: nothing but an access token of ours, for this resource, is one.
func TestWhatIsNoAccessToken(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	seed, err := rg.keys.Derive("oidcproxy signing key "+issuer, ed25519.SeedSize)
	if err != nil {
		t.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(seed[0])
	sign := func(change func(header, claims map[string]any)) string {
		header, claims := claimsOf(t, f.access)
		change(header, claims)
		head, _ := json.Marshal(header)
		body, _ := json.Marshal(claims)
		text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
		return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(text)))
	}
	if a := rg.call(sign(func(_, _ map[string]any) {})); a.StatusCode != http.StatusOK {
		t.Fatalf("the test signs wrongly: %d %s", a.StatusCode, a.body)
	}
	claim := func(name string, value any) string {
		return sign(func(_, claims map[string]any) { claims[name] = value })
	}
	head := func(name string, value any) string {
		return sign(func(header, _ map[string]any) { header[name] = value })
	}
	now := time.Now().Unix()
	for name, token := range map[string]string{
		"typ JWT": head("typ", "JWT"), "typ missing": head("typ", nil), "alg none": head("alg", "none"), "alg HS256": head("alg", "HS256"), "crit": head("crit", []string{"x"}), "jku": head("jku", "https://evil.example"),
		"zip": head("zip", "DEF"), "other kid": head("kid", "x"), "kid number": head("kid", 7), "iss": claim("iss", "https://evil.example"), "iss with slash": claim("iss", issuer+"/"), "D12 aud": claim("aud", resource+"x"),
		"D12 aud with slash": claim("aud", resource+"/"), "D12 aud list": claim("aud", []string{resource, "x"}), "D12 upstream client": claim("aud", "proxy"), "use": claim("token_use", "refresh"), "no use": claim("token_use", nil), "no sub": claim("sub", ""),
		"no client": claim("client_id", ""), "no jti": claim("jti", ""), "no grant": claim("gid", ""), "grant of nobody": claim("gid", "AAAAAAAAAAAAAAAAAAAAAA"), "grant no base64": claim("gid", "%"), "expired": claim("exp", now-1), "no exp": claim("exp", 0), "nbf ahead": claim("nbf", now+120),
		"iat ahead": claim("iat", now+120), "epoch": claim("epo", 1), "exp text": claim("exp", "9999999999"), "no idp": claim("idp", ""),
		"D14 refresh token": f.refresh, "D14 client id": f.client, "D14 code": f.code, "D16 upstream token": rg.idp.Mint(map[string]any{"aud": resource}), "D1 no signature": f.access[:strings.LastIndexByte(f.access, '.')+1],
		"D10 dots": strings.Repeat(".", 5000), "D10 two parts": "a.b", "D10 four parts": f.access + ".x", "D10 padding": f.access + "==",
	} {
		a := rg.call(token)
		rg.want(name, a, http.StatusUnauthorized, "invalid_token")
		if strings.Contains(a.body, "audience") || !strings.Contains(a.Header.Get("Www-Authenticate"), `error="invalid_token"`) {
			t.Errorf("R133 %s: %s", name, a.body)
		}
	}
	for name, token := range map[string]string{"clock 30 s behind": claim("iat", now+30), "nbf 30 s ahead": claim("nbf", now+30)} {
		if a := rg.call(token); a.StatusCode != http.StatusOK {
			t.Errorf("D90 %s: %d", name, a.StatusCode)
		}
	}
}

// R118, D73: a token elsewhere than in the header is none, and is not logged.
func TestD73TokenElsewhere(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	for name, a := range map[string]answer{
		"query": rg.get("/mcp?access_token=" + f.access), "cookie": rg.get("/mcp", "Cookie", "access_token="+f.access),
		"body": rg.post("/mcp", url.Values{"access_token": {f.access}}), "other header": rg.get("/mcp", "X-Access-Token", f.access),
	} {
		if a.StatusCode != http.StatusUnauthorized || a.code() != "" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if strings.Contains(rg.logged(), f.access) {
		t.Error("the token is logged")
	}
	if a := rg.call(f.access); strings.Contains(a.body, f.access) {
		t.Error("R138: the handler behind sees the token")
	}
	// R117: paths below the endpoint need a token too.
	if a := rg.get("/mcp/unknown"); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("R117: %d", a.StatusCode)
	}
}

// B11: access tokens end with their time; a long-lived use asks whether the grant still stands.
func TestAccessTokensEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		r := request(t, http.MethodGet, "/mcp", "", "Authorization", "Bearer "+f.access)
		who, err := rg.p.Authenticate(r)
		if err != nil || who.Check(t.Context()) != nil || who.Expires.IsZero() || who.Method != oidcproxy.Method {
			t.Fatalf("%v %v", who, err)
		}
		sleep(5 * time.Second) // that the status is remembered
		rg.failing(func(string) error { return store.ErrClosed })
		if e, ok := who.Check(t.Context()).(*auth.Error); !ok || e.Status != http.StatusServiceUnavailable {
			t.Errorf("nobody can tell: %v", e)
		}
		rg.failing(nil)
		rg.post("/revoke", url.Values{"client_id": {f.client}, "token": {f.refresh}})
		if e, ok := who.Check(t.Context()).(*auth.Error); !ok || e.Status != http.StatusUnauthorized {
			t.Errorf("revoked: %v", e)
		}
		f = rg.signedIn()
		sleep(hour - time.Second)
		if a := rg.call(f.access); a.StatusCode != http.StatusOK {
			t.Errorf("in time: %d", a.StatusCode)
		}
		sleep(time.Second)
		rg.want("late", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
		for early, want := range map[time.Duration]int{time.Second: http.StatusOK, 0: http.StatusUnauthorized} { // where it was never seen
			f = rg.signedIn()
			sleep(hour - early)
			rg.provider(nil)
			if a := rg.call(f.access); a.StatusCode != want {
				t.Errorf("first seen %s before its end: %d", early, a.StatusCode)
			}
		}
	})
}

// Revocation shows at once where it happens, and within the time of the status cache elsewhere.
func TestStatusCache(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.Limits.StatusCache = 5 * time.Second })
		here := rg.handler
		there := rg.mount(rg.provider(func(c *oidcproxy.Config) { c.Limits.StatusCache = 5 * time.Second }))
		rg.handler = here
		call := func(h http.Handler, token string) int {
			rg.handler = h
			defer func() { rg.handler = here }()
			return rg.call(token).StatusCode
		}
		for name, token := range map[string]func(family) string{"refresh token": func(f family) string { return f.refresh }, "access token": func(f family) string { return f.access }} {
			f := rg.signedIn()
			if call(here, f.access) != http.StatusOK || call(there, f.access) != http.StatusOK {
				t.Fatal("not accepted")
			}
			rg.post("/revoke", url.Values{"client_id": {f.client}, "token": {token(f)}})
			if got := call(here, f.access); got != http.StatusUnauthorized {
				t.Errorf("%s: where it happened: %d", name, got)
			}
			sleep(5 * time.Second)
			if got := call(there, f.access); got != http.StatusUnauthorized {
				t.Errorf("%s: elsewhere, after 5 s: %d", name, got)
			}
		}
	})
}

// Claims that the operator names can be read by tools, those of the last refresh; others are not kept.
func TestClaimsForTools(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.Claims, c.Limits.StatusCache = []string{"department"}, 1 })
	rg.idp.SignIn(authtest.User{Subject: "ann", Claims: map[string]any{"department": "a", "email": "ann@example.com"}})
	f := rg.signedIn()
	department := func(token string) (text string) {
		who, err := rg.p.Authenticate(request(t, http.MethodGet, "/mcp", "", "Authorization", "Bearer "+token))
		if err != nil {
			t.Fatal(err)
		}
		if has, _ := who.Claim("email", new(string)); has {
			t.Error("a claim that nobody asked for is kept")
		}
		if _, err := who.Claim("department", &text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	if got := department(f.access); got != "a" {
		t.Errorf("%q", got)
	}
	rg.idp.SignIn(authtest.User{Subject: "ann", Claims: map[string]any{"department": "b"}})
	f2 := rg.refreshed(f)
	if got := department(f2.access); got != "b" {
		t.Errorf("after a refresh: %q", got)
	}
	if got := department(f.access); got != "b" {
		t.Errorf("the older token after a refresh: %q", got)
	}
}

// D89: master keys are exchanged between each two steps; with the old one still in the ring nothing breaks. Without it everybody signs in again.
func TestD89KeyRotation(t *testing.T) {
	rg := newRig(t, nil)
	masters := [][]byte{store.GenerateKey()}
	rotate := func(lose bool) {
		masters = append([][]byte{store.GenerateKey()}, masters...)
		if lose {
			masters = masters[:1]
		}
		keys, err := store.NewKeyring(masters...)
		if err != nil {
			t.Fatal(err)
		}
		rg.keys = keys
		rg.p = rg.provider(nil)
	}
	rotate(true)
	client := rg.client()
	rotate(false)
	b := rg.browser()
	page := b.authorize(asking(client))
	rotate(false)
	link := b.answerForm(page.field(t), "approve").link(t)
	rotate(false)
	back := b.open(rg.atUpstream(link)).location(t)
	rotate(false)
	f := rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, back.Query().Get("code"))))
	rotate(false)
	if a := rg.call(f.access); a.StatusCode != http.StatusOK {
		t.Fatalf("access token: %d", a.StatusCode)
	}
	if keys := rg.get("/jwks").json(t)["keys"].([]any); len(keys) != len(masters) {
		t.Errorf("%d keys are published of %d", len(keys), len(masters))
	}
	g := rg.refreshed(f)
	rotate(false)
	if again := rg.refreshed(f); again.refresh != g.refresh {
		t.Error("the successor of before is lost")
	}
	g = rg.refreshed(g)
	rotate(true)
	rg.want("lost keys: access token", rg.call(g.access), http.StatusUnauthorized, "invalid_token")
	rg.want("lost keys: client", rg.post("/token", refreshing(client, g.refresh)), http.StatusUnauthorized, "invalid_client")
	rg.wantPage("lost keys: client", rg.browser().authorize(asking(client)), http.StatusBadRequest)
	if rg.signedIn().access == "" {
		t.Error("nobody can sign in anew")
	}
}

// D90: a clock that jumps back revives nothing that has ended.
func TestD90ClockJumpsBack(t *testing.T) {
	var offset atomic.Int64 // read in the background too
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.Clock = func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	})
	f := rg.signedIn() // its access token is not used, and so not remembered
	offset.Store(int64(-hour))
	rg.want("before it was issued", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
	offset.Store(0)
	rg.post("/revoke", url.Values{"client_id": {f.client}, "token": {f.refresh}})
	offset.Store(int64(-hour))
	rg.want("revoked", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
	rg.want("code", rg.post("/token", redeeming(f.client, f.code)), http.StatusBadRequest, "invalid_grant")
}
