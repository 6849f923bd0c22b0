package oidcproxy_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// Each refused redirect URI stands beside its nearest lawful neighbour.
var redirectRows = []struct {
	id      string
	refused []string
	lawful  []string
}{
	{"D18", []string{"https://good@evil.example/", "https://good:443@evil.example/", "https://good%40evil.example/cb", "https://@evil.example/"}, []string{"https://evil.example/cb%40"}},
	{"D19", []string{
		`https:\\evil.example`, "https:/evil.example", "https:evil.example", "///evil.example", `https://good.example\@evil.example`, "https://a.example/\tb",
		"https://a.example/\rb", "https://a.example/\nb", " https://a.example/", "https://a.example/ ", `http:/\evil.example`, "//evil.example/cb", "",
	}, []string{"https://evil.example", "https://evil.example/"}},
	{"D20", []string{
		"https://аpple.example/cb", "https://a．example/cb", "https://a.example／cb", "https://xn--80ak6aa92e.example/ü", "https://a\u200b.example/cb",
		"https://%d0%b0pple.example/cb", "https://a.example/%d0%b0",
	}, []string{"https://xn--80ak6aa92e.example/cb"}},
	{"D21", []string{"https://a.example/cb#frag", "https://a.example/cb#"}, []string{"https://a.example/cb%23"}},
	{"D22", []string{"https://a.example/../cb", "https://a.example/%2e%2e/cb", "https://a.example/.%2E/cb", "https://a.example/cb/.", "https://a.example/%2fcb", "https://a.example/%5ccb"}, []string{"https://a.example/..cb", "https://a.example/cb;x=1", "https://a.example//cb"}},
	{"D23", []string{"https://a.example/cb?code=x", "https://a.example/cb?a=1&state=x", "https://a.example/cb?%69ss=x", "https://a.example/cb?error=x", "https://a.example/cb?a=%zz"}, []string{"https://a.example/cb?a=1", "https://a.example/cb?codes=x"}},
	{"D24", []string{"https://a.example:0/cb", "https://a.example:99999/cb", "https://a.example:/cb", "https://a.example:080/cb", "https://a.example:8a/cb", "http://localhost:0/cb"}, []string{"https://a.example:8443/cb", "http://localhost:65535/cb"}},
	{"D25", []string{
		"http://localhost./cb", "http://x.localhost/cb", "http://127.1/cb", "http://0x7f.1/cb", "http://2130706433/cb", "http://[::ffff:127.0.0.1]/cb",
		"http://[fe80::1%25lo]/cb", "http://localhost.evil.com/cb", "http://0177.0.0.1/cb", "http://[0:0::1]/cb", "http://127.0.0.1.evil.com/cb", "https://127.1/cb", "http://[::1/cb", "http://[::1]x/cb",
	}, []string{"http://127.0.0.2/cb", "http://[::1]/cb", "http://localhost/cb", "http://127.0.0.1:3000"}},
	{"D26", []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript://a.example/%0aalert(1)", "data:text/html,x", "data://a/b", "vbscript:x", "file:///etc/passwd", "blob:https://a.example/x", "search-ms:query=x",
		"ms-msdt:/id", "about:blank", "view-source:https://a.example", "ws://a.example/", "wss://a.example/", "ftp://a.example/", "mailto:a@b.example", "tel:/1", "intent://a/b", "content://a/b", "filesystem:https://a.example/x",
		"chrome://settings", "chrome-extension://abc/x", "ms-word:/ofe", "shell:/x", "microsoft-edge:/x", "applescript://com.apple.scripteditor/x", "itms-apps://x/y", "steam://run/1",
		"jnlp://a.example/x", "vnc://a.example/x", "googlechrome://a.example/x", "x-apple-helpbasic://a/b",
	}, []string{"cursor://anysphere.cursor-mcp/oauth/callback", "com.example.app:/oauth", "vscode://vscode.github-authentication/did-authenticate"}},
	{"D27", []string{"http://a.example/cb", "http://localhost.evil/cb", "http://10.0.0.1/cb"}, []string{"https://a.example/cb", "https://localhost:8443/cb"}},
	{"R20a", []string{"http://h:", "https://a.example:99999", "https://a.example/x y", "https://a.example/<b>", `https://a.example/"`, "https://a.example/%", "https:///cb", "https://", "foo", "foo:bar", "com.example.app:", "com.example.app:/"}, []string{"com.example.app:/cb"}},
	{"R17", []string{"https://a.example/" + strings.Repeat("x", 512)}, []string{"https://a.example/" + strings.Repeat("x", 400)}},
}

