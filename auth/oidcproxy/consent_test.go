package oidcproxy_test

import (
	"fmt"
	"html"
	"html/template"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R60, D52: who asks, unverified, where it leads, for what; warnings where they belong.
func TestConsentPageSays(t *testing.T) {
	rg := newRig(t, nil)
	const imitation, loopback, app = "may be an imitation", "runs on your computer", "can claim this address"
	for name, row := range map[string]struct {
		client, redirect string
		has, lacks       []string
	}{
		"plain":              {"Test app", "https://app.example.com/cb", []string{"Test app", "unverified", "app.example.com", "mcp.example.com", "Example server", "See settings", "mcp:read"}, []string{imitation, loopback, app}},
		"D52 imitation":      {"Claude", "https://evil.example/cb", []string{imitation, "evil.example"}, nil},
		"D52 look-alike":     {"C1аude", "https://evil.example/cb", []string{imitation}, nil},
		"D52 full width":     {"Ｃｌａｕｄｅ", "https://evil.example/cb", []string{imitation}, nil},
		"D52 accents":        {"Cláude", "https://evil.example/cb", []string{imitation}, nil},
		"D52 mathematical":   {"𝐂𝐥𝐚𝐮𝐝𝐞", "https://evil.example/cb", []string{imitation}, nil},
		"D52 Greek":          {"Ϲlaude", "https://evil.example/cb", []string{imitation}, nil},
		"D52 Greek o":        {"Cursοr", "https://evil.example/cb", []string{imitation}, nil},
		"D52 another name":   {"Señal para Zürich", "https://evil.example/cb", nil, []string{imitation}},
		"blank":              {"\u3164\u2800", "https://a.example/cb", []string{"an app without a name"}, nil},
		"D52 the real one":   {"Claude", "https://claude.ai/api/mcp/auth_callback", []string{"claude.ai"}, []string{imitation}},
		"D52 suffix of host": {"Claude", "https://evilclaude.ai/cb", []string{imitation}, nil},
		"R60 loopback":       {"Claude Code", "http://localhost:3000/callback", []string{loopback, "localhost"}, []string{imitation, app}},
		"R60 app":            {"Cursor", "cursor://anysphere.cursor-mcp/oauth/callback", []string{app, "cursor://anysphere.cursor-mcp"}, []string{imitation, loopback}},
		"R60 punycode":       {"x", "https://xn--80ak6aa92e.example/cb", []string{"xn--80ak6aa92e.example"}, nil},
		"R60 port":           {"x", "https://a.example:8443/cb", []string{"a.example:8443"}, nil},
		"no name":            {"", "https://a.example/cb", []string{"an app without a name"}, nil},
	} {
		a := rg.register(metadata(t, map[string]any{"client_name": row.client, "redirect_uris": []string{row.redirect}}))
		page := rg.browser().authorize(asking(a.json(t)["client_id"].(string), "redirect_uri", row.redirect)).body
		for _, text := range row.has {
			if !strings.Contains(page, text) {
				t.Errorf("%s: the page lacks %q", name, text)
			}
		}
		for _, text := range row.lacks {
			if strings.Contains(page, text) {
				t.Errorf("%s: the page has %q", name, text)
			}
		}
	}
}

// The cookie that a form is bound to lasts as long as the form may be answered.
func TestFormsLastAsLongAsTheirCookie(t *testing.T) {
	for lasts, want := range map[time.Duration]int{0: 1800, time.Minute: 1800, hour: 3600} {
		rg := newRig(t, func(c *oidcproxy.Config) { c.Lifetimes.Consent = lasts })
		if cookies := rg.browser().authorize(asking(rg.client())).Cookies(); len(cookies) != 1 || cookies[0].MaxAge != want {
			t.Errorf("%s: %v", lasts, cookies)
		}
	}
}

// D51, R61: nothing of a stranger's becomes markup; the nonce is new each time.
func TestD51Markup(t *testing.T) {
	rg := newRig(t, nil)
	for _, text := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.Nonce}}`, `<svg/onload=alert(1)>`, `'-alert(1)-'`, `</title><script>`, `javascript:alert(1)`, "\u202egnissap", "<style>*{}</style>", `&lt;b&gt;`,
	} {
		a := rg.register(metadata(t, map[string]any{"client_name": text, "client_uri": text, "redirect_uris": []string{clientCB}}))
		page := rg.browser().authorize(asking(a.json(t)["client_id"].(string), "state", text))
		if strings.Contains(page.body, text) && strings.ContainsAny(text, `<"'&`) || strings.ContainsRune(page.body, '\u202e') || strings.Count(page.body, "<script") != 0 || strings.Count(page.body, "<style") != 1 {
			t.Errorf("%q stands in the page: %s", text, page.body)
		}
		refused := rg.browser().authorize(asking(text, "state", text, "redirect_uri", text))
		if strings.Contains(html.UnescapeString(refused.body), text) {
			t.Errorf("%q stands in the error page", text)
		}
	}
	nonces := map[string]bool{}
	for range 20 {
		csp := rg.browser().authorize(asking(rg.client())).Header.Get("Content-Security-Policy")
		nonces[regexp.MustCompile(`'nonce-([^']+)'`).FindStringSubmatch(csp)[1]] = true
	}
	if len(nonces) != 20 {
		t.Errorf("%d nonces of 20", len(nonces))
	}
}

