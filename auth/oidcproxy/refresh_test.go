package oidcproxy_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
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

// R92: rules are asked again at each refresh, with the claims of then.
func TestRulesAtRefresh(t *testing.T) {
	var fail error
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.GrantScopes = func(_ context.Context, user oidcproxy.Claims) ([]string, error) { return user.List("groups"), fail }
		c.Claims = []string{"groups"}
	})
	rg.idp.SignIn(authtest.User{Subject: "ann", Claims: map[string]any{"groups": []string{"mcp:read", "mcp:write"}}})
	wide := rg.signedIn("scope", "mcp:read mcp:write")
	f := wide
	rg.idp.SignIn(authtest.User{Subject: "ann", Claims: map[string]any{"groups": []string{"mcp:read"}}})
	rg.want("at once", rg.post("/token", refreshing(f.client, f.refresh, "scope", "mcp:write")), http.StatusBadRequest, "invalid_scope")
	if f = rg.refreshed(f); f.scope != "mcp:read" {
		t.Errorf("after the group was taken away: %q", f.scope)
	}
	if a := rg.call(wide.access); fmt.Sprint(a.json(t)["scopes"]) != "[mcp:read]" {
		t.Errorf("an older token keeps what was taken away: %s", a.body)
	}
	rg.want("only what was taken away", rg.post("/token", refreshing(f.client, f.refresh, "scope", "mcp:write")), http.StatusBadRequest, "invalid_scope")
	fail = fmt.Errorf("directory: %w", oidcproxy.ErrTryAgain)
	rg.want("a rule that cannot tell", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
	fail = nil
	f = rg.refreshed(f)
	rg.idp.SignIn(authtest.User{Subject: "ann"})
	rg.want("no group left", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
}

// R92: without an ID token at a refresh the rules are asked with the userinfo answer alone; where there is none either, users must come again in time.
func TestRulesWithoutIDTokens(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		userInfo := false
		change := func(c *oidcproxy.Config) {
			c.Upstream.UserInfo, c.Claims = userInfo, []string{"group", "sub"} // what is kept is no answer of today
			c.Authorize = func(_ context.Context, user oidcproxy.Claims) error {
				if user.Text("group") != "ok" || user.Text("iss") != "https://idp.example.com" {
					return errors.New("not in the group")
				}
				return nil
			}
		}
		rg := newRig(t, change)
		member := authtest.User{Subject: "ann", Claims: map[string]any{"group": "ok", "kept": "x"}}
		begin := func() family {
			rg.idp.Tamper(authtest.Tampering{})
			rg.idp.SignIn(member)
			f := rg.signedIn()
			rg.idp.Tamper(authtest.Tampering{TokenResponse: func(body map[string]any) { delete(body, "id_token") }})
			return f
		}
		f := begin()
		sleep(11*hour + 30*time.Minute)
		short := rg.refreshed(f)
		sleep(30*time.Minute - time.Second)
		if a := rg.call(short.access); a.StatusCode != http.StatusOK {
			t.Errorf("a second before the end: %d", a.StatusCode)
		}
		sleep(time.Second)
		rg.want("its access token", rg.call(short.access), http.StatusUnauthorized, "invalid_token")
		f = begin()
		sleep(11 * hour)
		f = rg.refreshed(f)
		rg.idp.Tamper(authtest.Tampering{})
		f = rg.refreshed(f) // with an ID token
		rg.idp.Tamper(authtest.Tampering{TokenResponse: func(body map[string]any) { delete(body, "id_token") }})
		sleep(12*hour - time.Second)
		f = rg.refreshed(f)
		sleep(2 * time.Second)
		rg.want("nobody could say", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")

		userInfo = true
		rg.provider(change)
		f = begin()
		sleep(13 * hour)
		f = rg.refreshed(f)
		rg.idp.SignIn(authtest.User{Subject: "ann", Claims: map[string]any{"kept": "x"}}) // leaves the group
		rg.want("left", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")

		f = begin()
		rg.idp.Tamper(authtest.Tampering{
			TokenResponse: func(body map[string]any) { delete(body, "id_token") }, UserInfo: func(claims map[string]any) { claims["sub"] = "bob" },
		})
		rg.want("somebody else", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
		f = begin()
		rg.idp.Tamper(authtest.Tampering{
			TokenResponse: func(body map[string]any) { delete(body, "id_token") }, UserInfo: func(claims map[string]any) { delete(claims, "sub") },
		})
		rg.want("nobody in particular", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
	})
}

// R108: what is not used ends, and everything ends; where the user can't be checked again, soon (R110).
func TestR108GrantsEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		idle := rg.signedIn()
		sleep(30*24*hour - time.Second)
		idle = rg.refreshed(idle)
		sleep(30*24*hour + time.Second)
		rg.want("idle", rg.post("/token", refreshing(idle.client, idle.refresh)), http.StatusBadRequest, "invalid_grant")

		used := rg.signedIn()
		for range 4 {
			sleep(20 * 24 * hour)
			used = rg.refreshed(used)
		}
		sleep(10*24*hour - 30*time.Minute)
		a := rg.post("/token", refreshing(used.client, used.refresh))
		if left := a.json(t)["expires_in"].(float64); left > 1800 {
			t.Errorf("the last access token outlives the grant: %v", left)
		}
		sleep(31 * time.Minute)
		rg.want("total", rg.post("/token", refreshing(used.client, a.json(t)["refresh_token"].(string))), http.StatusBadRequest, "invalid_grant")
		rg.want("total, access", rg.call(a.json(t)["access_token"].(string)), http.StatusUnauthorized, "invalid_token")

		rg.idp.Tamper(authtest.Tampering{TokenResponse: func(body map[string]any) { delete(body, "refresh_token") }})
		unchecked := rg.signedIn()
		sleep(11 * hour)
		unchecked = rg.refreshed(unchecked)
		sleep(hour + time.Second)
		rg.want("unchecked", rg.post("/token", refreshing(unchecked.client, unchecked.refresh)), http.StatusBadRequest, "invalid_grant")

		rg.idp.Tamper(authtest.Tampering{TokenResponse: func(body map[string]any) { body["refresh_expires_in"] = 7200 }})
		short := rg.signedIn()
		sleep(2*hour - time.Second)
		short = rg.refreshed(short) // prolongs it
		sleep(2*hour - time.Second)
		short = rg.refreshed(short)
		sleep(2*hour + time.Second)
		rg.want("the provider's session", rg.post("/token", refreshing(short.client, short.refresh)), http.StatusBadRequest, "invalid_grant")
	})
}