func metadata(t testing.TB, members map[string]any) string {
	t.Helper()
	body, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// R19, R20: what a client may register; R18: one bad URI spoils the registration, in both orders.
func TestRedirectURIsAtRegistration(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.RateLimits.Register.PerSecond = -1 })
	for _, row := range redirectRows {
		t.Run(row.id, func(t *testing.T) {
			for _, uri := range row.refused {
				for _, list := range [][]string{{uri}, {clientCB, uri}, {uri, clientCB}} {
					if a := rg.register(metadata(t, map[string]any{"redirect_uris": list})); a.StatusCode != http.StatusBadRequest || a.code() != "invalid_redirect_uri" {
						t.Errorf("%q: %d %s", list, a.StatusCode, a.body)
					} else if uri != "" && strings.Contains(a.body, uri) {
						t.Errorf("%q is repeated: %s", uri, a.body)
					}
				}
			}
			for _, uri := range row.lawful {
				a := rg.register(metadata(t, map[string]any{"redirect_uris": []string{clientCB, uri}}))
				if a.StatusCode != http.StatusCreated || a.json(t)["redirect_uris"].([]any)[1] != uri {
					t.Errorf("%q: %d %s", uri, a.StatusCode, a.body)
				}
			}
		})
	}
}

// The same URIs at the authorization endpoint, of a client that has registered the lawful neighbours: no redirect, whatever is asked for.
func TestRedirectURIsAtAuthorize(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.RateLimits.Register.PerSecond = -1; c.RateLimits.Authorize.PerSecond = -1 })
	for _, row := range redirectRows {
		t.Run(row.id, func(t *testing.T) {
			client := rg.client(append([]string{"https://good.example/", "https://a.example/cb"}, row.lawful...)...)
			for _, uri := range row.refused {
				if uri == "https://a.example/cb" || uri == "" {
					continue
				}
				rg.wantPage(row.id+" "+uri, rg.browser().authorize(asking(client, "redirect_uri", uri)), http.StatusBadRequest)
			}
			for _, uri := range row.lawful {
				if a := rg.browser().authorize(asking(client, "redirect_uri", uri)); a.StatusCode != http.StatusOK {
					t.Errorf("%q: %d %s", uri, a.StatusCode, a.body)
				}
			}
		})
	}
}