// D48, R66, D96: the headers of every page.
func TestD48HeadersOfPages(t *testing.T) {
	rg := newRig(t, nil)
	b := rg.browser()
	consent := b.authorize(asking(rg.client()))
	field := consent.field(t)
	for name, row := range map[string]struct {
		answer
		referrer string
	}{
		"consent":  {consent, "same-origin"}, // R63: under no-referrer browsers send Origin: null
		"error":    {b.authorize(asking("unknown")), "no-referrer"},
		"continue": {b.answerForm(field, "approve"), "no-referrer"},
		"used":     {b.answerForm(field, "approve"), "no-referrer"},
		"callback": {b.open("/auth/callback?state=x"), "no-referrer"},
		"redirect": {b.authorize(asking(rg.client(), "scope", "x")), "no-referrer"},
		"method":   {b.open("/consent"), "no-referrer"},
	} {
		h := row.Header
		csp := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "style-src 'nonce-", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: the policy lacks %s: %s", name, part, csp)
			}
		}
		if h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") != row.referrer || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cross-Origin-Opener-Policy") != "" {
			t.Errorf("%s: %v", name, h)
		}
		if strings.Contains(csp, "unsafe") || regexp.MustCompile(`(src|href|action)="(https?:)?//`).MatchString(strings.ReplaceAll(row.body, `href="https://idp.example.com`, "")) {
			t.Errorf("%s: loads from elsewhere: %s", name, row.body)
		}
	}
}

