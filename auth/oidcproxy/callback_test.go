package oidcproxy_test

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// begun goes as far as the identity provider's answer.
func (b *browser) begun(client string) (back string) {
	b.Helper()
	return b.atUpstream(b.answerForm(b.authorize(asking(client)).field(b.TB), "approve").link(b.TB))
}

// D44, D54, R87: a callback counts in the browser that began the sign-in, errors too; any other neither redirects nor consumes.
func TestD44CallbackInAnotherBrowser(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	attacker := rg.browser()
	back := attacker.begun(client)
	state := queryOf(t, back).Get("state")
	victim := rg.browser()
	victim.begun(client) // has cookies of its own
	rg.wantPage("D44", victim.open(back), http.StatusBadRequest)
	rg.wantPage("D44 no cookies", rg.browser().open(back), http.StatusBadRequest)
	rg.wantPage("R87 an error", victim.open("/auth/callback?error=access_denied&state="+state), http.StatusBadRequest)
	for name := range victim.cookies { // one of the victim's under the name that the attacker's state has
		for cookie := range attacker.cookies {
			if strings.Contains(cookie, "-t-") && strings.Contains(name, "-t-") {
				victim.cookies[cookie] = victim.cookies[name]
			}
		}
	}
	rg.wantPage("D54 another secret", victim.open(back), http.StatusBadRequest)
	if n := rg.idp.Requests(authtest.TokenPath); n != 0 {
		t.Errorf("the code went to the identity provider %d times", n)
	}
	if q := attacker.open(back).location(t).Query(); q.Get("code") == "" {
		t.Errorf("the browser that began: %v", q)
	}
}

