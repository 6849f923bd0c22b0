package oidcproxy_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// wantRefusal checks that an answer tells the client an error, with its state and who answers (R52, D40).
func (rg *rig) wantRefusal(what string, a answer, code, state string) {
	rg.Helper()
	location := a.Header.Get("Location")
	u, err := url.Parse(location)
	if err != nil || a.StatusCode != http.StatusSeeOther || a.body != "" || !strings.HasPrefix(location, clientCB+"?") {
		rg.Errorf("%s: %d to %q: %.200s", what, a.StatusCode, location, a.body)
		return
	}
	q := u.Query()
	if q.Get("error") != code || q.Get("state") != state || q.Has("state") != (state != "") || len(q["iss"]) != 1 || q.Get("iss") != issuer || q.Get("code") != "" {
		rg.Errorf("%s: %s, want %s", what, location, code)
	}
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
		rg.Errorf("%s: headers %v", what, a.Header)
	}
}

// What the authorization endpoint refuses, and tells the client.
func TestAuthorizeRefusals(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	for name, row := range map[string]struct {
		changes []string
		code    string
	}{
		"R46 no response_type":        {[]string{"response_type", ""}, "invalid_request"},
		"R46 token":                   {[]string{"response_type", "token"}, "unsupported_response_type"},
		"R46 code and token":          {[]string{"response_type", "code token"}, "unsupported_response_type"},
		"R47 D38 no challenge":        {[]string{"code_challenge", ""}, "invalid_request"},
		"R47 D38 plain":               {[]string{"code_challenge_method", "plain"}, "invalid_request"},
		"R47 D38 no method":           {[]string{"code_challenge_method", ""}, "invalid_request"},
		"R47 D38 short":               {[]string{"code_challenge", challengeOf(verifier)[:42]}, "invalid_request"},
		"R47 D38 long":                {[]string{"code_challenge", challengeOf(verifier) + "A"}, "invalid_request"},
		"R47 D38 other characters":    {[]string{"code_challenge", challengeOf(verifier)[:42] + "="}, "invalid_request"},
		"R48 other resource":          {[]string{"resource", "https://other.example.com/mcp"}, "invalid_target"},
		"R48 path of another":         {[]string{"resource", resource + "x"}, "invalid_target"},
		"R48 below":                   {[]string{"resource", resource + "/x"}, "invalid_target"},
		"R48 two slashes":             {[]string{"resource", resource + "//"}, "invalid_target"},
		"R48 other scheme":            {[]string{"resource", "http://mcp.example.com/mcp"}, "invalid_target"},
		"R48 other port":              {[]string{"resource", "https://mcp.example.com:8443/mcp"}, "invalid_target"},
		"R48 path in capitals":        {[]string{"resource", issuer + "/MCP"}, "invalid_target"},
		"R48 userinfo":                {[]string{"resource", "https://a@mcp.example.com/mcp"}, "invalid_target"},
		"R49 D93 no such scope":       {[]string{"scope", "mcp:admin"}, "invalid_scope"},
		"R49 D93 scope in capitals":   {[]string{"scope", "MCP:READ"}, "invalid_scope"},
		"R49 D93 look-alike":          {[]string{"scope", "mcp:rеad"}, "invalid_scope"},
		"R50 request":                 {[]string{"request", "eyJ"}, "request_not_supported"},
		"R50 request_uri":             {[]string{"request_uri", "urn:x"}, "request_uri_not_supported"},
		"R50 fragment":                {[]string{"response_mode", "fragment"}, "invalid_request"},
		"R50 form_post":               {[]string{"response_mode", "form_post"}, "invalid_request"},
		"R50 prompt none":             {[]string{"prompt", "none"}, "consent_required"},
		"R50 prompt none and another": {[]string{"prompt", "login none"}, "consent_required"},
	} {
		rg.wantRefusal(name, rg.browser().authorize(asking(client, row.changes...)), row.code, "client-state")
	}
	for name, changes := range map[string][]string{
		"R48 no resource":       {"resource", ""},
		"R48 slash":             {"resource", resource + "/"},
		"R48 host in capitals":  {"resource", "HTTPS://MCP.example.com/mcp"},
		"R48 default port":      {"resource", "https://mcp.example.com:443/mcp"},
		"R48 query":             {"resource", resource + "?tenant=1"},
		"R49 no scope":          {"scope", ""},
		"R49 OIDC scopes":       {"scope", "openid email offline_access profile"},
		"R49 one is known":      {"scope", "mcp:read mcp:admin"},
		"R50 query":             {"response_mode", "query"},
		"R50 prompt consent":    {"prompt", "consent"},
		"R51 unknown parameter": {"foo", "bar"},
		"R56 no state":          {"state", ""},
		"R56 odd state":         {"state", `{"a":"ü & = # % + / \ "}`},
		"R56 long state":        {"state", strings.Repeat("s", 4096)},
		"R45 empty is absent":   {"request", ""},
	} {
		if a := rg.browser().authorize(asking(client, changes...)); a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s %s", name, a.StatusCode, a.Header.Get("Location"), a.body)
		}
	}
	rg.wantRefusal("R56 an error without state", rg.browser().authorize(asking(client, "state", "", "scope", "x")), "invalid_scope", "")
	rg.wantPage("R45 state too long", rg.browser().authorize(asking(client, "state", strings.Repeat("s", 4097))), http.StatusBadRequest)
	rg.wantPage("R45 all too long", rg.browser().authorize(asking(client, "foo", strings.Repeat("s", 17<<10))), http.StatusBadRequest)
	several := asking(client)
	several["resource"] = []string{resource, resource + "/"}
	if a := rg.browser().authorize(several); a.StatusCode != http.StatusOK {
		t.Errorf("R48 twice ours: %d", a.StatusCode)
	}
	several["resource"] = []string{resource, "https://other.example.com/mcp"}
	rg.wantRefusal("R48 a foreign one among several", rg.browser().authorize(several), "invalid_target", "client-state")
}

