package oidcproxy_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R149, R90, D94: through a whole flow, its errors and a panic, no secret is in any log, event, page or answer that it is not for.
func TestR149NoSecretLeaks(t *testing.T) {
	var tokens []string // of the identity provider
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.Clients = []oidcproxy.Client{{ID: "known", Secret: "client-secret-of-thirty-two-bytes-or-more", RedirectURIs: []string{clientCB}}}
	})
	rg.idp.Tamper(authtest.Tampering{TokenResponse: func(body map[string]any) {
		for _, name := range []string{"access_token", "refresh_token", "id_token"} {
			if token, ok := body[name].(string); ok {
				tokens = append(tokens, token)
			}
		}
	}})
	var seen []string // every answer but those that give a secret to whom it belongs
	f := rg.signedIn()
	g := rg.refreshed(f)
	b := rg.browser()
	page := b.authorize(asking(f.client, "state", "secret-client-state"))
	field := page.field(t)
	approved := b.answerForm(field, "approve")
	back := rg.atUpstream(approved.link(t))
	code := queryOf(t, back).Get("code")
	location := b.open(back)
	seen = append(seen, location.Header.Get("Location"), b.open(back).body, b.answerForm(field, "approve").body, rg.browser().answerForm(field, "approve").body)
	for _, form := range []map[string][]string{
		redeeming(f.client, f.code), redeeming("unknown", f.code), refreshing(f.client, f.code), refreshing("known", g.refresh, "client_secret", "client-secret-of-thirty-two-bytes-or-more"),
	} {
		seen = append(seen, rg.post("/token", form).body)
	}
	seen = append(seen, rg.call(f.access+"x").body, rg.call(f.refresh).body, fmt.Sprintf("%v %+v %#v", rg.p, rg.p, rg.p))
	rg.idp.FailPath(authtest.TokenPath, 500)
	seen = append(seen, rg.post("/token", refreshing(f.client, g.refresh)).body)
	var events bytes.Buffer
	for _, e := range rg.events {
		fmt.Fprintf(&events, "%+v\n", e)
	}
	outputs := map[string]string{"log": rg.logged(), "events": events.String(), "answers": strings.Join(seen, "\n")}
	secrets := map[string]string{
		"access token": f.access, "refresh token": f.refresh, "successor": g.refresh, "code": f.code, "upstream code": code, "client id": f.client, "verifier": verifier, "upstream secret": upSecret,
		"sealed request": field, "state": "secret-client-state", "client secret": "client-secret-of-thirty-two-bytes-or-more",
	}
	for name, value := range b.cookies {
		secrets["cookie "+name] = value
	}
	for i, token := range tokens {
		secrets[fmt.Sprint("upstream token ", i)] = token
	}
	for output, text := range outputs {
		for name, secret := range secrets {
			if output == "answers" && (name == "state" || name == "client id") { // the client's own
				continue
			}
			if strings.Contains(text, secret) {
				t.Errorf("the %s is in the %s", name, output)
			}
		}
	}
	if !strings.Contains(rg.logged(), oidcproxy.EventTokenRefreshed) {
		t.Error("the log has nothing at all")
	}
	for i, token := range tokens {
		if strings.Contains(approved.body+location.Header.Get("Location"), token) {
			t.Errorf("R90: upstream token %d reaches the client", i)
		}
	}
}

// R159, D94: a panic in what the host has given is answered without a word of it.
func TestPanics(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.Audit = func(context.Context, auth.Event) { panic("secret-of-the-sink") }
		c.Upstream.SecretSource, c.Upstream.ClientSecret = func(context.Context) (auth.Secret, error) { panic("secret-of-the-source") }, ""
	})
	b := rg.browser()
	a := b.open(b.begun(rg.client()))
	if a.StatusCode != http.StatusInternalServerError || strings.Contains(a.body, "secret-of") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if strings.Contains(rg.logged(), "secret-of") {
		t.Errorf("the panic's value is logged: %s", rg.logged())
	}
}

// R150: what others wrote is logged without control characters, on one line.
func TestR150LogsAreClean(t *testing.T) {
	var log bytes.Buffer
	rg := newRig(t, func(c *oidcproxy.Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	rg.idp.SignIn(authtest.User{Subject: "ann\nlevel=ERROR msg=forged\x1b[31m"})
	rg.signedIn()
	if strings.Contains(log.String(), "\nlevel=ERROR") || strings.Contains(log.String(), "\x1b") {
		t.Errorf("%s", log.String())
	}
}

// R151: the events of a flow, in order, with whom and from where.
func TestR151Events(t *testing.T) {
	rg := newRig(t, nil)
	rg.refreshed(rg.signedIn())
	var names []string
	for _, e := range rg.events {
		names = append(names, e.Name)
		if e.Time.IsZero() || e.ClientAddr.String() != "192.0.2.1" || e.ClientID == "" {
			t.Errorf("%+v", e)
		}
	}
	want := "oauth.registered oauth.consent_shown oauth.consent_approved oauth.login oauth.token_issued oauth.token_refreshed"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("%s", got)
	}
}