// R62, R63, D45, D46: only the browser that was asked answers, from our own page, by POST.
func TestD46ConsentForgery(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	victim, attacker := rg.browser(), rg.browser()
	field := attacker.authorize(asking(client)).field(t)
	victim.authorize(asking(client)) // has a cookie of its own
	rg.wantPage("D45 the attacker's form from the victim's browser", victim.answerForm(field, "approve"), http.StatusForbidden)
	rg.wantPage("D45 from a browser without cookie", rg.browser().answerForm(field, "approve"), http.StatusForbidden)
	own := victim.authorize(asking(client)).field(t)
	for name, headers := range map[string][]string{
		"foreign Origin":         {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		"Origin null":            {"Origin", "null"},
		"subdomain":              {"Origin", "https://a.mcp.example.com"},
		"other port":             {"Origin", issuer + ":8443"},
		"http":                   {"Origin", "http://mcp.example.com"},
		"two Origins":            {"Origin", issuer, "Origin", "https://evil.example"},
		"cross-site, own Origin": {"Origin", issuer, "Sec-Fetch-Site", "cross-site"},
		"same-site":              {"Origin", issuer, "Sec-Fetch-Site", "same-site"},
	} {
		rg.wantPage("D46 "+name, victim.answerForm(own, "approve", headers...), http.StatusForbidden)
	}
	rg.wantPage("D46 GET", victim.open("/consent?request="+own+"&action=approve"), http.StatusMethodNotAllowed)
	rg.wantPage("D46 query and body", victim.send(http.MethodPost, "/consent?action=approve", "request="+own, "Content-Type", "application/x-www-form-urlencoded", "Origin", issuer), http.StatusBadRequest)
	rg.wantPage("no action", victim.answerForm(own, ""), http.StatusBadRequest)
	rg.wantPage("another action", victim.answerForm(own, "yes"), http.StatusBadRequest)
	rg.wantPage("two actions", victim.send(http.MethodPost, "/consent", "request="+own+"&action=deny&action=approve", "Content-Type", "application/x-www-form-urlencoded", "Origin", issuer), http.StatusBadRequest)
	rg.wantPage("D15 a client id for the form", victim.answerForm(strings.TrimPrefix(client, "mcpc_"), "approve"), http.StatusForbidden)
	if n := rg.entries(); n != 0 {
		t.Fatalf("refused forms have stored %d entries", n)
	}
	if a := victim.answerForm(own, "approve"); a.StatusCode != http.StatusOK {
		t.Errorf("the honest answer: %d %s", a.StatusCode, a.body)
	}
	second := victim.authorize(asking(client)).field(t)
	if a := victim.send(http.MethodPost, "/consent", "request="+second+"&action=approve", "Content-Type", "application/x-www-form-urlencoded"); a.StatusCode != http.StatusOK {
		t.Errorf("an old browser without either header: %d", a.StatusCode)
	}
}

// R65, D47: a form is answered once, whatever it was answered with and whatever came of it; tabs do not disturb each other.
func TestD47FormsAreUsedOnce(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	b := rg.browser()
	for _, action := range []string{"approve", "deny"} {
		field := b.authorize(asking(client)).field(t)
		if a := b.answerForm(field, action); a.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", action, a.StatusCode)
		}
		rg.wantPage(action+" again", b.answerForm(field, "approve"), http.StatusGone)
		rg.wantPage(action+", then no", b.answerForm(field, "deny"), http.StatusGone)
	}
	field := b.authorize(asking(client)).field(t)
	back := rg.atUpstream(b.answerForm(field, "approve").link(t))
	b.open(back).location(t)
	rg.wantPage("again after the sign-in", b.answerForm(field, "approve"), http.StatusGone)

	one, two := b.authorize(asking(client, "state", "one")).field(t), b.authorize(asking(client, "state", "two")).field(t)
	backOne, backTwo := rg.atUpstream(b.answerForm(one, "approve").link(t)), rg.atUpstream(b.answerForm(two, "approve").link(t))
	if q := b.open(backTwo).location(t).Query(); q.Get("state") != "two" || q.Get("code") == "" {
		t.Errorf("second tab: %v", q)
	}
	if q := b.open(backOne).location(t).Query(); q.Get("state") != "one" || q.Get("code") == "" {
		t.Errorf("first tab: %v", q)
	}
}

// R71: a refusal is told to the client by a page that moves on, and is not remembered.
func TestDeny(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	b := rg.browser()
	link := b.answerForm(b.authorize(asking(client)).field(t), "deny").link(t)
	for _, part := range []string{clientCB + "?", "error=access_denied", "state=client-state", "iss=https%3A%2F%2Fmcp.example.com"} {
		if !strings.Contains(link, part) {
			t.Errorf("%s lacks %s", link, part)
		}
	}
	for name := range b.cookies {
		if strings.Contains(name, "-t-") {
			t.Errorf("R64: a refusal sets %s", name)
		}
	}
	if q := b.signIn(asking(client)); q.Get("code") == "" {
		t.Errorf("afterwards: %v", q)
	}
	private := rg.client("cursor://anysphere.cursor-mcp/oauth/callback")
	link = b.answerForm(b.authorize(asking(private, "redirect_uri", "cursor://anysphere.cursor-mcp/oauth/callback")).field(t), "deny").link(t)
	if !strings.HasPrefix(link, "cursor://anysphere.cursor-mcp/oauth/callback?") {
		t.Errorf("to an app: %s", link)
	}
}

