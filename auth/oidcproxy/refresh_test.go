package oidcproxy_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R104, R107: within the grace a retired token answers with the newest successor, the same each time; R105, D65: after it, the family ends.
func TestD65RefreshReuse(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		first := rg.signedIn()
		second := rg.refreshed(first)
		asked := rg.idp.Requests(authtest.TokenPath)
		if again := rg.refreshed(first); again.refresh != second.refresh || again.access == second.access {
			t.Error("R104: another successor, or the same access token")
		}
		sleep(5 * time.Minute)
		third := rg.refreshed(second)
		if again := rg.refreshed(first); again.refresh != third.refresh {
			t.Error("R107: the chain is not walked to the newest")
		}
		sleep(5*time.Minute - time.Second)
		if again := rg.refreshed(first); again.refresh != third.refresh {
			t.Error("R107: the grace is shorter than ten minutes")
		}
		if n := rg.idp.Requests(authtest.TokenPath) - asked; n != 1 {
			t.Errorf("R109: %d questions for one rotation", n)
		}
		sleep(2 * time.Second)
		rg.want("D65", rg.post("/token", refreshing(first.client, first.refresh)), http.StatusBadRequest, "invalid_grant")
		rg.want("D65 the newest", rg.post("/token", refreshing(first.client, third.refresh)), http.StatusBadRequest, "invalid_grant")
		if a := rg.call(third.access); a.StatusCode != http.StatusUnauthorized || rg.happened(oidcproxy.EventRefreshReused) != 1 {
			t.Errorf("D65: %d, %d events", a.StatusCode, rg.happened(oidcproxy.EventRefreshReused))
		}
	})
}

// R107: without grace a retired token ends the family at once; the successor itself is handed out.
func TestWithoutGrace(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.Lifetimes.ReuseGrace = -1 })
	first := rg.signedIn()
	second := rg.refreshed(first)
	third := rg.refreshed(second)
	rg.want("reuse", rg.post("/token", refreshing(first.client, first.refresh)), http.StatusBadRequest, "invalid_grant")
	if a := rg.call(third.access); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("%d", a.StatusCode)
	}
}

// R103, D66: many processes and replicas at once: one successor, one question to the identity provider.
func TestD66RefreshRace(t *testing.T) {
	rg := newRig(t, nil)
	first := rg.handler
	second := rg.mount(rg.provider(nil))
	f := rg.signedIn()
	asked := rg.idp.Requests(authtest.TokenPath)
	successors := map[string]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			h := first
			if i%2 == 1 {
				h = second
			}
			a := serveOn(t, h, "/token", refreshing(f.client, f.refresh))
			if a.StatusCode != http.StatusOK {
				t.Errorf("%d %s", a.StatusCode, a.body)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			successors[a.json(t)["refresh_token"].(string)] = true
		})
	}
	all.Wait()
	if n := rg.idp.Requests(authtest.TokenPath) - asked; len(successors) != 1 || n != 1 {
		t.Errorf("%d successors, %d questions", len(successors), n)
	}
}

// D67, R102: what is refused rotates nothing.
func TestD67RefreshIsBound(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn("scope", "mcp:read mcp:write")
	other := rg.client()
	rg.want("other client", rg.post("/token", refreshing(other, f.refresh)), http.StatusBadRequest, "invalid_grant")
	rg.want("other resource", rg.post("/token", refreshing(f.client, f.refresh, "resource", issuer+"/other")), http.StatusBadRequest, "invalid_target")
	rg.want("D93 wider scope", rg.post("/token", refreshing(f.client, f.refresh, "scope", "mcp:read mcp:admin")), http.StatusBadRequest, "invalid_scope")
	rg.want("no token", rg.post("/token", refreshing(f.client, "", "refresh_token", "")), http.StatusBadRequest, "invalid_request")
	for name, token := range map[string]string{"access token": f.access, "code": f.code, "client id": f.client, "shortened": f.refresh[:len(f.refresh)-4], "longer": f.refresh + "AAAA", "other prefix": "mcpa_" + strings.TrimPrefix(f.refresh, "mcpr_")} {
		rg.want("D15 "+name, rg.post("/token", refreshing(f.client, token)), http.StatusBadRequest, "invalid_grant")
	}
	if n := rg.happened(oidcproxy.EventTokenRefreshed); n != 0 {
		t.Errorf("%d rotations", n)
	}
	narrow := rg.redeemed(f, rg.post("/token", refreshing(f.client, f.refresh, "scope", "mcp:read offline_access", "resource", resource+"/")))
	if narrow.scope != "mcp:read" {
		t.Errorf("narrowed to %q", narrow.scope)
	}
	if wide := rg.refreshed(narrow); wide.scope != "mcp:read mcp:write" {
		t.Errorf("R102: absent scope is %q", wide.scope)
	}
	rg.want("unknown client, good token", rg.post("/token", refreshing("unknown", f.refresh)), http.StatusUnauthorized, "invalid_client")
}