// R109: another replica that asks the identity provider is awaited, and its lease ends if it dies.
func TestLeases(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		swaps := 0
		rg.failing(func(op string) error { // the process dies between its lease and its answer
			if op == "swap" {
				if swaps++; swaps > 1 {
					return errors.New("gone")
				}
			}
			return nil
		})
		rg.idp.FailPath(authtest.TokenPath, 503)
		rg.want("dies", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.failing(nil)
		rg.idp.FailPath(authtest.TokenPath, 0)
		dead := rg.handler
		rg.provider(nil)
		start := time.Now()
		f = rg.refreshed(f)
		if waited := time.Since(start); waited < 25*time.Second || waited > 31*time.Second {
			t.Errorf("the lease of the dead was awaited for %s", waited)
		}
		rg.handler = dead // which was not dead after all
		rg.refreshed(f)
	})
}

// R156: grants that end as too many of one client are not counted as too many of the user, and the event names the client.
func TestR156EachLimitByItself(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.Limits.GrantsPerClient, c.Limits.GrantsPerUser = 2, 3 })
		a, b := rg.client(), rg.client()
		sign := func(client string) family {
			code := rg.browser().signIn(asking(client)).Get("code")
			defer sleep(time.Second)
			return rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, code)))
		}
		all := []family{sign(b), sign(a), sign(a), sign(a)}
		for i, alive := range []bool{true, false, true, true} {
			if got := rg.call(all[i].access).StatusCode == http.StatusOK; got != alive {
				t.Errorf("grant %d lives: %v", i, got)
			}
		}
		for _, e := range rg.events {
			if e.Name == oidcproxy.EventGrantEnded {
				sum := sha256.Sum256([]byte(a))
				if e.ClientID != hex.EncodeToString(sum[:8]) || e.Reason != "too_many" {
					t.Errorf("%+v", e)
				}
			}
		}
		if n := rg.happened(oidcproxy.EventGrantEnded); n != 1 {
			t.Errorf("%d have ended", n)
		}
	})
}

// Who refreshes too often within one grace waits until the first token leaves it, and no longer.
func TestManyRefreshesWithinOneGrace(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		for range 32 {
			f = rg.refreshed(f)
			sleep(time.Second)
		}
		a := rg.post("/token", refreshing(f.client, f.refresh))
		rg.want("one more", a, http.StatusTooManyRequests, "temporarily_unavailable")
		wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
		if err != nil || wait < 60 {
			t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
		}
		sleep(time.Duration(wait) * time.Second)
		rg.refreshed(f)
	})
}

// R156: the oldest grants of a user with one client end, and of a user in all.
func TestR156TooManyGrants(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.Limits.GrantsPerClient, c.Limits.GrantsPerUser = 3, 5 })
		client := rg.client()
		var all []family
		sign := func(client string) {
			code := rg.browser().signIn(asking(client)).Get("code")
			all = append(all, rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, code))))
			sleep(time.Second)
		}
		for range 4 {
			sign(client)
		}
		alive := func() (living []bool) {
			for _, f := range all {
				living = append(living, rg.call(f.access).StatusCode == http.StatusOK)
			}
			return living
		}
		if got := fmt.Sprint(alive()); got != "[false true true true]" {
			t.Errorf("of one client: %s", got)
		}
		for range 3 {
			sign(rg.client())
		}
		if got := fmt.Sprint(alive()); got != "[false false true true true true true]" {
			t.Errorf("of the user: %s", got)
		}
		rg.idp.SignIn(authtest.User{Subject: "ann"})
		sign(client)
		if got := fmt.Sprint(alive()); got != "[false false true true true true true true]" {
			t.Errorf("of another user: %s", got)
		}
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