// R42, R43: only the port of loopback addresses is free (RFC 8252 section 7.3).
func TestRedirectMatching(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.RateLimits.Register.PerSecond = -1; c.RateLimits.Authorize.PerSecond = -1 })
	for name, row := range map[string]struct {
		registered, used string
		lawful           bool
	}{
		"D24 other port on https":             {"https://a.example/cb", "https://a.example:8443/cb", false},
		"D24 default port written out":        {"https://a.example/cb", "https://a.example:443/cb", false},
		"D24 other port on loopback":          {"http://127.0.0.1:3000/cb", "http://127.0.0.1:49152/cb", true},
		"R42 no port registered":              {"http://localhost/callback", "http://localhost:49152/callback", true},
		"R42 IPv6":                            {"http://[::1]/callback", "http://[::1]:49152/callback", true},
		"R42 empty path and slash":            {"http://127.0.0.1/", "http://127.0.0.1:33418", true},
		"R42 slash and empty path":            {"http://127.0.0.1:33418", "http://127.0.0.1:1/", true},
		"R42 other path on loopback":          {"http://localhost/callback", "http://localhost:1/other", false},
		"R42 query on loopback":               {"http://localhost/callback", "http://localhost:1/callback?x=1", false},
		"R42 scheme on loopback":              {"http://localhost/callback", "https://localhost:1/callback", false},
		"R43 localhost and 127.0.0.1":         {"http://localhost/callback", "http://127.0.0.1/callback", false},
		"R43 127.0.0.1 and localhost":         {"http://127.0.0.1/callback", "http://localhost/callback", false},
		"D25 127.0.0.1 and 127.0.0.2":         {"http://127.0.0.1/callback", "http://127.0.0.2/callback", false},
		"D25 127.0.0.1 and [::1]":             {"http://127.0.0.1/callback", "http://[::1]/callback", false},
		"R42 host in capitals":                {"http://localhost/callback", "http://LOCALHOST/callback", false},
		"D22 suffix":                          {"https://a.example/cb", "https://a.example/cb/x", false},
		"D22 prefix":                          {"https://a.example/cb", "https://a.example/c", false},
		"D22 case":                            {"https://a.example/cb", "https://a.example/CB", false},
		"D22 slash at the end":                {"https://a.example/cb", "https://a.example/cb/", false},
		"D22 double slash":                    {"https://a.example/cb", "https://a.example//cb", false},
		"D22 path parameter":                  {"https://a.example/cb", "https://a.example/cb;x", false},
		"D23 added parameter":                 {"https://a.example/cb?a=1", "https://a.example/cb?a=1&b=2", false},
		"D23 other order":                     {"https://a.example/cb?a=1&b=2", "https://a.example/cb?b=2&a=1", false},
		"D23 parameter twice":                 {"https://a.example/cb?a=1", "https://a.example/cb?a=1&a=1", false},
		"D23 the same query":                  {"https://a.example/cb?a=1&b=2", "https://a.example/cb?a=1&b=2", true},
		"D28 not registered":                  {"https://a.example/cb", "https://evil.example/cb", false},
		"D31, R44 encoded twice":              {"https://a.example/cb", "https%3A%2F%2Fa.example%2Fcb", false},
		"R42 private scheme, same":            {"cursor://a/cb", "cursor://a/cb", true},
		"R42 private scheme, other authority": {"cursor://a/cb", "cursor://b/cb", false},
		"R42 private scheme, port":            {"cursor://a/cb", "cursor://a:1/cb", false},
	} {
		a := rg.browser().authorize(asking(rg.client(row.registered), "redirect_uri", row.used))
		if row.lawful && a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		if !row.lawful {
			rg.wantPage(name, a, http.StatusBadRequest)
		}
	}
}

// R41: which of several is meant the client must say; of one, unless its port is free.
func TestRedirectURIMayBeLeftOut(t *testing.T) {
	rg := newRig(t, nil)
	if a := rg.browser().authorize(asking(rg.client(), "redirect_uri", "")); a.StatusCode != http.StatusOK {
		t.Errorf("one: %d", a.StatusCode)
	}
	rg.wantPage("R41 two", rg.browser().authorize(asking(rg.client(clientCB, clientCB+"2"), "redirect_uri", "")), http.StatusBadRequest)
	rg.wantPage("R41 loopback", rg.browser().authorize(asking(rg.client("http://localhost/cb"), "redirect_uri", "")), http.StatusBadRequest)
}

