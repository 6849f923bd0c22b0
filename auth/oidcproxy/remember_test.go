package oidcproxy_test

import (
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

const (
	day            = 24 * hour
	rememberCookie = "__Host-zscalermcp-r"
	browserCookie  = "__Host-zscalermcp-b"
	offer          = `name="remember"`
)

// ownVisit are the headers of a browser whose user opens an address.
var ownVisit = []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}

// remembering is a configuration with one client of the operator's, whose approvals may be remembered for a week.
func remembering(changes ...func(*oidcproxy.Config)) func(*oidcproxy.Config) {
	return func(c *oidcproxy.Config) {
		c.RememberConsent = 7 * day
		c.Clients = []oidcproxy.Client{{ID: "web", Name: "Web app", RedirectURIs: []string{clientCB}}}
		for _, change := range changes {
			change(c)
		}
	}
}

// visit opens the consent page as a user does.
func (b *browser) visit(q url.Values) answer {
	b.Helper()
	return b.open("/authorize?"+q.Encode(), ownVisit...)
}

// allow answers a consent page, with the checkbox set.
func (b *browser) allow(page answer) answer {
	b.Helper()
	form := url.Values{"request": {page.field(b.TB)}, "action": {"approve"}, "remember": {"on"}}
	a := b.send(http.MethodPost, "/consent", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Origin", issuer)
	if a.StatusCode != http.StatusOK {
		b.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a
}

// told is a browser whose user has allowed a request and wants it remembered.
func (rg *rig) told(q url.Values) *browser {
	rg.Helper()
	b := rg.browser()
	b.allow(b.visit(q))
	return b
}

// wantAsked checks whether an answer is the consent page, or the way to the identity provider at once.
func (rg *rig) wantAsked(what string, a answer, asked bool) {
	rg.Helper()
	at := strings.HasPrefix(a.Header.Get("Location"), "https://idp.example.com/authorize?") && a.StatusCode == http.StatusSeeOther
	page := a.StatusCode == http.StatusOK && strings.Contains(a.body, `value="approve"`) && a.Header.Get("Location") == ""
	if at == asked || page != asked {
		rg.Errorf("%s: asked should be %v: %d %q %.80s", what, asked, a.StatusCode, a.Header.Get("Location"), a.body)
	}
}

// R72: an approval with the checkbox set is not asked for again, one without is; the sign-in then goes its usual way.
func TestRememberedConsent(t *testing.T) {
	rg := newRig(t, remembering())
	b := rg.browser()
	page := b.visit(asking("web"))
	if !strings.Contains(page.body, offer+"> Do not ask again on this browser for 7 days") || strings.Contains(page.body, "checked") {
		t.Errorf("the offer: %s", page.body)
	}
	b.answerForm(page.field(t), "approve")
	rg.wantAsked("approved without the checkbox", b.visit(asking("web")), true)
	b.allow(b.visit(asking("web")))
	if n := rg.happened(oidcproxy.EventConsentRemembered); n != 0 {
		t.Errorf("%d events before its use", n)
	}
	again := b.visit(asking("web", "state", "second"))
	rg.wantAsked("remembered", again, false)
	if q := b.open(rg.atUpstream(again.Header.Get("Location"))).location(t).Query(); q.Get("code") == "" || q.Get("state") != "second" {
		t.Errorf("%v", q)
	}
	rg.wantPage("D44 another browser finishes", rg.browser().open(rg.atUpstream(b.visit(asking("web")).Header.Get("Location"))), http.StatusBadRequest)
	if n := rg.happened(oidcproxy.EventConsentRemembered); n != 2 {
		t.Errorf("%d events", n)
	}
	var reasons []string
	for _, e := range rg.events {
		if e.Name == oidcproxy.EventConsentApproved {
			reasons = append(reasons, e.Reason)
		}
	}
	if want := []string{"", "remembered"}; !slices.Equal(reasons, want) {
		t.Errorf("reasons %q", reasons)
	}
	rg.wantAsked("a second browser", rg.browser().visit(asking("web")), true)

	off := newRig(t, remembering(func(c *oidcproxy.Config) { c.RememberConsent = 0 }))
	other := off.browser()
	if page := other.visit(asking("web")); strings.Contains(page.body, offer) {
		t.Error("offered by default")
	}
	other.allow(other.visit(asking("web")))
	if other.cookies[rememberCookie] != "" {
		t.Error("remembered by default")
	}
	off.wantAsked("off", other.visit(asking("web")), true)
}

// R68, R70, R72: the cookie of remembered consent has the prefix, lasts as long as the page says, and shows nothing of client and user.
func TestRememberCookie(t *testing.T) {
	rg := newRig(t, remembering())
	b := rg.browser()
	found := 0
	for _, cookie := range b.allow(b.visit(asking("web"))).Cookies() {
		if cookie.Name != rememberCookie && cookie.Name != browserCookie {
			continue
		}
		found++
		if cookie.MaxAge != int(7*day/time.Second) || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" || cookie.SameSite != http.SameSiteLaxMode || strings.Contains(cookie.Value, "web") {
			t.Errorf("%v", cookie)
		}
	}
	if found != 2 {
		t.Errorf("%d cookies", found)
	}
	for _, cookie := range b.open("/authorize?" + asking("web").Encode()).Cookies() {
		if cookie.MaxAge != int(7*day/time.Second) {
			t.Errorf("a page that is shown meanwhile shortens %v", cookie)
		}
	}
}

// D42, D49, R74: remembered consent counts where the user opens the address, and nowhere else: not where another site has sent the browser, in frames, for
// images, before the user wants it, and where the browser does not say. Then the page is shown, with server and issuer, and offers nothing to remember.
func TestD42RememberedConsentNeedsAnOwnVisit(t *testing.T) {
	rg := newRig(t, remembering())
	b := rg.told(asking("web"))
	visit := func(changes ...string) []string {
		headers := slices.Clone(ownVisit)
		for i := 0; i < len(changes); i += 2 {
			at := slices.Index(headers, changes[i])
			switch {
			case at < 0:
				headers = append(headers, changes[i], changes[i+1])
			case changes[i+1] == "":
				headers = slices.Delete(headers, at, at+2)
			default:
				headers[at+1] = changes[i+1]
			}
		}
		return headers
	}
	for name, row := range map[string]struct {
		headers []string
		asked   bool
	}{
		"typed, or opened by a program":  {visit(), false},
		"from a page of ours":            {visit("Sec-Fetch-Site", "same-origin"), false},
		"D42 an authorization server":    {visit("Sec-Fetch-Site", "cross-site"), true},
		"D42 with a click":               {visit("Sec-Fetch-Site", "cross-site", "Sec-Fetch-User", "?1"), true},
		"D42 same site":                  {visit("Sec-Fetch-Site", "same-site"), true},
		"R74 no Sec-Fetch-Site":          {visit("Sec-Fetch-Site", ""), true},
		"R74 no Sec-Fetch-Mode":          {visit("Sec-Fetch-Mode", ""), true},
		"R74 no Sec-Fetch-Dest":          {visit("Sec-Fetch-Dest", ""), true},
		"R74 none of them":               {nil, true},
		"R74 Sec-Fetch-Site twice":       {append(visit(), "Sec-Fetch-Site", "cross-site"), true},
		"R74 another spelling":           {visit("Sec-Fetch-Site", "None"), true},
		"D49 frame":                      {visit("Sec-Fetch-Dest", "iframe"), true},
		"D49 frame of ours":              {visit("Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "iframe"), true},
		"D49 image":                      {visit("Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"), true},
		"D49 script":                     {visit("Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty"), true},
		"D49 prefetch":                   {visit("Sec-Purpose", "prefetch"), true},
		"D49 prerender":                  {visit("Sec-Purpose", "prefetch;prerender"), true},
		"D49 prefetch of older browsers": {visit("Purpose", "prefetch"), true},
	} {
		before := rg.entries()
		a := b.open("/authorize?"+asking("web").Encode(), row.headers...)
		rg.wantAsked(name, a, row.asked)
		if !row.asked {
			continue
		}
		if rg.entries() != before || strings.Contains(a.body, offer) || !strings.Contains(a.body, "mcp.example.com") || !strings.Contains(a.body, "Example server") {
			t.Errorf("%s: %d entries more; %s", name, rg.entries()-before, a.body)
		}
	}
	rg.wantAsked("the client wants the user to be asked", b.visit(asking("web", "prompt", "consent")), true)
	if a := b.send(http.MethodHead, "/authorize?"+asking("web").Encode(), "", ownVisit...); a.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("D49 HEAD: %d", a.StatusCode)
	}
	posted := b.send(http.MethodPost, "/authorize", asking("web").Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, ownVisit...)...)
	if to := posted.Header.Get("Location"); !strings.HasPrefix(to, "/authorize?") {
		t.Errorf("D49 POST: %d %s", posted.StatusCode, to)
	}
}

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
		"one configured scope":   {func(c *oidcproxy.Config) { c.Scopes = append(c.Scopes, oidcproxy.Scope{Name: "mcp:aaa"}) }, nil, true},
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

// R72, R69: a browser remembers 25 approvals, and the cookie stays below the 4 KiB that browsers keep; the oldest go.
func TestR72TwentyFiveApprovals(t *testing.T) {
	for name, scopes := range map[string]int{"few scopes": 2, "as many as fit": 600, "more": 3000} {
		rg := newRig(t, remembering(func(c *oidcproxy.Config) {
			c.Clients = nil
			for i := range 26 {
				c.Clients = append(c.Clients, oidcproxy.Client{ID: fmt.Sprint("web", i), RedirectURIs: []string{clientCB}})
			}
			for i := range scopes - 2 {
				c.Scopes = append(c.Scopes, oidcproxy.Scope{Name: fmt.Sprint("s", i)})
			}
		}))
		b := rg.browser()
		for i := range 26 {
			for _, line := range b.allow(b.visit(asking(fmt.Sprint("web", i)))).Header["Set-Cookie"] {
				if len(line) > 4096 {
					t.Fatalf("%s: a cookie of %d bytes", name, len(line))
				}
			}
		}
		asked := 0
		for i := range 26 {
			a := b.visit(asking(fmt.Sprint("web", i)))
			if a.StatusCode == http.StatusOK {
				asked++
				if i != asked-1 {
					t.Errorf("%s: number %d is forgotten before an older one", name, i)
				}
			}
		}
		if scopes < 3000 && asked != 1 || asked > 20 {
			t.Errorf("%s: %d of 26 are forgotten", name, asked)
		}
	}
}

// R71: a refusal takes back what was remembered of the client, and of no other.
func TestDenyForgets(t *testing.T) {
	rg := newRig(t, remembering(func(c *oidcproxy.Config) {
		c.Clients = append(c.Clients, oidcproxy.Client{ID: "second", RedirectURIs: []string{clientCB}})
		c.Clients[0].RedirectURIs = append(c.Clients[0].RedirectURIs, "https://app.example.com/other")
	}))
	b := rg.told(asking("web"))
	b.allow(b.visit(asking("second")))
	b.allow(b.visit(asking("web", "redirect_uri", "https://app.example.com/other")))
	b.answerForm(b.open("/authorize?"+asking("web").Encode()).field(t), "deny")
	rg.wantAsked("refused", b.visit(asking("web")), true)
	rg.wantAsked("at its other redirect URI", b.visit(asking("web", "redirect_uri", "https://app.example.com/other")), true)
	rg.wantAsked("another client", b.visit(asking("second")), false)
	b.answerForm(b.open("/authorize?"+asking("second").Encode()).field(t), "deny")
	if _, left := b.cookies[rememberCookie]; left {
		t.Error("an empty cookie is left")
	}
}

// R73: clients that any program can pass itself off as are asked for each time, unless the operator wants it otherwise.
func TestR73WhoIsRemembered(t *testing.T) {
	const loopback, app = "http://localhost:3000/cb", "com.example.app:/cb"
	for _, unverified := range []bool{false, true} {
		rg := newRig(t, remembering(func(c *oidcproxy.Config) {
			c.RememberUnverified = unverified
			c.Clients[0].RedirectURIs = []string{clientCB, loopback, app}
		}))
		if strings.Contains(rg.logged(), "RememberUnverified") != unverified {
			t.Errorf("warned: %v", !unverified)
		}
		for name, row := range map[string]struct {
			q, again url.Values
			always   bool
		}{
			"operator's, https":           {asking("web"), asking("web"), true},
			"operator's, loopback":        {asking("web", "redirect_uri", loopback), asking("web", "redirect_uri", "http://localhost:4711/cb"), false},
			"operator's, app":             {asking("web", "redirect_uri", app), asking("web", "redirect_uri", app), false},
			"registered itself":           {asking(rg.client()), nil, false},
			"registered itself, loopback": {asking(rg.client(loopback), "redirect_uri", loopback), nil, false},
		} {
			if row.again == nil {
				row.again = row.q
			}
			b := rg.browser()
			page := b.visit(row.q)
			want := unverified || row.always
			if strings.Contains(page.body, offer) != want {
				t.Errorf("%s: offered should be %v", name, want)
			}
			b.allow(page) // a page of the operator's may offer it all the same
			rg.wantAsked(name, b.visit(row.again), !want)
		}
	}
}

// R50, R51: prompt=none is served where nothing need be asked, and nowhere else; what the identity provider would have asked is told to the client.
func TestR50PromptNone(t *testing.T) {
	rg := newRig(t, remembering())
	b := rg.told(asking("web"))
	rg.wantRefusal("nothing remembered", rg.browser().visit(asking("web", "prompt", "none")), "consent_required", "client-state")
	rg.wantRefusal("more scopes", b.visit(asking("web", "prompt", "none", "scope", "mcp:write")), "consent_required", "client-state")
	rg.wantRefusal("from another site", b.open("/authorize?"+asking("web", "prompt", "none").Encode()), "consent_required", "client-state")
	rg.wantRefusal("with another", b.visit(asking("web", "prompt", "none login")), "consent_required", "client-state")
	for code, want := range map[string]string{"": "", "login_required": "login_required", "interaction_required": "interaction_required", "access_denied": "access_denied", "invalid_scope": "server_error"} {
		link := b.visit(asking("web", "prompt", "none")).location(t)
		if link.Query().Get("prompt") != "none" {
			t.Errorf("upstream: %s", link)
		}
		rg.idp.Tamper(authtest.Tampering{})
		if code != "" {
			rg.idp.Tamper(authtest.Tampering{Callback: upstreamError(code)})
		}
		a := b.open(rg.atUpstream(link.String()))
		if want != "" {
			rg.wantRefusal(code, a, want, "client-state")
		} else if a.location(t).Query().Get("code") == "" {
			t.Errorf("%s", a.Header.Get("Location"))
		}
	}
	rg.provider(remembering(func(c *oidcproxy.Config) { c.Upstream.AuthorizeParams = map[string]string{"prompt": "consent"} }))
	rg.wantRefusal("the operator wants a page of the provider", b.visit(asking("web", "prompt", "none")), "interaction_required", "client-state")
	rg.provider(remembering(func(c *oidcproxy.Config) { c.ConfirmAccount = true }))
	rg.wantRefusal("the operator wants a page of ours", b.visit(asking("web", "prompt", "none")), "interaction_required", "client-state")
}

// Mistakes in the options of remembered consent, and their lawful neighbours.
func TestRememberConfig(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*oidcproxy.Config)
		field  string
	}{
		"30 days":    {func(c *oidcproxy.Config) { c.RememberConsent = 30 * day }, ""},
		"31 days":    {func(c *oidcproxy.Config) { c.RememberConsent = 31 * day }, "RememberConsent"},
		"negative":   {func(c *oidcproxy.Config) { c.RememberConsent = -day }, "RememberConsent"},
		"half a day": {func(c *oidcproxy.Config) { c.RememberConsent = 12 * hour }, "RememberConsent"},
		"nobody is asked": {func(c *oidcproxy.Config) {
			c.RememberConsent, c.SkipConsent, c.SkipConsentAcknowledged = day, true, true
		}, "RememberConsent"},
		"unverified":                {func(c *oidcproxy.Config) { c.RememberConsent, c.RememberUnverified = day, true }, ""},
		"unverified without a time": {func(c *oidcproxy.Config) { c.RememberUnverified = true }, "RememberUnverified"},
		"callback at the page":      {func(c *oidcproxy.Config) { c.ConfirmAccount, c.CallbackPath = true, "/account" }, "CallbackPath"},
		"callback there without it": {func(c *oidcproxy.Config) { c.CallbackPath = "/account" }, ""},
		"pages without account": {func(c *oidcproxy.Config) {
			c.ConfirmAccount, c.Pages = true, template.Must(template.New("").Parse(ownPages))
		}, "Pages"},
		"the same without the need": {func(c *oidcproxy.Config) { c.Pages = template.Must(template.New("").Parse(ownPages)) }, ""},
		"an account without a form": {func(c *oidcproxy.Config) {
			c.ConfirmAccount, c.Pages = true, template.Must(template.New("").Parse(ownPages+`{{define "account"}}x{{end}}`))
		}, "Pages"},
		"an account with its form": {func(c *oidcproxy.Config) {
			c.ConfirmAccount, c.Pages = true, template.Must(template.New("").Parse(ownPages+ownAccount))
		}, ""},
		"a page that lacks the rest": {func(c *oidcproxy.Config) { c.Pages = template.Must(template.New("").Parse(ownAccount)) }, "Pages"},
	} {
		cfg := oidcproxy.Config{Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "x"}, ResourceURL: resource, LazyDiscovery: true}
		row.change(&cfg)
		p, err := oidcproxy.New(t.Context(), cfg)
		if err == nil {
			_ = p.Close()
		}
		if (err != nil) != (row.field != "") || err != nil && !strings.Contains(err.Error(), "oidcproxy.Config."+row.field+" ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const (
	ownPages = `{{define "consent"}}<form><input type="hidden" name="request" value="{{.Request}}"><button name="action" value="approve"></button></form>{{end}}` +
		`{{define "continue"}}<a class="button main" href="{{.URL}}">go</a><meta content="0; url={{.URL}}">{{end}}{{define "error"}}<h1>{{.Title}}</h1>{{end}}`
	ownAccount = `{{define "account"}}<h1>Brand {{.Account}}</h1><form><input type="hidden" name="request" value="{{.Request}}"></form>{{end}}`
)