// D39: forms and sign-ins end to the second.
func TestD39ConsentAndSignInExpire(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		client := rg.client()
		b := rg.browser()
		early, late := b.authorize(asking(client)).field(t), b.authorize(asking(client)).field(t)
		sleep(10*time.Minute - time.Second)
		link := b.answerForm(early, "approve").link(t)
		sleep(2 * time.Second)
		rg.wantPage("the form", b.answerForm(late, "approve"), http.StatusGone)

		sleep(10*time.Minute - 3*time.Second)
		if q := b.open(rg.atUpstream(link)).location(t).Query(); q.Get("code") == "" {
			t.Errorf("in time: %v", q)
		}
		link = b.answerForm(b.authorize(asking(client)).field(t), "approve").link(t)
		b2 := b.cookies
		sleep(10*time.Minute + time.Second)
		b.cookies = b2
		rg.wantPage("the sign-in", b.open(rg.atUpstream(link)), http.StatusBadRequest)
	})
}

// R68, R69, R70, D53: cookies have the prefix, hold random values, are few, and count only when there is one of a name.
func TestD53Cookies(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	b := rg.browser()
	page := b.authorize(asking(client))
	set := page.Header["Set-Cookie"]
	if len(set) != 1 || !strings.HasPrefix(set[0], "__Host-zscalermcp-b=") {
		t.Fatalf("%q", set)
	}
	for _, attribute := range []string{"Path=/", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=1800"} {
		if !strings.Contains(set[0], attribute) {
			t.Errorf("%q lacks %s", set[0], attribute)
		}
	}
	for _, cookie := range b.answerForm(page.field(t), "approve").Cookies() {
		if !strings.HasPrefix(cookie.Name, "__Host-zscalermcp-t-") || cookie.MaxAge != 600 || len(cookie.Value) > 64 {
			t.Errorf("%v", cookie)
		}
	}
	var backs []string
	for range 12 {
		backs = append(backs, rg.atUpstream(b.answerForm(b.authorize(asking(client)).field(t), "approve").link(t)))
		if len(b.cookies) > 9 { // eight and that of the browser
			t.Fatalf("R69: %d cookies", len(b.cookies))
		}
	}
	if q := b.open(backs[11]).location(t).Query(); q.Get("code") == "" {
		t.Errorf("the latest: %v", q)
	}
	// A second cookie of the name, as a neighbour under the same domain would set it without the prefix.
	back := rg.atUpstream(b.answerForm(b.authorize(asking(client)).field(t), "approve").link(t))
	name := ""
	for cookie := range b.cookies {
		if strings.Contains(cookie, "-t-") {
			name = cookie
		}
	}
	for _, each := range []string{name, "__Host-zscalermcp-b"} {
		value := b.cookies[each]
		r := request(t, http.MethodGet, back, "", "Accept", "text/html", "Cookie", each+"="+value+"; "+each+"=tossed")
		if each != name {
			r = request(t, http.MethodPost, "/consent", "action=approve&request="+b.authorize(asking(client)).field(t), "Accept", "text/html", "Content-Type", "application/x-www-form-urlencoded", "Cookie", each+"="+value+"; "+each+"=tossed")
		}
		if a := rg.do(r); a.StatusCode != http.StatusBadRequest && a.StatusCode != http.StatusForbidden {
			t.Errorf("D53 two of %s: %d %s", each, a.StatusCode, a.Header.Get("Location"))
		}
	}
	plain := newRigAt(t, "http://127.0.0.1:8000")
	if cookie := plain.get("/authorize?"+asking(plain.clientAt("http://127.0.0.1:8000"), "resource", "").Encode(), "Accept", "text/html").Header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "zscalermcp-b=") || strings.Contains(cookie, "Secure") {
		t.Errorf("R68 on loopback: %q", cookie)
	}
}

