package oidcproxy_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// D50, R72, R75: what was remembered counts for the same request of the same client only; what has changed is asked again.
func TestD50RememberedConsentAfterChanges(t *testing.T) {
	other := "https://app.example.com/other"
	client := func(change func(*oidcproxy.Client)) func(*oidcproxy.Config) {
		return func(c *oidcproxy.Config) { change(&c.Clients[0]) }
	}
	two := client(func(c *oidcproxy.Client) { c.RedirectURIs = []string{clientCB, other} })
	rg := newRig(t, remembering(two))
	rotated, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	b := rg.told(asking("web"))
	for name, row := range map[string]struct {
		change func(*oidcproxy.Config)
		asking []string
		asked  bool
	}{
		"the same":               {nil, nil, false},
		"another state":          {nil, []string{"state", "x"}, false},
		"another challenge":      {nil, []string{"code_challenge", challengeOf(strings.Repeat("x", 43))}, false},
		"R75 another scope":      {nil, []string{"scope", "mcp:write"}, true},
		"R75 one scope more":     {nil, []string{"scope", "mcp:read mcp:write"}, true},
		"R75 the default scopes": {nil, []string{"scope", ""}, true},
		"another redirect URI":   {nil, []string{"redirect_uri", other}, true},
		"another client":         {func(c *oidcproxy.Config) { c.Clients[0].ID = "web2" }, []string{"client_id", "web2"}, true},
		"another name":           {client(func(c *oidcproxy.Client) { c.Name = "Web App" }), nil, true},
		"a secret":               {client(func(c *oidcproxy.Client) { c.Secret = secretOf32 }), nil, true},
		"a redirect URI more":    {client(func(c *oidcproxy.Client) { c.RedirectURIs = append(c.RedirectURIs, other+"/2") }), nil, true},
		"a redirect URI less":    {client(func(c *oidcproxy.Client) { c.RedirectURIs = c.RedirectURIs[:1] }), nil, true},
		"redirect URIs turned":   {client(func(c *oidcproxy.Client) { slices.Reverse(c.RedirectURIs) }), nil, false},
		"scopes of the client":   {client(func(c *oidcproxy.Client) { c.Scopes = []string{"mcp:read", "mcp:write"} }), nil, true},
		"one configured scope":   {func(c *oidcproxy.Config) { c.Scopes = append(c.Scopes, oidcproxy.Scope{Name: "mcp:zzz"}) }, nil, true},
		"scopes turned":          {func(c *oidcproxy.Config) { slices.Reverse(c.Scopes) }, nil, false},
		"words for a scope":      {func(c *oidcproxy.Config) { c.Scopes[0].Description = "See all settings" }, nil, false},
		"another resource":       {func(c *oidcproxy.Config) { c.ResourceURL = issuer + "/other" }, []string{"resource", issuer + "/other"}, true},
		"another issuer":         {func(c *oidcproxy.Config) { c.IssuerURL = issuer + "/oauth" }, nil, true},
		"other keys":             {func(c *oidcproxy.Config) { c.Keys = rotated }, nil, true},
		"R73 no longer https":    {client(func(c *oidcproxy.Client) { c.RedirectURIs = []string{"http://localhost/cb"} }), []string{"redirect_uri", "http://localhost:7777/cb"}, true},
		"switched off":           {func(c *oidcproxy.Config) { c.RememberConsent = 0 }, nil, true},
		"a longer time":          {func(c *oidcproxy.Config) { c.RememberConsent = 30 * day }, nil, false},
		"another setting":        {func(c *oidcproxy.Config) { c.Lifetimes.AccessToken = hour / 2 }, nil, false},
	} {
		rg.provider(remembering(two, func(c *oidcproxy.Config) {
			if row.change != nil {
				row.change(c)
			}
		}))
		path := "/authorize?"
		if name == "another issuer" {
			path = "/oauth" + path
		}
		visitor := rg.browser()
		visitor.cookies = maps.Clone(b.cookies)
		rg.wantAsked(name, visitor.open(path+asking("web", row.asking...).Encode(), ownVisit...), row.asked)
	}
	rg.provider(remembering(two, func(c *oidcproxy.Config) { c.Clients = nil }))
	rg.wantPage("a client that is gone", b.visit(asking("web")), http.StatusBadRequest)
}

// D50, R39, R72: an approval of a client with a document is remembered, and void when the document says something else.
func TestD50RememberedConsentAndDocuments(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		k, other := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA), newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		before := map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": k.jwks()}
		for name, row := range map[string]struct {
			changes map[string]any
			asked   bool
		}{
			"the same": {nil, false}, "a member that means nothing": {map[string]any{"logo_uri": "https://app.example.com/logo"}, false},
			"another name": {map[string]any{"client_name": "Other"}, true}, "a redirect URI more": {map[string]any{"redirect_uris": []string{clientCB, clientCB + "/2"}}, true},
			"another method": {map[string]any{"token_endpoint_auth_method": "none"}, true}, "another key": {map[string]any{"jwks": other.jwks()}, true},
			"no refresh tokens": {map[string]any{"grant_types": []string{"authorization_code"}}, true},
		} {
			rg, pub := documented(t, before, remembering())
			b := rg.told(asking(documentID))
			rg.wantAsked(name+", before", b.visit(asking(documentID)), false)
			changed := maps.Clone(before)
			maps.Copy(changed, row.changes)
			pub.publish(documentID, pub.document(documentID, changed))
			sleep(6 * time.Minute)
			rg.wantAsked(name, b.visit(asking(documentID)), row.asked)
		}
		rg, pub := documented(t, map[string]any{"redirect_uris": []string{"http://localhost/callback"}}, remembering()) // R73
		b := rg.told(asking(documentID, "redirect_uri", "http://localhost:4711/callback"))
		rg.wantAsked("on loopback", b.visit(asking(documentID, "redirect_uri", "http://localhost:4711/callback")), true)
		rg.provider(pub.with(remembering(func(c *oidcproxy.Config) { c.RememberUnverified = true })))
		b = rg.told(asking(documentID, "redirect_uri", "http://localhost:4711/callback"))
		rg.wantAsked("on loopback, if the operator likes", b.visit(asking(documentID, "redirect_uri", "http://localhost:4712/callback")), false)
	})
}

