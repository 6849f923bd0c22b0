package oidcproxy_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/store"
)

// R109: the store goes away while the identity provider is asked, for longer than a refresh waits. When it is back, every replica finds what the provider has
// answered, also those that have only ever seen the refresh token that the provider has taken back.
func TestR109StoreAwayAfterTheProviderHasAnswered(t *testing.T) {
	for name, row := range map[string]struct {
		away   time.Duration
		status int // of the refresh at another replica
		asked  int // and again by that one, with what the provider has given
	}{
		"half a minute": {30 * time.Second, http.StatusOK, 2}, "minutes": {9 * time.Minute, http.StatusOK, 2}, "longer than a lease is respected": {15 * time.Minute, http.StatusOK, 2},
	} {
		inBubble(t, func(t *testing.T) {
			change, delay := slowly()
			rg := newRig(t, change)
			other := rg.mount(rg.provider(change))
			first := rg.mount(rg.provider(change))
			rg.handler = first
			f := rg.signedIn()
			rg.call(f.access)
			asked := rg.idp.Requests(authtest.TokenPath)
			delay.Store(int64(2 * time.Second))
			answer := make(chan answer)
			go func() { answer <- serveOn(t, first, "/token", refreshing(f.client, f.refresh)) }()
			sleep(time.Second)
			rg.failing(func(string) error { return errors.New("the store is away") })
			rg.want(name+", the first", <-answer, http.StatusServiceUnavailable, "temporarily_unavailable")
			rg.want(name+", another", serveOn(t, other, "/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
			sleep(row.away)
			rg.failing(nil)
			sleep(2 * time.Second)
			delay.Store(0)
			a := serveOn(t, other, "/token", refreshing(f.client, f.refresh))
			if n := rg.idp.Requests(authtest.TokenPath) - asked; a.StatusCode != row.status || n != row.asked {
				t.Fatalf("%s: %d %s, the provider was asked %d times", name, a.StatusCode, a.body, n)
			}
			rg.handler = other
			rg.refreshed(rg.redeemed(f, a))
			again := serveOn(t, first, "/token", refreshing(f.client, f.refresh))
			if again.StatusCode != http.StatusOK {
				t.Errorf("%s: a retired token at the first: %d %s", name, again.StatusCode, again.body)
			}
		})
	}
}

// R109, R112: what has happened to the grant meanwhile counts: a rotation by another replica after the lease, a revocation, the client's own next try.
func TestR109LateSavesGiveWay(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, _ := slowly()
		rg := newRigWith(t, authtest.Options{KeepRefreshTokens: true, AlwaysRefresh: true}, change)
		first := rg.handler
		unsaved := func() family {
			f := rg.signedIn()
			rg.failingSwap(2, 1000)
			rg.want("not saved", serveOn(t, first, "/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
			return f
		}
		f := unsaved()
		rg.failing(nil)
		next := rg.redeemed(f, serveOn(t, first, "/token", refreshing(f.client, f.refresh))) // before it is saved late
		sleep(5 * time.Second)
		if again := rg.redeemed(f, serveOn(t, first, "/token", refreshing(f.client, f.refresh))); again.refresh != next.refresh {
			t.Error("two successors")
		}
		rg.refreshed(next)

		f = unsaved()
		rg.failing(nil)
		rg.want("revoked", rg.post("/revoke", url.Values{"client_id": {f.client}, "token": {f.refresh}}), http.StatusOK, "")
		sleep(5 * time.Second)
		rg.want("revoked", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")

		f = unsaved()
		rg.failing(nil)
		rg.want("its access token revoked", rg.post("/revoke", url.Values{"client_id": {f.client}, "token": {f.access}}), http.StatusOK, "")
		sleep(5 * time.Second)
		rg.want("its access token", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
		rg.refreshed(f)
	})
}

// Close saves what waits, if the store is back in time, and does not wait for one that is not.
func TestCloseWithLateSaves(t *testing.T) {
	for _, back := range []bool{true, false} {
		inBubble(t, func(t *testing.T) {
			rg := newRig(t, nil)
			closing := rg.p
			f := rg.signedIn()
			rg.failingSwap(2, 1000)
			rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
			if back {
				rg.failing(nil)
			}
			start := time.Now()
			_ = closing.Close()
			if waited := time.Since(start); waited > 11*time.Second {
				t.Errorf("Close took %s", waited)
			}
			rg.failing(nil)
			rg.provider(nil)
			a := rg.post("/token", refreshing(f.client, f.refresh))
			if back != (a.StatusCode == http.StatusOK) {
				t.Errorf("back %v: %d %s", back, a.StatusCode, a.body)
			}
		})
	}
}

var _ store.Store = (*counting)(nil)
