package oidcproxy_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
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
			if kept := b.cookies[rememberCookie] != ""; kept != want {
				t.Errorf("%s: a cookie is set: %v", name, kept)
			}
			rg.wantAsked(name, b.visit(row.again), !want)
		}
	}
}