func queryOf(t testing.TB, path string) url.Values {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// D55, R88: a state works once; a guessed, an empty and a repeated one not at all.
func TestD55StateReplay(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	b := rg.browser()
	back := b.begun(client)
	cookies := maps.Clone(b.cookies)
	for name, path := range map[string]string{
		"empty": "/auth/callback?code=x&state=", "none": "/auth/callback?code=x", "guessed": "/auth/callback?code=x&state=" + strings.Repeat("A", 43),
		"state twice": back + "&state=x", "code twice": back + "&code=x", "iss twice": back + "&iss=x", "long": "/auth/callback?state=" + strings.Repeat("A", 9000),
	} {
		rg.wantPage(name, b.open(path), http.StatusBadRequest)
	}
	b.cookies = maps.Clone(cookies)
	if q := b.open(back).location(t).Query(); q.Get("code") == "" {
		t.Fatalf("%v", q)
	}
	b.cookies = maps.Clone(cookies)
	rg.wantPage("again", b.open(back), http.StatusBadRequest)
	if n := rg.idp.Requests(authtest.TokenPath); n != 1 {
		t.Errorf("%d exchanges", n)
	}
}

// D40, D41, R80, R89: who answers is checked, and what goes wrong reaches the client in a few words of ours.
func TestD41AnswersOfTheIdentityProvider(t *testing.T) {
	for name, row := range map[string]struct {
		callback func(url.Values)
		code     string
		asked    int // exchanges
	}{
		"lawful":             {nil, "", 1},
		"D41 foreign iss":    {func(q url.Values) { q.Set("iss", "https://evil.example") }, "server_error", 0},
		"D41 iss with slash": {func(q url.Values) { q.Set("iss", "https://idp.example.com/") }, "server_error", 0},
		"D41 no iss":         {func(q url.Values) { q.Del("iss") }, "server_error", 0},
		"R89 denied":         {upstreamError("access_denied"), "access_denied", 0},
		"R89 account":        {upstreamError("account_selection_required"), "access_denied", 0},
		"R89 login":          {upstreamError("login_required"), "access_denied", 0},
		"R89 unavailable":    {upstreamError("temporarily_unavailable"), "temporarily_unavailable", 0},
		"R89 anything":       {upstreamError("<script>secret-text</script>"), "server_error", 0},
		"R89 invalid_scope":  {upstreamError("invalid_scope"), "server_error", 0},
		"line breaks": {func(q url.Values) {
			upstreamError("access_denied")(q)
			q.Set("error_description", "declined.\r\nTrace ID: 0;\x00")
		}, "access_denied", 0},
		"what is not read": {nil, "", 1},
		"no code":          {func(q url.Values) { q.Del("code") }, "server_error", 0},
		"wrong code":       {func(q url.Values) { q.Set("code", "x") }, "server_error", 1},
	} {
		rg := newRig(t, nil)
		rg.idp.Tamper(authtest.Tampering{Callback: row.callback})
		b := rg.browser()
		back := b.begun(rg.client())
		if name == "what is not read" {
			back += "&error_description=%E9&x=%&session_state=a&session_state=b&c;d"
		}
		a := b.open(back)
		if row.code == "" {
			if q := a.location(t).Query(); q.Get("code") == "" || q.Get("error") != "" {
				t.Errorf("%s: %v", name, q)
			}
			continue
		}
		rg.wantRefusal(name, a, row.code, "client-state")
		if strings.Contains(a.Header.Get("Location"), "secret-text") || strings.Contains(rg.logged(), "<script>") {
			t.Errorf("%s: the provider's text goes on: %s", name, a.Header.Get("Location"))
		}
		if n := rg.idp.Requests(authtest.TokenPath); n != row.asked {
			t.Errorf("%s: %d exchanges, want %d", name, n, row.asked)
		}
		if rg.happened(oidcproxy.EventLoginFailed) != 1 {
			t.Errorf("%s: no event", name)
		}
	}
	rg := newRigWith(t, authtest.Options{NoIssParameter: true}, nil)
	if q := rg.browser().signIn(asking(rg.client())); q.Get("code") == "" {
		t.Errorf("a provider without iss: %v", q)
	}
}

func upstreamError(code string) func(url.Values) {
	return func(q url.Values) {
		q.Del("code")
		q.Set("error", code)
		q.Set("error_description", "secret-text of the provider")
	}
}

// D56, R81: an ID token that does not prove who signed in gives no code and stores no grant.
func TestD56IDTokens(t *testing.T) {
	set := func(name string, value any) func(map[string]any) {
		return func(claims map[string]any) {
			claims[name] = value
			if value == nil {
				delete(claims, name)
			}
		}
	}
	now := time.Now().Unix()
	for name, tampering := range map[string]authtest.Tampering{
		"nonce":           {IDToken: set("nonce", "x")},
		"no nonce":        {IDToken: set("nonce", nil)},
		"aud":             {IDToken: set("aud", "other")},
		"aud of several":  {IDToken: set("aud", []string{"proxy", "other"})}, // without azp
		"azp":             {IDToken: set("azp", "other")},
		"iss":             {IDToken: set("iss", "https://evil.example")},
		"iss with slash":  {IDToken: set("iss", "https://idp.example.com/")},
		"no sub":          {IDToken: set("sub", nil)},
		"empty sub":       {IDToken: set("sub", "")},
		"long sub":        {IDToken: set("sub", strings.Repeat("s", 256))},
		"expired":         {IDToken: set("exp", now-120)},
		"no exp":          {IDToken: set("exp", nil)},
		"no iat":          {IDToken: set("iat", nil)},
		"iat ahead":       {IDToken: set("iat", now+600)},
		"nbf ahead":       {IDToken: set("nbf", now+600)},
		"at_hash":         {IDToken: set("at_hash", "x")},
		"kid":             {IDTokenHeader: map[string]any{"kid": "unknown"}},
		"crit":            {IDTokenHeader: map[string]any{"crit": []string{"x"}}},
		"other signature": {RawIDToken: func(good string) string { return good[:len(good)-8] + "AAAAAAAA" }},
		"alg none":        {RawIDToken: withoutSignature},
		"HS256":           {RawIDToken: signedWithSecret},
		"no token":        {TokenResponse: set("id_token", nil)},
		"no access token": {TokenResponse: set("access_token", nil)},
		"twice a member":  {RawIDToken: func(string) string { return "a.b.c" }},
		"no token at all": {TokenResponse: func(body map[string]any) { clear(body) }},
	} {
		rg := newRig(t, nil)
		rg.idp.Tamper(tampering)
		b := rg.browser()
		a := b.open(b.begun(rg.client()))
		rg.wantRefusal(name, a, "server_error", "client-state")
		for key := range rg.store.(*counting).live() {
			if strings.Contains(key, "grant") {
				t.Errorf("%s: a grant is stored", name)
			}
		}
	}
	for name, tampering := range map[string]authtest.Tampering{
		"azp is ours":   {IDToken: func(c map[string]any) { c["aud"], c["azp"] = []string{"proxy", "other"}, "proxy" }},
		"no at_hash":    {IDToken: set("at_hash", nil)},
		"leeway":        {IDToken: set("exp", now-30)},
		"clock of 30 s": {IDToken: set("iat", now+30)},
	} {
		rg := newRig(t, nil)
		rg.idp.Tamper(tampering)
		if q := rg.browser().signIn(asking(rg.client())); q.Get("code") == "" {
			t.Errorf("%s: %v\n%s", name, q, rg.logged())
		}
	}
	for _, algorithm := range []string{"RS256", "PS256", "ES256", "EdDSA"} {
		rg := newRigWith(t, authtest.Options{Algorithm: algorithm}, nil)
		if q := rg.browser().signIn(asking(rg.client())); q.Get("code") == "" {
			t.Errorf("%s: %v\n%s", algorithm, q, rg.logged())
		}
	}
	rg := newRigWith(t, authtest.Options{Algorithm: "ES256"}, func(c *oidcproxy.Config) { c.Upstream.Algorithms = []string{"RS256"} })
	b := rg.browser()
	rg.wantRefusal("an algorithm that the operator excludes", b.open(b.begun(rg.client())), "server_error", "client-state")
}

func withoutSignature(good string) string {
	parts := strings.Split(good, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
}

func signedWithSecret(good string) string {
	claims := jwt.MapClaims{}
	_, _, _ = jwt.NewParser().ParseUnverified(good, claims)
	signed, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(upSecret))
	return signed
}

// R82: userinfo counts only if it is about the same user.
func TestR82UserInfo(t *testing.T) {
	var seen oidcproxy.Claims
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.Upstream.UserInfo = true
		c.Authorize = func(_ context.Context, user oidcproxy.Claims) error { seen = user; return nil }
	})
	rg.idp.Tamper(authtest.Tampering{UserInfo: func(claims map[string]any) {
		claims["groups"], claims["email"] = []string{"admins"}, "other@example.com"
	}})
	if q := rg.browser().signIn(asking(rg.client())); q.Get("code") == "" || len(seen.List("groups")) != 1 || seen.Text("email") != "user@example.com" {
		t.Errorf("%v %v", q, seen)
	}
	rg.idp.Tamper(authtest.Tampering{UserInfo: func(claims map[string]any) { claims["sub"] = "other" }})
	b := rg.browser()
	rg.wantRefusal("D56 other sub", b.open(b.begun(rg.client())), "server_error", "client-state")
}

