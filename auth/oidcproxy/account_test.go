package oidcproxy_test

import (
	"errors"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

func confirming(c *oidcproxy.Config) { c.ConfirmAccount = true }

// account signs in as far as the page that says as whom.
func (b *browser) account(q url.Values) answer {
	b.Helper()
	a := b.open(b.atUpstream(b.answerForm(b.authorize(q).field(b.TB), "approve").link(b.TB)))
	if a.StatusCode != http.StatusOK || a.Header.Get("Location") != "" {
		b.Fatalf("no page: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	return a
}

// answerAccount posts the form of that page.
func (b *browser) answerAccount(field, action string, headers ...string) answer {
	b.Helper()
	if headers == nil {
		headers = []string{"Origin", issuer, "Sec-Fetch-Site", "same-origin"}
	}
	form := url.Values{"request": {field}, "action": {action}}
	return b.send(http.MethodPost, "/account", form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
}

// After the sign-in the user sees as whom, and the client gets its code only when the user goes on.
func TestConfirmAccount(t *testing.T) {
	rg := newRig(t, confirming)
	client := rg.client()
	b := rg.browser()
	page := b.account(asking(client))
	for _, text := range []string{"You are signed in as user@example.com", "Test app", "app.example.com", "Example server"} {
		if !strings.Contains(page.body, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	if strings.Contains(page.body, "code=") || strings.Contains(page.body, "mcpa_") || rg.happened(oidcproxy.EventLogin) != 0 || rg.happened(oidcproxy.EventAccountShown) != 1 {
		t.Errorf("before the answer: %s", page.body)
	}
	if h := page.Header; h.Get("Referrer-Policy") != "same-origin" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("D48: %v", h) // R63: under no-referrer browsers send Origin: null
	}
	answered := b.answerAccount(page.field(t), "continue")
	q := queryOf(t, answered.link(t))
	if q.Get("state") != "client-state" || q.Get("iss") != issuer || !strings.HasPrefix(answered.link(t), clientCB+"?") || rg.happened(oidcproxy.EventLogin) != 1 {
		t.Errorf("%s", answered.link(t))
	}
	f := rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, q.Get("code"))))
	if a := rg.call(rg.refreshed(f).access); a.StatusCode != http.StatusOK {
		t.Errorf("the endpoint: %d %s", a.StatusCode, a.body)
	}
	if a := newRig(t, nil).post("/account", url.Values{"request": {"x"}, "action": {"continue"}}); a.StatusCode != http.StatusNotFound {
		t.Errorf("without the option: %d", a.StatusCode)
	}
	skipping := newRig(t, func(c *oidcproxy.Config) {
		c.ConfirmAccount, c.SkipConsent, c.SkipConsentAcknowledged = true, true, true
	})
	other := skipping.browser()
	page = other.open(skipping.atUpstream(other.authorize(asking(skipping.client())).location(t).String()))
	if code := queryOf(t, other.answerAccount(page.field(t), "continue").link(t)).Get("code"); code == "" {
		t.Error("without a consent page there is no code")
	}
}

// D51, R61, R83: the user is shown by an address only if it is verified, else by a name; nothing in it becomes markup or turns the text.
func TestConfirmAccountNames(t *testing.T) {
	for want, claims := range map[string]map[string]any{
		"ann@example.com": {"email": "ann@example.com", "email_verified": true, "name": "Ann"},
		"ann.upn":         {"email": "boss@example.com", "email_verified": false, "preferred_username": "ann.upn", "name": "Ann"},
		"Ann":             {"email": "boss@example.com", "name": "Ann"},
		"subject-1":       {"name": "\u200b\u202e", "preferred_username": 7},
		"<b>Ann</b>":      {"name": "<b>Ann</b>"},
		"evil nnA":        {"name": "evil \u202ennA"},
	} {
		rg := newRig(t, confirming)
		rg.idp.SignIn(authtest.User{Subject: "subject-1", Claims: claims})
		page := rg.browser().account(asking(rg.client()))
		if !strings.Contains(html.UnescapeString(page.body), "signed in as "+want+"</h1>") || strings.Contains(page.body, "<b>") || strings.ContainsRune(page.body, '\u202e') || strings.Contains(page.body, "boss@") {
			t.Errorf("%s: %s", want, page.body)
		}
	}
}

// R71, R52: a user who says no ends the grant; the client learns it, with state and iss, and the identity provider's token is revoked.
func TestCancelAccount(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, confirming)
		client := rg.client()
		b := rg.browser()
		field := b.account(asking(client)).field(t)
		link := b.answerAccount(field, "cancel").link(t)
		if q := queryOf(t, link); q.Get("error") != "access_denied" || q.Get("state") != "client-state" || q.Get("iss") != issuer || q.Get("code") != "" || !strings.HasPrefix(link, clientCB+"?") {
			t.Errorf("%s", link)
		}
		sleep(time.Second) // it is revoked in the background
		if n := rg.idp.Requests(authtest.RevocationPath); n != 1 {
			t.Errorf("%d revocations at the identity provider", n)
		}
		rg.wantPage("continue after cancel", b.answerAccount(field, "continue"), http.StatusGone)
		for key := range rg.store.(*counting).live() {
			if strings.Contains(key, "grant") {
				t.Errorf("%s is left", key)
			}
		}
		if rg.happened(oidcproxy.EventAccountRefused) != 1 || rg.happened(oidcproxy.EventLogin) != 0 {
			t.Errorf("events: %+v", rg.events)
		}
		if code := queryOf(t, b.answerAccount(b.account(asking(client)).field(t), "continue").link(t)).Get("code"); code == "" {
			t.Error("afterwards there is no code")
		}
	})
}