// D68, R92, R109: a user who is no longer welcome at the identity provider is out at the next refresh; an outage signs nobody out.
func TestD68TheIdentityProviderIsAsked(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	for name, status := range map[string]int{"500": 500, "503": 503, "429": 429, "403": 403} {
		rg.idp.FailPath(authtest.TokenPath, status)
		a := rg.post("/token", refreshing(f.client, f.refresh))
		rg.want(name, a, http.StatusServiceUnavailable, "temporarily_unavailable")
		if a.Header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", name)
		}
	}
	rg.idp.FailPath(authtest.TokenPath, 0)
	if a := rg.call(f.access); a.StatusCode != http.StatusOK {
		t.Errorf("the access token through the outage: %d", a.StatusCode)
	}
	f = rg.refreshed(f)
	rg.idp.Disable("user")
	rg.want("disabled", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
	if a := rg.call(f.access); a.StatusCode != http.StatusUnauthorized || rg.happened(oidcproxy.EventGrantEnded) != 1 {
		t.Errorf("disabled: %d, %d events", a.StatusCode, rg.happened(oidcproxy.EventGrantEnded))
	}
}

// D56 at refresh: another user, another issuer, another signature ends the grant.
func TestD56IDTokensAtRefresh(t *testing.T) {
	for name, tampering := range map[string]authtest.Tampering{
		"other sub":   {IDToken: func(c map[string]any) { c["sub"] = "other" }},
		"other aud":   {IDToken: func(c map[string]any) { c["aud"] = "other" }},
		"bad at_hash": {IDToken: func(c map[string]any) { c["at_hash"] = "x" }},
		"expired":     {IDToken: func(c map[string]any) { c["exp"] = 1 }},
	} {
		rg := newRig(t, nil)
		f := rg.signedIn()
		rg.idp.Tamper(tampering)
		rg.want(name, rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
		if a := rg.call(f.access); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: the access token lives: %d", name, a.StatusCode)
		}
	}
	rg := newRig(t, nil)
	f := rg.signedIn()
	rg.idp.Tamper(authtest.Tampering{TokenResponse: func(body map[string]any) { delete(body, "id_token") }})
	if rg.refreshed(f).access == "" {
		t.Error("a provider that sends no ID token at a refresh")
	}
}

// R109: another replica that asks the identity provider is awaited, and its lease ends if it dies.
func TestLeases(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		dead, cut := rg.cutOff(nil)
		f := rg.signedIn()
		cut.after.Store(2) // the process dies between its lease and its answer
		rg.idp.FailPath(authtest.TokenPath, 503)
		rg.want("dies", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.idp.FailPath(authtest.TokenPath, 0)
		rg.provider(nil)
		start := time.Now()
		f = rg.refreshed(f)
		if waited := time.Since(start); waited < 25*time.Second || waited > 31*time.Second {
			t.Errorf("the lease of the dead was awaited for %s", waited)
		}
		cut.after.Store(1000)
		rg.handler = dead // which was not dead after all
		rg.refreshed(f)
	})
}

// R111, R112, R113, D69: revocation ends what it should, of the own client only, and answers the same to all.
func TestRevocation(t *testing.T) {
	rg := newRig(t, nil)
	revoke := func(client, token string, changes ...string) answer {
		return rg.post("/revoke", changed(refreshing(client, "", "refresh_token", "", "grant_type", "", "token", token), changes...))
	}
	f, other := rg.signedIn(), rg.client()
	for name, a := range map[string]answer{
		"D69 refresh token of another": revoke(other, f.refresh), "D69 access token of another": revoke(other, f.access), "unknown": revoke(f.client, "x"), "a JWT of others": revoke(f.client, "a.b.c"),
		"code": revoke(f.client, f.code),
	} {
		if a.StatusCode != http.StatusOK || a.body != "" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := rg.call(f.access); a.StatusCode != http.StatusOK {
		t.Fatalf("D69: another client has revoked: %d", a.StatusCode)
	}
	rg.want("no token", revoke(f.client, ""), http.StatusBadRequest, "invalid_request")
	rg.want("unknown client", revoke("x", f.access), http.StatusUnauthorized, "invalid_client")

	revoke(f.client, f.access, "token_type_hint", "refresh_token")
	if a := rg.call(f.access); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("revoked access token: %d", a.StatusCode)
	}
	again := rg.refreshed(f)
	if a := rg.call(again.access); a.StatusCode != http.StatusOK {
		t.Errorf("R112 the refresh token goes on: %d", a.StatusCode)
	}
	if a := rg.call(f.access); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("revoked access token after a refresh: %d", a.StatusCode)
	}
	live := rg.idp.LiveRefreshTokens()
	revoke(f.client, again.refresh, "token_type_hint", "nonsense")
	if a := rg.call(again.access); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("revoked grant: %d", a.StatusCode)
	}
	rg.want("revoked refresh token", rg.post("/token", refreshing(f.client, again.refresh)), http.StatusBadRequest, "invalid_grant")
	for range 200 { // it happens in the background
		if rg.idp.LiveRefreshTokens() < live {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if n := rg.idp.LiveRefreshTokens(); n != live-1 {
		t.Errorf("R114: %d refresh tokens live upstream, %d before", n, live)
	}
}
