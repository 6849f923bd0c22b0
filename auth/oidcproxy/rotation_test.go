package oidcproxy_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// A slowAnswer makes answers of the identity provider late, which has made them by then.
type slowAnswer struct {
	next  http.RoundTripper
	delay *atomic.Int64
}

func (s slowAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.next.RoundTrip(r)
	select {
	case <-time.After(time.Duration(s.delay.Load())):
		return resp, err
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// slowly is a change of the configuration, and what says how slow.
func slowly() (func(*oidcproxy.Config), *atomic.Int64) {
	delay := new(atomic.Int64)
	return func(c *oidcproxy.Config) {
		c.HTTPClient = &http.Client{Transport: slowAnswer{c.HTTPClient.Transport, delay}}
	}, delay
}

// cutOff adds a replica, and serves by it, that can be kept from changing the store, which serves the others.
func (rg *rig) cutOff(change func(*oidcproxy.Config)) (http.Handler, *cutStore) {
	rg.Helper()
	shared := rg.store
	cut := &cutStore{Store: shared}
	cut.after.Store(1000)
	rg.store = cut
	rg.provider(change)
	rg.store = shared
	return rg.handler, cut
}

// A cutStore makes the swaps fail from the nth on, counted from when that was said.
type cutStore struct {
	store.Store
	after atomic.Int64
}

func (s *cutStore) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) error {
	if s.after.Add(-1) <= 0 {
		return errors.New("this replica does not reach the store")
	}
	return s.Store.Swap(ctx, key, old, value, ttl)
}

// failingSwap makes swaps fail from the nth on, so many of them.
func (rg *rig) failingSwap(nth, times int) {
	swaps := 0
	rg.failing(func(op string) error {
		if op == "swap" {
			swaps++
		}
		if op == "swap" && swaps >= nth && swaps < nth+times {
			return errors.New("a blip of the store")
		}
		return nil
	})
}

// R109: what the identity provider has rotated is not lost with a store that fails, for a moment or for longer.
func TestR109StoreFailsAfterTheProviderHasAnswered(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		asked := rg.idp.Requests(authtest.TokenPath)
		rg.failingSwap(2, 2)
		f = rg.refreshed(f)
		if n := rg.idp.Requests(authtest.TokenPath) - asked; n != 1 {
			t.Errorf("the provider was asked %d times", n)
		}
		rg.failingSwap(2, 1000)
		rg.want("the store is gone", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.failingSwap(1, 1000)
		rg.want("still", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.failing(nil)
		for range 3 {
			f = rg.refreshed(f)
		}
		if rg.call(f.access).StatusCode != http.StatusOK || rg.idp.LiveRefreshTokens() != 1 {
			t.Errorf("%d refresh tokens at the provider", rg.idp.LiveRefreshTokens())
		}
		// What has been remembered is not taken for another grant's, nor after it has been saved.
		other := rg.refreshed(rg.signedIn())
		rg.refreshed(other)
		rg.refreshed(f)
	})
}

// R109: a full store says so before the identity provider is asked, and nobody is signed out.
func TestR109FullStoreBeforeTheProviderIsAsked(t *testing.T) {
	rg := newRig(t, nil)
	rg.store = store.NewMemory(store.MemoryConfig{MaxEntries: 1 << 20, MaxBytes: 16 << 10})
	rg.provider(nil)
	f := rg.signedIn()
	for fill, size := 0, 4096; size > 0; { // to the last byte
		if err := rg.store.Create(t.Context(), "fill/"+strings.Repeat("x", fill), make([]byte, size), time.Hour); err != nil {
			size /= 2
		}
		fill++
	}
	asked := rg.idp.Requests(authtest.TokenPath)
	rg.want("full", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
	if n := rg.idp.Requests(authtest.TokenPath) - asked; n != 0 {
		t.Errorf("the provider was asked %d times", n)
	}
	for fill := range 64 {
		_ = rg.store.Delete(t.Context(), "fill/"+strings.Repeat("x", fill))
	}
	rg.refreshed(f)
}

// R109: a revocation while the identity provider is asked is kept, and nobody is asked twice.
func TestR109RevokedDuringARefresh(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, delay := slowly()
		rg := newRig(t, change)
		f := rg.signedIn()
		asked := rg.idp.Requests(authtest.TokenPath)
		delay.Store(int64(2 * time.Second))
		var all sync.WaitGroup
		var next family
		all.Go(func() { next = rg.refreshed(f) })
		sleep(time.Second)
		if a := rg.post("/revoke", url.Values{"client_id": {f.client}, "token": {f.access}}); a.StatusCode != http.StatusOK {
			t.Errorf("revoke: %d", a.StatusCode)
		}
		all.Wait()
		rg.want("the revoked one", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
		if a, n := rg.call(next.access), rg.idp.Requests(authtest.TokenPath)-asked; a.StatusCode != http.StatusOK || n != 1 {
			t.Errorf("the new one: %d; the provider was asked %d times", a.StatusCode, n)
		}
		delay.Store(0)
		rg.refreshed(next)
	})
}

// R109: a replica waits for the one that asks, however slow the identity provider is; and one that is stopped finishes first.
func TestR109SlowProvider(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, delay := slowly()
		rg := newRig(t, change)
		first := rg.handler
		second := rg.mount(rg.provider(change))
		rg.handler = first // which knows the provider's keys then
		f := rg.signedIn()
		delay.Store(int64(9 * time.Second))
		answers := rg.refreshOn(f, 100*time.Millisecond, first, second)
		one, other := rg.redeemed(f, answers[0]), rg.redeemed(f, answers[1])
		if one.refresh != other.refresh {
			t.Error("two successors")
		}
		delay.Store(int64(11 * time.Second)) // longer than one request may take
		rg.want("too slow", rg.post("/token", refreshing(one.client, one.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
	})
}

// R109: the lease of another replica is awaited, also by one that has an answer of its own which it could not save.
func TestR109LeaseAfterALeaseOfOnesOwn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, delay := slowly()
		rg := newRigWith(t, authtest.Options{KeepRefreshTokens: true, AlwaysRefresh: true}, change)
		second := rg.handler
		first, cut := rg.cutOff(change)
		f := rg.signedIn()
		asked := rg.idp.Requests(authtest.TokenPath)
		cut.after.Store(2)
		rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		delay.Store(int64(5 * time.Second))
		time.AfterFunc(31*time.Second, func() { cut.after.Store(1000) })
		answers := rg.refreshOn(f, 32*time.Second, second, first) // while the second asks, after the lease of the first
		one, other := rg.redeemed(f, answers[0]), rg.redeemed(f, answers[1])
		if n := rg.idp.Requests(authtest.TokenPath) - asked; n != 2 || one.refresh != other.refresh {
			t.Errorf("asked %d times", n)
		}
	})
}

