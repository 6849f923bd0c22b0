package oidcproxy_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The whole flow, B1 to B11: register, authorize, consent, sign in, callback, token, call, refresh, call.
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