// Another account: the same request begins again, and the identity provider lets the user choose.
func TestAnotherAccount(t *testing.T) {
	rg := newRig(t, confirming)
	client := rg.client()
	b := rg.browser()
	state := "odd &=é\x01\"'<" + strings.Repeat("x", 1000)
	field := b.account(asking(client, "state", state)).field(t)
	again := b.answerAccount(field, "other").link(t)
	if !strings.HasPrefix(again, issuer+"/authorize?") {
		t.Fatalf("%s", again)
	}
	rg.wantPage("continue after that", b.answerAccount(field, "continue"), http.StatusGone)
	rg.idp.SignIn(authtest.User{Subject: "bob", Claims: map[string]any{"name": "Bob"}})
	link := b.answerForm(b.open(strings.TrimPrefix(again, issuer)).field(t), "approve").link(t)
	if prompt := queryOf(t, link).Get("prompt"); prompt != "select_account" {
		t.Errorf("prompt %q", prompt)
	}
	page := b.open(rg.atUpstream(link))
	if !strings.Contains(page.body, "signed in as Bob") {
		t.Errorf("%s", page.body)
	}
	q := queryOf(t, b.answerAccount(page.field(t), "continue").link(t))
	if q.Get("state") != state {
		t.Errorf("state %q", q.Get("state"))
	}
	if a := rg.call(rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, q.Get("code")))).access); a.json(t)["sub"] != "bob" {
		t.Errorf("%s", a.body)
	}
}

// R62, R63, D44, D45, D46: only the browser that has signed in answers, from the page itself, by POST.
func TestConfirmAccountForgery(t *testing.T) {
	rg := newRig(t, confirming)
	client := rg.client()
	victim, attacker := rg.browser(), rg.browser()
	foreign := attacker.account(asking(client)).field(t)
	own := victim.account(asking(client)).field(t)
	consent := victim.authorize(asking(client)).field(t)
	rg.wantPage("D45 the attacker's form", victim.answerAccount(foreign, "continue"), http.StatusForbidden)
	rg.wantPage("D44 from a browser without cookies", rg.browser().answerAccount(own, "continue"), http.StatusForbidden)
	rg.wantPage("a consent form", victim.answerAccount(consent, "continue"), http.StatusForbidden)
	rg.wantPage("as a consent form", victim.answerForm(own, "approve"), http.StatusForbidden)
	rg.wantPage("changed", victim.answerAccount(own+"A", "continue"), http.StatusForbidden)
	for name, headers := range map[string][]string{
		"foreign Origin": {"Origin", "https://evil.example"}, "Origin null": {"Origin", "null"}, "two Origins": {"Origin", issuer, "Origin", "https://evil.example"},
		"cross-site": {"Origin", issuer, "Sec-Fetch-Site", "cross-site"}, "same-site": {"Sec-Fetch-Site", "same-site"},
	} {
		rg.wantPage("D46 "+name, victim.answerAccount(own, "continue", headers...), http.StatusForbidden)
	}
	rg.wantPage("D46 GET", victim.open("/account?action=continue&request="+own), http.StatusMethodNotAllowed)
	rg.wantPage("no action", victim.answerAccount(own, ""), http.StatusBadRequest)
	rg.wantPage("another action", victim.answerAccount(own, "approve"), http.StatusBadRequest)
	rg.wantPage("no form", victim.answerAccount("", "continue"), http.StatusBadRequest)
	if rg.happened(oidcproxy.EventLogin) != 0 {
		t.Fatal("a forged answer has made a code")
	}
	if code := queryOf(t, victim.answerAccount(own, "continue", "Sec-Fetch-Site", "same-origin").link(t)).Get("code"); code == "" {
		t.Error("the honest answer")
	}
}