// D90: a replica whose clock is ahead, or behind, by more than a lease does not ask beside another one.
func TestD90LeasesAndClocks(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, apart := range []time.Duration{5 * time.Minute, -5 * time.Minute} {
			change, delay := slowly()
			rg := newRig(t, change)
			first := rg.handler
			second := rg.mount(rg.provider(func(c *oidcproxy.Config) {
				change(c)
				c.Clock = func() time.Time { return time.Now().Add(apart) }
			}))
			rg.handler = first
			f := rg.signedIn()
			asked := rg.idp.Requests(authtest.TokenPath)
			delay.Store(int64(5 * time.Second))
			answers := rg.refreshOn(f, time.Second, first, second)
			if n := rg.idp.Requests(authtest.TokenPath) - asked; n != 1 || answers[0].StatusCode != http.StatusOK {
				t.Errorf("%s: asked %d times, %d %s", apart, n, answers[0].StatusCode, answers[0].body)
			}
			delay.Store(0)
			rg.refreshed(rg.redeemed(f, answers[0]))
		}
	})
}

func TestCloseDuringARefresh(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, delay := slowly()
		rg := newRig(t, change)
		f := rg.signedIn()
		delay.Store(int64(time.Second))
		closed := rg.p
		var all sync.WaitGroup
		var a answer
		all.Go(func() { a = rg.post("/token", refreshing(f.client, f.refresh)) })
		sleep(time.Second / 2)
		if err := closed.Close(); err != nil {
			t.Error(err)
		}
		all.Wait()
		next := rg.redeemed(f, a)
		delay.Store(0)
		rg.provider(nil)
		next = rg.refreshed(next)

		change, delay = slowly()
		closed = rg.provider(change)
		delay.Store(int64(time.Minute))
		all.Go(func() { a = rg.post("/token", refreshing(next.client, next.refresh)) })
		sleep(time.Second)
		start := time.Now()
		_ = closed.Close()
		if waited := time.Since(start); waited > 6*time.Second {
			t.Errorf("Close took %s", waited)
		}
		all.Wait()
		rg.want("a provider that does not answer", a, http.StatusServiceUnavailable, "temporarily_unavailable")
	})
}