// D49: nothing but the POST approves.
func TestD49NothingElseApproves(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	for name, headers := range map[string][]string{
		"prefetch": {"Sec-Purpose", "prefetch"}, "frame": {"Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}, "nothing": nil, "script": {"Sec-Fetch-Mode", "no-cors"},
	} {
		b := rg.browser()
		b.signIn(asking(client)) // once before
		if a := b.open("/authorize?"+asking(client).Encode(), headers...); a.StatusCode != http.StatusOK || a.Header.Get("Location") != "" || strings.Contains(a.body, "idp.example.com") {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
}

// R76: skipping consent needs its name said, twice where anybody may register; then state and cookie are made at once.
func TestR76SkipConsent(t *testing.T) {
	hidden := newRig(t, func(c *oidcproxy.Config) { c.SkipConsent, c.SkipConsentAcknowledged = true, true })
	client := hidden.client()
	for dest, status := range map[string]int{"document": http.StatusSeeOther, "": http.StatusSeeOther, "image": http.StatusForbidden, "iframe": http.StatusForbidden, "empty": http.StatusForbidden} {
		headers := []string{"Sec-Fetch-Dest", dest}
		if dest == "" {
			headers = nil
		}
		if a := hidden.browser().open("/authorize?"+asking(client).Encode(), headers...); a.StatusCode != status {
			t.Errorf("R76 Sec-Fetch-Dest %q: %d", dest, a.StatusCode)
		}
	}
	rg := newRig(t, func(c *oidcproxy.Config) { c.SkipConsent, c.SkipConsentAcknowledged = true, true })
	if !strings.Contains(rg.logged(), "SkipConsent") {
		t.Error("nobody is warned")
	}
	b := rg.browser()
	a := b.authorize(asking(rg.client()))
	link := a.location(t).String()
	if !strings.HasPrefix(link, "https://idp.example.com/authorize?") || len(b.cookies) != 1 {
		t.Fatalf("%s %v", link, b.cookies)
	}
	back := rg.atUpstream(link)
	rg.wantPage("D44 another browser", rg.browser().open(back), http.StatusBadRequest)
	if q := b.open(back).location(t).Query(); q.Get("code") == "" {
		t.Errorf("%v", q)
	}
}

// Replaced pages get the data and the headers; one whose form posts nothing is refused at start.
func TestReplacedPages(t *testing.T) {
	pages := template.Must(template.New("").Parse(`{{define "consent"}}<form><input type="hidden" name="request" value="{{.Request}}">Brand {{.ClientName}}</form>{{end}}` +
		`{{define "continue"}}<a class="button main" href="{{.URL}}">go</a><meta content="0; url={{.URL}}">{{end}}{{define "error"}}<h1>Brand {{.Title}}</h1>{{end}}`))
	rg := newRig(t, func(c *oidcproxy.Config) { c.Pages, c.PageSources = pages, []string{"https://static.example.com"} })
	b := rg.browser()
	page := b.authorize(asking(rg.client()))
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(page.body, "Brand Test app") || !strings.Contains(csp, "img-src https://static.example.com") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("%s %s", page.body, csp)
	}
	if q := b.open(rg.atUpstream(b.answerForm(page.field(t), "approve").link(t))).location(t).Query(); q.Get("code") == "" {
		t.Errorf("%v", q)
	}
	rg.wantPage("error", b.authorize(asking("unknown")), http.StatusBadRequest)
	for name, text := range map[string]string{"no field": `{{define "consent"}}{{end}}{{define "continue"}}{{end}}{{define "error"}}{{end}}`, "none": `{{define "consent"}}{{.Request}}{{end}}`, "bad member": `{{define "consent"}}{{.Request}}{{.Nope}}{{end}}{{define "continue"}}{{end}}{{define "error"}}{{end}}`} {
		if _, err := oidcproxy.New(t.Context(), oidcproxy.Config{
			Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "x"}, ResourceURL: resource, LazyDiscovery: true, Pages: template.Must(template.New("").Parse(text)),
		}); err == nil || !strings.Contains(fmt.Sprint(err), "Pages") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