// Config.RedirectURIs narrows what may be registered; a registration from before a change does not outlast it.
func TestRedirectPatterns(t *testing.T) {
	for pattern, row := range map[string]struct{ lawful, refused []string }{
		"https://claude.ai/api/mcp/auth_callback": {[]string{"https://claude.ai/api/mcp/auth_callback"}, []string{"https://claude.ai/api/mcp/auth_callback/", "https://claude.com/api/mcp/auth_callback", "http://localhost/api/mcp/auth_callback"}},
		"https://chatgpt.com/connector/oauth/*":   {[]string{"https://chatgpt.com/connector/oauth/abc"}, []string{"https://chatgpt.com/connector/oauth/", "https://chatgpt.com/connector/oauth/a/b", "https://chatgpt.com/connector/oauth", "https://chatgpt.com/connector/oauth/a?x=1"}},
		"https://*.example.com/cb":                {[]string{"https://a.example.com/cb", "https://a.b.example.com/cb"}, []string{"https://example.com/cb", "https://evilexample.com/cb", "https://a.example.com:8443/cb", "https://a.example.com.evil.example/cb"}},
		"https://*.example.com:8443/cb":           {[]string{"https://a.example.com:8443/cb"}, []string{"https://a.example.com/cb"}},
		"http://localhost:*/cb":                   {[]string{"http://localhost:1/cb", "http://localhost/cb"}, []string{"http://127.0.0.1/cb", "http://localhost/cb2", "https://localhost/cb"}},
		"http://localhost:*":                      {[]string{"http://localhost:5555/callback", "http://localhost", "http://localhost:1/a/b?c=d"}, []string{"http://127.0.0.1:1/", "https://localhost:1/"}},
		"http://127.0.0.1/":                       {[]string{"http://127.0.0.1:33418", "http://127.0.0.1:1/"}, []string{"http://127.0.0.1:1/callback"}},
		"https://a.example.com":                   {[]string{"https://a.example.com", "https://a.example.com/"}, []string{"https://a.example.com/cb"}},
		"http://127.0.0.1/*/callback":             {[]string{"http://127.0.0.1:5/a/callback"}, []string{"http://127.0.0.1/callback"}},
		"cursor://anysphere.cursor-mcp/oauth/cb":  {[]string{"cursor://anysphere.cursor-mcp/oauth/cb"}, []string{"cursor://other/oauth/cb"}},
		"com.example.app:/oauth":                  {[]string{"com.example.app:/oauth"}, []string{"com.example.app:/other"}},
	} {
		rg := newRig(t, func(c *oidcproxy.Config) { c.RedirectURIs = []string{pattern} })
		for _, uri := range row.lawful {
			if a := rg.register(metadata(t, map[string]any{"redirect_uris": []string{uri}})); a.StatusCode != http.StatusCreated {
				t.Errorf("%s, %s: %d %s", pattern, uri, a.StatusCode, a.body)
			}
		}
		for _, uri := range row.refused {
			if a := rg.register(metadata(t, map[string]any{"redirect_uris": []string{uri}})); a.code() != "invalid_redirect_uri" {
				t.Errorf("%s, %s: %d %s", pattern, uri, a.StatusCode, a.body)
			}
		}
	}
	rg := newRig(t, nil)
	client := rg.client()
	rg.provider(func(c *oidcproxy.Config) { c.RedirectURIs = []string{} })
	rg.wantPage("none is allowed any more", rg.browser().authorize(asking(client)), http.StatusBadRequest)
	if a := rg.register(metadata(t, map[string]any{"redirect_uris": []string{clientCB}})); a.code() != "invalid_redirect_uri" {
		t.Errorf("an empty list allows %s", a.body)
	}
}

// R53: an answer is added to the query of a redirect URI, and replaces nothing.
func TestAnswersKeepTheQuery(t *testing.T) {
	rg := newRig(t, nil)
	uri := "https://app.example.com/cb?tenant=a%20b&x="
	client := rg.client(uri)
	b := rg.browser()
	back := b.open(rg.atUpstream(b.answerForm(b.authorize(asking(client, "redirect_uri", uri)).field(t), "approve").link(t))).Header.Get("Location")
	if !strings.HasPrefix(back, uri+"&") {
		t.Errorf("%s", back)
	}
	if u, err := url.Parse(back); err != nil || u.Query().Get("tenant") != "a b" || u.Query().Get("code") == "" {
		t.Errorf("%s: %v", back, err)
	}
}