// R84, R83: who is admitted, and with which scopes; what cannot be decided is a refusal.
func TestR84Admission(t *testing.T) {
	claim := func(name string, value any) map[string]any { return map[string]any{name: value} }
	groups := func(_ context.Context, user oidcproxy.Claims) ([]string, error) {
		switch list := user.List("groups"); {
		case len(list) == 0:
			return nil, nil
		case list[0] == "broken":
			return nil, errors.New("secret-cause")
		case list[0] == "panic":
			panic("secret-cause")
		case list[0] == "later":
			return nil, oidcproxy.ErrTryAgain
		case list[0] == "admins":
			return []string{"mcp:read", "mcp:write", "other"}, nil
		}
		return []string{"mcp:read"}, nil
	}
	for name, row := range map[string]struct {
		change func(*oidcproxy.Config)
		claims map[string]any
		scope  string // of the answer
		code   string // or the error
	}{
		"tenant":                {func(c *oidcproxy.Config) { c.Tenants = []string{"t1", "t2"} }, claim("tid", "t2"), "mcp:read mcp:write", ""},
		"other tenant":          {func(c *oidcproxy.Config) { c.Tenants = []string{"t1"} }, claim("tid", "t2"), "", "access_denied"},
		"no tenant":             {func(c *oidcproxy.Config) { c.Tenants = []string{"t1"} }, nil, "", "access_denied"},
		"empty list of tenants": {func(c *oidcproxy.Config) { c.Tenants = []string{} }, claim("tid", ""), "", "access_denied"},
		"domain":                {func(c *oidcproxy.Config) { c.Domains = []string{"example.com"} }, map[string]any{"email": "a@Example.com", "email_verified": true}, "mcp:read mcp:write", ""},
		"R83 not verified":      {func(c *oidcproxy.Config) { c.Domains = []string{"example.com"} }, map[string]any{"email": "a@example.com", "email_verified": false}, "", "access_denied"},
		"R83 other domain":      {func(c *oidcproxy.Config) { c.Domains = []string{"example.com"} }, map[string]any{"email": "a@evilexample.com", "email_verified": true}, "", "access_denied"},
		"R83 subdomain":         {func(c *oidcproxy.Config) { c.Domains = []string{"example.com"} }, map[string]any{"email": "a@x.example.com", "email_verified": true}, "", "access_denied"},
		"R83 folding letters":   {func(c *oidcproxy.Config) { c.Domains = []string{"sky.example"} }, map[string]any{"email": "a@\u017fky.example", "email_verified": true}, "", "access_denied"},
		"R83 capitals":          {func(c *oidcproxy.Config) { c.Domains = []string{"example.com"} }, map[string]any{"email": "a@Example.COM", "email_verified": true}, "mcp:read mcp:write", ""},
		"R83 two at signs":      {func(c *oidcproxy.Config) { c.Domains = []string{"example.com"} }, map[string]any{"email": "a@example.com@evil.example", "email_verified": true}, "", "access_denied"},
		"all scopes":            {func(c *oidcproxy.Config) { c.GrantScopes = groups }, claim("groups", []string{"admins"}), "mcp:read mcp:write", ""},
		"D93 fewer scopes":      {func(c *oidcproxy.Config) { c.GrantScopes = groups }, claim("groups", "users"), "mcp:read", ""},
		"D93 no scopes":         {func(c *oidcproxy.Config) { c.GrantScopes = groups }, nil, "", "access_denied"},
		"D93 not the required":  {func(c *oidcproxy.Config) { c.GrantScopes, c.RequiredScopes = groups, []string{"mcp:write"} }, claim("groups", "users"), "", "access_denied"},
		"an error":              {func(c *oidcproxy.Config) { c.GrantScopes = groups }, claim("groups", "broken"), "", "access_denied"},
		"a panic":               {func(c *oidcproxy.Config) { c.GrantScopes = groups }, claim("groups", "panic"), "", "access_denied"},
		"later":                 {func(c *oidcproxy.Config) { c.GrantScopes = groups }, claim("groups", "later"), "", "temporarily_unavailable"},
		"Authorize refuses": {func(c *oidcproxy.Config) {
			c.Authorize = func(context.Context, oidcproxy.Claims) error { return errors.New("secret-cause") }
		}, nil, "", "access_denied"},
	} {
		rg := newRig(t, row.change)
		rg.idp.SignIn(authtest.User{Subject: "ann", Claims: row.claims})
		client := rg.client()
		b := rg.browser()
		a := b.open(b.atUpstream(b.answerForm(b.authorize(asking(client, "scope", "mcp:read mcp:write")).field(t), "approve").link(t)))
		if row.code != "" {
			rg.wantRefusal(name, a, row.code, "client-state")
			if strings.Contains(a.Header.Get("Location"), "secret-cause") {
				t.Errorf("%s: the cause is told", name)
			}
			continue
		}
		f := rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, a.location(t).Query().Get("code"))))
		if f.scope != row.scope {
			t.Errorf("%s: %q, want %q", name, f.scope, row.scope)
		}
	}
}