// D68: the identity provider wants the user to come again, in whatever words. Trouble with us signs nobody out.
func TestD68TheProviderWantsTheUser(t *testing.T) {
	for code, out := range map[string]bool{
		"invalid_grant": true, "interaction_required": true, "login_required": true, "consent_required": true, "access_denied": true, "account_selection_required": true,
		"invalid_client": false, "unauthorized_client": false, "invalid_request": false, "temporarily_unavailable": false,
	} {
		rg := newRig(t, nil)
		f := rg.signedIn()
		rg.idp.Tamper(authtest.Tampering{TokenRefusal: code})
		a := rg.post("/token", refreshing(f.client, f.refresh))
		rg.idp.Tamper(authtest.Tampering{})
		if out {
			rg.want(code, a, http.StatusBadRequest, "invalid_grant")
			rg.want(code+", access", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
			continue
		}
		rg.want(code, a, http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.refreshed(f)
	}
}

// R84: a rule that is interrupted has not refused: at the end of its time, and at the end of the process.
func TestInterruptedRulesSignNobodyOut(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		waits := false
		change := func(c *oidcproxy.Config) {
			c.Authorize = func(ctx context.Context, _ oidcproxy.Claims) error {
				if waits {
					<-ctx.Done()
				}
				return ctx.Err()
			}
		}
		rg := newRig(t, change)
		f := rg.signedIn()
		waits = true
		rg.want("too slow", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		b := rg.browser()
		rg.wantRefusal("at a sign-in", b.open(b.begun(f.client)), "temporarily_unavailable", "client-state")
		waits = false
		f = rg.refreshed(f)
		waits = true
		closed := rg.provider(change)
		var all sync.WaitGroup
		all.Go(func() {
			rg.want("closed", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		})
		sleep(time.Second)
		_ = closed.Close()
		all.Wait()
		waits = false
		rg.provider(change)
		rg.refreshed(f)
	})
}

// R114: a token that the identity provider gives while the client revokes its grant is revoked too.
func TestR114RevokedDuringARefresh(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, delay := slowly()
		rg := newRig(t, change)
		f := rg.signedIn()
		delay.Store(int64(2 * time.Second))
		var all sync.WaitGroup
		all.Go(func() {
			rg.want("revoked meanwhile", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
		})
		sleep(time.Second)
		rg.post("/revoke", url.Values{"client_id": {f.client}, "token": {f.refresh}})
		all.Wait()
		sleep(10 * time.Second)
		if n := rg.idp.LiveRefreshTokens(); n != 0 {
			t.Errorf("%d refresh tokens are left at the provider", n)
		}
	})
}

// R109: what could not be saved is forgotten when another replica has gone on.
func TestR109UnsavedIsOfOneState(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRigWith(t, authtest.Options{KeepRefreshTokens: true, AlwaysRefresh: true}, nil)
		second := rg.handler
		first, cut := rg.cutOff(nil)
		f := rg.signedIn()
		given := ""
		rg.idp.Tamper(authtest.Tampering{TokenResponse: func(body map[string]any) { body["refresh_token"] = given }})
		given = "a token that will end"
		cut.after.Store(2)
		rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.idp.Tamper(authtest.Tampering{})
		rg.handler = second
		f = rg.refreshed(f) // with the token in the store, which is still good there
		f = rg.refreshed(f)
		cut.after.Store(1000)
		rg.handler = first
		rg.refreshed(f)
	})
}