const secretOf32 = "a-secret-of-the-client-with-32-bytes-or-more"

// R75: an approval covers fewer scopes than it was for, and a wider one takes its place.
func TestR75ScopesOfRememberedConsent(t *testing.T) {
	rg := newRig(t, remembering())
	b := rg.told(asking("web"))
	b.allow(b.visit(asking("web", "scope", "mcp:read mcp:write")))
	for _, scope := range []string{"mcp:read mcp:write", "mcp:write", "mcp:read", ""} {
		rg.wantAsked("scope "+scope, b.visit(asking("web", "scope", scope)), false)
	}
}

// D50: what is remembered ends to the second, also where the operator has shortened it since; it is not prolonged by use.
func TestD50RememberedConsentEnds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, remembering())
		b := rg.told(asking("web"))
		sleep(2 * day)
		rg.wantAsked("after two days", b.visit(asking("web")), false)
		rg.provider(remembering(func(c *oidcproxy.Config) { c.RememberConsent = 2 * day }))
		rg.wantAsked("shortened to two days", b.visit(asking("web")), true)
		rg.provider(remembering(func(c *oidcproxy.Config) { c.RememberConsent = 30 * day }))
		sleep(5*day - time.Second)
		rg.wantAsked("a second before the end", b.visit(asking("web")), false)
		sleep(time.Second)
		rg.wantAsked("at the end", b.visit(asking("web")), true)
	})
}

// D50: keys rotate: what an older key sealed counts as long as the key is kept.
func TestD50RememberedConsentAndKeys(t *testing.T) {
	rg := newRig(t, nil)
	first, second := store.GenerateKey(), store.GenerateKey()
	use := func(keys ...[]byte) {
		ring, err := store.NewKeyring(keys...)
		if err != nil {
			t.Fatal(err)
		}
		rg.provider(remembering(func(c *oidcproxy.Config) { c.Keys = ring }))
	}
	use(first)
	b := rg.told(asking("web"))
	use(second, first)
	rg.wantAsked("rotated", b.visit(asking("web")), false)
	use(second)
	rg.wantAsked("the old key is gone", b.visit(asking("web")), true)
	use(first)
	rg.wantAsked("and is back", b.visit(asking("web")), false)
}

// D50, D53: a cookie that was changed, is of another browser, or comes twice, remembers nothing.
func TestD50ForeignCookies(t *testing.T) {
	rg := newRig(t, remembering())
	b, attacker := rg.told(asking("web")), rg.told(asking("web"))
	good, secret := b.cookies[rememberCookie], b.cookies[browserCookie]
	swapped := []byte(good)
	if swapped[40]++; swapped[40] == 'z'+1 || swapped[40] == 'Z'+1 || swapped[40] == '9'+1 || swapped[40] == '-'+1 || swapped[40] == '_'+1 {
		swapped[40] = 'A'
	}
	for name, row := range map[string]struct {
		header string
		asked  bool
	}{
		"as it was set":               {rememberCookie + "=" + good + "; " + browserCookie + "=" + secret, false},
		"changed":                     {rememberCookie + "=" + string(swapped) + "; " + browserCookie + "=" + secret, true},
		"cut":                         {rememberCookie + "=" + good[:len(good)-2] + "; " + browserCookie + "=" + secret, true},
		"longer":                      {rememberCookie + "=" + good + "AA; " + browserCookie + "=" + secret, true},
		"empty":                       {rememberCookie + "=; " + browserCookie + "=" + secret, true},
		"huge":                        {rememberCookie + "=" + strings.Repeat("A", 9000) + "; " + browserCookie + "=" + secret, true},
		"of another browser":          {rememberCookie + "=" + attacker.cookies[rememberCookie] + "; " + browserCookie + "=" + secret, true},
		"without that of the browser": {rememberCookie + "=" + good, true},
		"twice":                       {rememberCookie + "=" + good + "; " + rememberCookie + "=" + good + "; " + browserCookie + "=" + secret, true},
		"a tossed one before":         {rememberCookie + "=" + attacker.cookies[rememberCookie] + "; " + rememberCookie + "=" + good + "; " + browserCookie + "=" + secret, true},
		"two browsers":                {rememberCookie + "=" + good + "; " + browserCookie + "=" + secret + "; " + browserCookie + "=" + attacker.cookies[browserCookie], true},
		"without the prefix":          {"zscalermcp-r=" + good + "; " + browserCookie + "=" + secret, true},
		"that of a form":              {rememberCookie + "=" + b.open("/authorize?"+asking("web").Encode()).field(t) + "; " + browserCookie + "=" + secret, true},
	} {
		rg.wantAsked(name, rg.get("/authorize?"+asking("web").Encode(), append([]string{"Accept", "text/html", "Cookie", row.header}, ownVisit...)...), row.asked)
	}
}