// R65, D47, D39: a form is answered once, and in time; the code's time begins with the answer.
func TestConfirmAccountOnceAndInTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, confirming)
		client := rg.client()
		b := rg.browser()
		one, two, late := b.account(asking(client)).field(t), b.account(asking(client)).field(t), b.account(asking(client)).field(t)
		code := queryOf(t, b.answerAccount(one, "continue").link(t)).Get("code")
		for _, action := range []string{"continue", "cancel", "other"} {
			rg.wantPage(action+" after the answer", b.answerAccount(one, action), http.StatusGone)
		}
		rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, code)))
		rg.wantPage("after the code is redeemed", b.answerAccount(one, "cancel"), http.StatusGone)
		sleep(10*time.Minute - time.Second)
		code = queryOf(t, b.answerAccount(two, "continue").link(t)).Get("code")
		sleep(59 * time.Second)
		rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, code)))
		expired := b.answerAccount(late, "continue")
		if rg.wantPage("too late", expired, http.StatusGone); !strings.Contains(expired.body, "has expired") {
			t.Errorf("too late: %s", expired.body)
		}

		last := b.account(asking(client)).field(t)
		code = queryOf(t, b.answerAccount(last, "continue").link(t)).Get("code")
		sleep(61 * time.Second)
		rg.want("the code of an answer of over a minute ago", rg.post("/token", redeeming(client, code)), http.StatusBadRequest, "invalid_grant")

		b.account(asking(client))                                       // and no answer
		b.answerAccount(b.account(asking(client)).field(t), "continue") // and no redemption
		sleep(21 * time.Minute)
		if left := rg.entries(); left != 2 { // the two grants that were redeemed
			t.Errorf("%d entries are left", left)
		}
	})
}

// R65: of many answers at once one counts.
func TestConfirmAccountRaces(t *testing.T) {
	rg := newRig(t, confirming)
	b := rg.browser()
	form := url.Values{"request": {b.account(asking(rg.client())).field(t)}, "action": {"continue"}}.Encode()
	statuses := make([]int, 8)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() {
			r := request(t, http.MethodPost, "/account", form, "Content-Type", "application/x-www-form-urlencoded", "Origin", issuer, "Cookie", browserCookie+"="+b.cookies[browserCookie])
			statuses[i] = rg.do(r).StatusCode
		})
	}
	all.Wait()
	slices.Sort(statuses)
	if statuses[0] != http.StatusOK || statuses[1] != http.StatusGone || rg.happened(oidcproxy.EventLogin) != 1 {
		t.Errorf("%v, %d sign-ins", statuses, rg.happened(oidcproxy.EventLogin))
	}
}

// R148: a store that fails spends nothing, and one whose answer is lost gives one code all the same.
func TestConfirmAccountFaults(t *testing.T) {
	rg := newRig(t, confirming)
	client := rg.client()
	b := rg.browser()
	field := b.account(asking(client)).field(t)
	for _, op := range []string{"get", "swap", "delete"} {
		rg.failing(func(called string) error {
			if called == op {
				return errors.New("down")
			}
			return nil
		})
		action := map[string]string{"get": "continue", "swap": "continue", "delete": "cancel"}[op]
		rg.wantPage(op, b.answerAccount(field, action), http.StatusServiceUnavailable)
	}
	rg.failing(nil)
	if code := queryOf(t, b.answerAccount(field, "continue").link(t)).Get("code"); code == "" {
		t.Error("afterwards")
	}
	field = b.account(asking(client)).field(t)
	rg.store = &lostAnswers{Store: rg.store, lose: 1, as: errors.New("connection reset")}
	rg.provider(confirming)
	code := queryOf(t, b.answerAccount(field, "continue").link(t)).Get("code")
	rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, code)))
}

// Replaced pages may have one for the account; what they know is what ours know.
func TestReplacedAccountPage(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.ConfirmAccount, c.Pages = true, template.Must(template.New("").Parse(ownPages+ownAccount))
	})
	b := rg.browser()
	page := b.account(asking(rg.client()))
	if !strings.Contains(page.body, "Brand user@example.com") {
		t.Errorf("%s", page.body)
	}
	if code := queryOf(t, b.answerAccount(page.field(t), "continue").link(t)).Get("code"); code == "" {
		t.Error("there is no code")
	}
}