// D88, R148: whenever the store fails, the answer is 503, nothing is half-done, and nobody is signed out.
func TestD88StoreFailures(t *testing.T) {
	dead := errors.New("secret-cause of the store")
	for _, op := range []string{"create", "get", "swap", "list"} {
		for _, after := range []int{0, 1, 2, 3} {
			rg := newRig(t, nil)
			client := rg.client()
			old := rg.signedIn()
			count := 0
			rg.failing(func(each string) error {
				if each == op {
					if count++; count > after {
						return dead
					}
				}
				return nil
			})
			b := rg.browser()
			tokens := 0
			a := b.answerForm(b.authorize(asking(client)).field(t), "approve")
			if a.StatusCode == http.StatusOK {
				a = b.open(rg.atUpstream(a.link(t)))
				if code := queryOf(t, a.Header.Get("Location")).Get("code"); code != "" {
					for range 3 {
						if a = rg.post("/token", redeeming(client, code)); a.StatusCode == http.StatusOK {
							tokens++
						}
					}
				}
			}
			if strings.Contains(a.body+a.Header.Get("Location"), "secret-cause") || a.StatusCode == http.StatusInternalServerError || tokens > 1 {
				t.Errorf("%s after %d: %d %s %s, %d tokens", op, after, a.StatusCode, a.Header.Get("Location"), a.body, tokens)
			}
			if op == "get" && count > after {
				rg.want("call", rg.call(old.access), http.StatusServiceUnavailable, "temporarily_unavailable")
				rg.want("refresh", rg.post("/token", refreshing(old.client, old.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
				rg.want("code", rg.post("/token", redeeming(old.client, old.code)), http.StatusServiceUnavailable, "temporarily_unavailable")
			}
			rg.failing(nil)
			if got := rg.call(old.access); got.StatusCode != http.StatusOK {
				t.Errorf("%s after %d: signed out: %d", op, after, got.StatusCode)
			}
			if rg.refreshed(old).access == "" {
				t.Errorf("%s after %d: no refresh", op, after)
			}
		}
	}
}

// D87, R144, R145: records that were exchanged, changed or put back are no records.
func TestD87StoreTampering(t *testing.T) {
	rg := newRig(t, nil)
	ann, bob := rg.signedIn(), rg.signedIn()
	s := rg.store.(*counting)
	var grants []string
	for key := range s.live() {
		if strings.HasPrefix(key, "oauth/grant/") {
			grants = append(grants, key)
		}
	}
	put := func(key string, value []byte) {
		old, err := s.Store.Get(t.Context(), key)
		if err == nil {
			err = s.Store.Swap(t.Context(), key, old, value, hour)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	before := s.live()
	put(grants[0], before[grants[1]])
	put(grants[1], before[grants[0]])
	for _, f := range []family{ann, bob} {
		rg.want("exchanged", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
		rg.want("exchanged", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
	}
	if rg.happened(oidcproxy.EventUnreadable) == 0 {
		t.Error("no event")
	}
	put(grants[0], before[grants[0]])
	put(grants[1], before[grants[1]])
	later := rg.refreshed(ann)
	after := s.live()
	for _, key := range grants { // an old state, in which the retired token was the current one
		put(key, before[key])
	}
	rg.want("the newer token on an older state", rg.post("/token", refreshing(later.client, later.refresh)), http.StatusBadRequest, "invalid_grant")
	for _, key := range grants {
		put(key, after[key])
	}
	if rg.refreshed(later).access == "" {
		t.Error("the newest state is not accepted")
	}
	for _, key := range grants {
		put(key, append([]byte("x"), after[key]...))
	}
	rg.want("changed", rg.call(later.access), http.StatusUnauthorized, "invalid_token")
}

// D86, R144, R106: whoever reads the store and every log gets nothing that is good for anything.
func TestD86StoreDisclosure(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.Claims = []string{"email"} })
	f := rg.signedIn()
	f = rg.refreshed(f)
	rg.browser().begun(f.client)
	for key, value := range rg.store.(*counting).live() {
		for _, secret := range []string{f.access, f.refresh, f.code, f.client, "user@example.com", "refresh", "client-state", clientCB, "idp.example.com"} {
			if strings.Contains(key+string(value), secret) {
				t.Errorf("%s holds %q", key, secret)
			}
		}
		for _, text := range []string{string(value), key} {
			for _, prefix := range []string{"", "mcpr_", "mcpa_", "mcpc_"} {
				if a := rg.post("/token", refreshing(f.client, prefix+text)); a.StatusCode == http.StatusOK {
					t.Errorf("the record %s is a refresh token", key)
				}
				if a := rg.get("/mcp", "Authorization", "Bearer "+prefix+fmt.Sprintf("%x", text)); a.StatusCode != http.StatusUnauthorized {
					t.Errorf("the record %s is an access token", key)
				}
			}
		}
	}
}
