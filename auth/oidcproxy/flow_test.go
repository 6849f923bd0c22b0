package oidcproxy_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The whole flow, B1 to B11: register, authorize, consent, sign in, callback, token, call, refresh, call.
// D95, R54, R55, R67: no answer to a body makes the browser send it again, or is a redirect of a form; redirects have no body.
func TestD95NoBodyIsRepeated(t *testing.T) {
	rg := newRig(t, nil)
	client, form := rg.client(), []string{"Content-Type", "application/x-www-form-urlencoded"}
	b := rg.browser()
	denied := b.answerForm(b.authorize(asking(client)).field(t), "deny")
	approved := b.answerForm(b.authorize(asking(client)).field(t), "approve")
	back := rg.atUpstream(approved.link(t))
	for name, row := range map[string]struct {
		a      answer
		status int
	}{
		"deny":                      {denied, http.StatusOK},
		"approve":                   {approved, http.StatusOK},
		"callback":                  {b.open(back), http.StatusSeeOther},
		"authorize by POST":         {b.send(http.MethodPost, "/authorize", asking(client).Encode(), form...), http.StatusSeeOther},
		"a bad one by POST":         {b.send(http.MethodPost, "/authorize", asking(client, "scope", "x").Encode(), form...), http.StatusSeeOther},
		"consent with a slash":      {b.send(http.MethodPost, "/consent/", "action=approve", form...), http.StatusNotFound},
		"token with a slash":        {rg.post("/token/", nil), http.StatusNotFound},
		"the endpoint with a slash": {rg.post("/mcp/", nil), http.StatusUnauthorized},
	} {
		if row.a.StatusCode != row.status || row.a.StatusCode == http.StatusTemporaryRedirect || row.a.StatusCode == http.StatusPermanentRedirect {
			t.Errorf("%s: %d", name, row.a.StatusCode)
		}
		if location := row.a.Header.Get("Location"); (location != "") != (row.status == http.StatusSeeOther) || location != "" && row.a.body != "" {
			t.Errorf("R55 %s: to %q with %q", name, location, row.a.body)
		}
	}
}

func TestFlow(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	b := rg.browser()
	page := b.authorize(asking(client, "scope", "mcp:read mcp:write"))
	for _, text := range []string{"Example server", "mcp.example.com", "Test app", "unverified", "app.example.com", "See settings", "Change settings"} {
		if !strings.Contains(page.body, text) {
			t.Errorf("the consent page lacks %q: %s", text, page.body)
		}
	}
	link := b.answerForm(page.field(t), "approve").link(t)
	if !strings.HasPrefix(link, "https://idp.example.com/authorize?") {
		t.Fatalf("approved, and sent to %s", link)
	}
	back := b.open(rg.atUpstream(link)).location(t)
	if q := back.Query(); !strings.HasPrefix(back.String(), clientCB+"?") || q.Get("state") != "client-state" || q.Get("iss") != issuer || q.Get("code") == "" {
		t.Fatalf("sent back to %s", back)
	}
	f := rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, back.Query().Get("code"))))
	if f.scope != "mcp:read mcp:write" || f.refresh == "" {
		t.Errorf("scope %q, refresh token %q", f.scope, f.refresh)
	}
	who := rg.call(f.access).json(t)
	if who["sub"] != "user" || who["iss"] != "https://idp.example.com" || !slices.Equal(who["scopes"].([]any), []any{"mcp:read", "mcp:write"}) {
		t.Errorf("called as %v", who)
	}
	again := rg.refreshed(f)
	if again.refresh == f.refresh || again.access == f.access {
		t.Error("the refresh has rotated nothing (R101)")
	}
	if a := rg.call(again.access); a.StatusCode != http.StatusOK {
		t.Errorf("after the refresh: %d %s", a.StatusCode, a.body)
	}
}
