package oidcproxy_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

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