// D30, R45: a parameter twice, or in two places.
func TestD30RepeatedParameters(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	for name, page := range map[string]bool{"client_id": true, "redirect_uri": true, "state": false, "code_challenge": false, "scope": false, "foo": false} {
		q := asking(client)
		q.Add(name, "x")
		q.Add(name, "x")
		a := rg.browser().authorize(q)
		switch {
		case page:
			rg.wantPage(name, a, http.StatusBadRequest)
		case name == "state":
			rg.wantRefusal(name, a, "invalid_request", "")
		default:
			rg.wantRefusal(name, a, "invalid_request", "client-state")
		}
	}
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	b := rg.browser()
	posted := b.send(http.MethodPost, "/authorize", asking(client).Encode(), form...)
	if a := b.open(posted.Header.Get("Location")); posted.StatusCode != http.StatusSeeOther || len(posted.Cookies()) != 0 || a.StatusCode != http.StatusOK {
		t.Errorf("POST: %d %v, then %d %s", posted.StatusCode, posted.Header, a.StatusCode, a.body)
	}
	rg.wantPage("query and body", b.send(http.MethodPost, "/authorize?state=x", asking(client).Encode(), form...), http.StatusBadRequest)
	rg.wantPage("another type", b.send(http.MethodPost, "/authorize", asking(client).Encode(), "Content-Type", "text/plain"), http.StatusBadRequest)
	rg.wantPage("a semicolon", b.open("/authorize?"+asking(client).Encode()+";a=b"), http.StatusBadRequest)
	rg.wantPage("a broken escape", b.open("/authorize?"+asking(client).Encode()+"&a=%zz"), http.StatusBadRequest)
	rg.wantPage("many parameters", b.open("/authorize?"+asking(client).Encode()+strings.Repeat("&a", 100)), http.StatusBadRequest)
}

// D32, R40: no error leads to an address that is not registered; D33: nothing breaks out of a header.
func TestD32OpenRedirects(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	for name, q := range map[string]url.Values{
		"unknown client":         asking("unknown", "redirect_uri", "https://evil.example/"),
		"no client":              asking("", "client_id", "", "redirect_uri", "https://evil.example/"),
		"bad scope and redirect": asking(client, "redirect_uri", "https://evil.example/", "scope", "x"),
		"D33 CR LF in redirect":  asking(client, "redirect_uri", clientCB+"\r\nSet-Cookie: a=b"),
		"D33 CR LF in scope":     asking(client, "scope", "a\r\nSet-Cookie: a=b"),
		"D33 NUL in login_hint":  asking(client, "login_hint", "a\x00b"),
	} {
		rg.wantPage(name, rg.browser().authorize(q), http.StatusBadRequest)
	}
	for _, path := range []string{"/authorize//evil.example", "/consent//evil.example", "/.well-known/oauth-protected-resource//evil.example", "/.well-known/oauth-authorization-server//evil.example"} {
		if location := rg.get(path).Header.Get("Location"); strings.Contains(location, "//evil") {
			t.Errorf("%s: to %s", path, location)
		}
	}
	for _, state := range []string{`é"<>%0d%0a`, "a\r\nSet-Cookie: a=b", "a\x00b", "a\tb"} {
		a := rg.browser().authorize(asking(client, "state", state, "scope", "x"))
		rg.wantRefusal("D33 in state", a, "invalid_scope", state)
		if len(a.Header["Location"]) != 1 || strings.ContainsAny(a.Header.Get("Location"), "\r\n\t\x00\"<>é") || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("D33: %q", a.Header)
		}
	}
}

// R56: whatever state is, up to its limit, it comes back as it was (R52).
func TestR56States(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	for name, state := range map[string]string{
		"long": strings.Repeat("a", 4096), "long and odd": strings.Repeat("<", 4096), "quotes": strings.Repeat(`"`, 4096), "controls": strings.Repeat("\x01", 4096),
		"JSON": `{"a":"b","u":"https://x/?a=1&b=2"}`, "a line break": "a\nb", "semicolon": "a;b", "letters": "é\u2028",
	} {
		if got := rg.browser().signIn(asking(client, "state", state)); got.Get("state") != state || got.Get("code") == "" {
			t.Errorf("%s: %.50q", name, got.Get("state"))
		}
	}
	if got := rg.browser().signIn(asking(client, "state", "")); got.Has("state") || got.Get("code") == "" {
		t.Errorf("none: %v", got)
	}
	rg.wantPage("too long", rg.browser().authorize(asking(client, "state", strings.Repeat("a", 4097))), http.StatusBadRequest)
}

// R58, D81, D43: the authorization endpoint stores nothing, and nobody is at the identity provider before the user has said yes (R59).
func TestD81AuthorizeStoresNothing(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.RateLimits.Authorize.PerSecond = -1 })
	client := rg.client()
	for range 2000 {
		if a := rg.browser().authorize(asking(client)); a.StatusCode != http.StatusOK || a.Header.Get("Location") != "" || strings.Contains(a.body, "idp.example.com") {
			t.Fatalf("D43: %d %s", a.StatusCode, a.body)
		}
	}
	if n := rg.entries(); n != 0 {
		t.Errorf("%d entries are stored", n)
	}
}

// R51: of what the client sends, hints reach the identity provider, and nothing else.
func TestR51WhatReachesTheIdentityProvider(t *testing.T) {
	rg := newRig(t, nil)
	b := rg.browser()
	page := b.authorize(asking(rg.client(), "login_hint", "ann@example.com", "prompt", "login consent", "max_age", "60", "ui_locales", "de en", "acr_values", "x", "claims", "{}", "hd", "evil", "audience", "evil", "id_token_hint", "x"))
	u, err := url.Parse(b.answerForm(page.field(t), "approve").link(t))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"login_hint": "ann@example.com", "prompt": "login", "max_age": "60", "ui_locales": "de en", "acr_values": "", "claims": "", "hd": "", "audience": "", "id_token_hint": "",
		"response_type": "code", "client_id": "proxy", "redirect_uri": issuer + "/auth/callback", "scope": "openid profile email offline_access", "code_challenge_method": "S256", "resource": "", "response_mode": "",
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	// R79: three independent values, none of them the client's.
	values := []string{q.Get("state"), q.Get("nonce"), q.Get("code_challenge")}
	for i, value := range values {
		if len(value) != 43 || value == challengeOf(verifier) || strings.Contains(value, "client-state") || value == values[(i+1)%3] {
			t.Errorf("R79: %q", values)
		}
	}
	again := b.authorize(asking(rg.client(), "login_hint", "a\u202eb", "max_age", "-1", "ui_locales", "d\"e"))
	u, _ = url.Parse(b.answerForm(again.field(t), "approve").link(t))
	for _, name := range []string{"login_hint", "max_age", "ui_locales"} {
		if u.Query().Has(name) {
			t.Errorf("%s of a wrong form crosses: %q", name, u.Query().Get(name))
		}
	}
	if u.Query().Get("state") == q.Get("state") || u.Query().Get("nonce") == q.Get("nonce") {
		t.Error("R79: values of two sign-ins are equal")
	}
}
