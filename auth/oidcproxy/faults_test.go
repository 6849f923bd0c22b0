package oidcproxy_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// R112: what was revoked while the answer to a lease was lost stays revoked.
func TestR112RevokedBehindALostAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		plain := rg.handler
		rg.store = &lostAnswers{Store: rg.store, lose: 1, as: errors.New("connection reset"), then: func() {
			serveOn(t, plain, "/revoke", url.Values{"client_id": {f.client}, "token": {f.access}})
		}}
		rg.provider(nil)
		next := rg.refreshed(f)
		rg.want("revoked", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
		if a := rg.call(next.access); a.StatusCode != http.StatusOK {
			t.Errorf("the next one: %d", a.StatusCode)
		}
	})
}

// A lateStore answers one swap late, or makes it late.
type lateStore struct {
	store.Store
	swaps, late int
	by          time.Duration
	before      bool
}

func (s *lateStore) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) error {
	s.swaps++
	late := s.swaps == s.late // whatever ctx says
	if late && s.before {
		time.Sleep(s.by)
	}
	err := s.Store.Swap(context.WithoutCancel(ctx), key, old, value, ttl)
	if late && !s.before {
		time.Sleep(s.by)
	}
	return err
}

func (s *lateStore) Get(ctx context.Context, key string) ([]byte, error) {
	return s.Store.Get(context.WithoutCancel(ctx), key)
}

// R109: a lease that was got too late is not used beside that of another replica.
func TestR109LateLease(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		second := rg.handler
		f := rg.signedIn()
		rg.store = &lateStore{Store: rg.store, late: 1, by: 35 * time.Second}
		first := rg.mount(rg.provider(nil))
		asked := rg.idp.Requests(authtest.TokenPath)
		answers := rg.refreshOn(f, time.Second, first, second)
		if n := rg.idp.Requests(authtest.TokenPath) - asked; n != 1 {
			t.Errorf("asked %d times", n)
		}
		if one, other := rg.redeemed(f, answers[0]), rg.redeemed(f, answers[1]); one.refresh != other.refresh {
			t.Error("two successors")
		}
	})
}

// D68: a refusal ends the grant only where nobody else has gone on with it, and only if the store says so; what the provider gave last is revoked.
func TestD68RefusalsAreStored(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		refuse := false
		rg := newRig(t, func(c *oidcproxy.Config) {
			c.Authorize = func(context.Context, oidcproxy.Claims) error {
				if refuse {
					return errors.New("no")
				}
				return nil
			}
		})
		f := rg.signedIn()
		refuse = true
		swaps := 0
		rg.failing(func(op string) error {
			if op == "swap" {
				swaps++
			}
			if swaps > 1 {
				return errors.New("gone")
			}
			return nil
		})
		rg.want("the store is gone", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.failing(nil)
		refuse = false
		sleep(time.Minute)
		if a := rg.call(f.access); a.StatusCode != http.StatusOK {
			t.Errorf("the grant that could not be ended: %d", a.StatusCode)
		}
		g := rg.signedIn()
		refuse = true
		before := rg.idp.LiveRefreshTokens()
		rg.want("refused", rg.post("/token", refreshing(g.client, g.refresh)), http.StatusBadRequest, "invalid_grant")
		rg.want("its access token", rg.call(g.access), http.StatusUnauthorized, "invalid_token")
		sleep(time.Minute)
		if n := rg.idp.LiveRefreshTokens(); n != before-1 {
			t.Errorf("%d refresh tokens at the provider, %d before", n, before)
		}
	})
}

// D68: a replica that stood still for longer than its lease does not end what another one has gone on with.
func TestD68RefusedTooLate(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRigWith(t, authtest.Options{KeepRefreshTokens: true, AlwaysRefresh: true}, nil)
		second := rg.handler
		f := rg.signedIn()
		rg.store = &lateStore{Store: rg.store, late: 2, by: 40 * time.Second, before: true}
		first := rg.mount(rg.provider(func(c *oidcproxy.Config) {
			c.Authorize = func(context.Context, oidcproxy.Claims) error { return errors.New("no") }
		}))
		answers := rg.refreshOn(f, time.Second, first, second)
		rg.handler = second
		next := rg.refreshed(rg.redeemed(f, answers[1]))
		if a := rg.call(next.access); a.StatusCode != http.StatusOK {
			t.Errorf("%d; the first answered %d %s", a.StatusCode, answers[0].StatusCode, answers[0].body)
		}
	})
}

// R151: a flood of mistakes does not hide trouble.
func TestR151FloodBesideTrouble(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.RateLimits.Token.PerSecond = -1 })
		f := rg.signedIn()
		for range 32 {
			f = rg.refreshed(f)
		}
		for range 200 {
			rg.want("too many", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusTooManyRequests, "temporarily_unavailable")
		}
		rg.failing(func(string) error { return errors.New("the store is on fire") })
		rg.post("/token", refreshing(f.client, f.refresh))
		if !strings.Contains(rg.logged(), "the store is on fire") {
			t.Error("trouble is hidden")
		}
	})
}

// Identify may say that it cannot tell; everything else is a refusal.
func TestIdentifyAtRefresh(t *testing.T) {
	for name, row := range map[string]struct {
		err  error
		code string
	}{
		"the network": {&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, "temporarily_unavailable"},
		"later":       {oidcproxy.ErrTryAgain, "temporarily_unavailable"},
		"no":          {errors.New("unknown user"), "invalid_grant"},
	} {
		var fail error
		rg := newRigWith(t, authtest.Options{AlwaysRefresh: true}, func(c *oidcproxy.Config) {
			c.Upstream.Identify = func(context.Context, oidcproxy.UpstreamTokens) (oidcproxy.Claims, error) {
				return oidcproxy.Claims{"iss": []byte(`"https://idp.example.com"`), "sub": []byte(`"ann"`)}, fail
			}
		})
		f := rg.signedIn()
		fail = row.err
		if a := rg.post("/token", refreshing(f.client, f.refresh)); a.code() != row.code {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
}

// A store that always says that others were faster holds a refresh up for a moment, not for its whole time, and the provider is not asked again and again.
func TestEndlessConflicts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		swaps := 0
		rg.failing(func(op string) error {
			if op == "swap" {
				swaps++
				return store.ErrConflict
			}
			return nil
		})
		start := time.Now()
		rg.want("conflicts", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		if took := time.Since(start); took > 5*time.Second || swaps > 20 {
			t.Errorf("%s, %d swaps", took, swaps)
		}
		rg.failing(nil)
		rg.refreshed(f)
	})
}

// R109: the answer to our own swap was lost; the swap was not.
func TestR109LostAnswerOfTheStore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		lossy := &lostAnswers{Store: rg.store, lose: 2, as: errors.New("connection reset")}
		rg.store = lossy
		rg.provider(nil)
		asked := rg.idp.Requests(authtest.TokenPath)
		f = rg.refreshed(f)
		if n := rg.idp.Requests(authtest.TokenPath) - asked; n != 1 || lossy.swaps < 3 {
			t.Errorf("the provider was asked %d times, %d swaps", n, lossy.swaps)
		}
		rg.refreshed(f)
	})
}

// lostAnswers loses the answer to one swap.
type lostAnswers struct {
	store.Store
	swaps, lose int
	as          error
	then        func() // at once
}

func (s *lostAnswers) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) error {
	err := s.Store.Swap(ctx, key, old, value, ttl)
	if s.swaps++; s.swaps == s.lose && err == nil {
		if s.then != nil {
			s.then()
		}
		return s.as
	}
	return err
}

// R109: the answer to the swap that makes a lease was lost; the lease was not, and nobody waits for it.
func TestR109LostAnswerToALease(t *testing.T) {
	for _, failure := range []error{errors.New("connection reset"), store.ErrConflict} {
		inBubble(t, func(t *testing.T) {
			rg := newRig(t, nil)
			f := rg.signedIn()
			rg.store = &lostAnswers{Store: rg.store, lose: 1, as: failure}
			rg.provider(nil)
			start := time.Now()
			f = rg.refreshed(f)
			if took := time.Since(start); took > time.Second {
				t.Errorf("%v: it took %s", failure, took)
			}
			rg.refreshed(f)
		})
	}
}

// D88: the answer to the swap that spends a code, or a sign-in, was lost: it is ours all the same.
func TestD88LostAnswersAtSignIn(t *testing.T) {
	for lose := 1; lose <= 2; lose++ {
		for _, failure := range []error{errors.New("connection reset"), store.ErrConflict} {
			rg := newRig(t, nil)
			rg.store = &lostAnswers{Store: rg.store, lose: lose, as: failure}
			rg.provider(nil)
			f := rg.refreshed(rg.signedIn())
			if a := rg.call(f.access); a.StatusCode != http.StatusOK {
				t.Errorf("swap %d, %v: %d", lose, failure, a.StatusCode)
			}
			rg.store = &lostAnswers{Store: rg.store, lose: lose, as: failure} // for a client without refresh tokens
			rg.provider(nil)
			once := rg.register(metadata(t, map[string]any{"redirect_uris": []string{clientCB}, "grant_types": []string{"authorization_code"}})).json(t)["client_id"].(string)
			f = rg.redeemed(family{client: once}, rg.post("/token", redeeming(once, rg.browser().signIn(asking(once)).Get("code"))))
			if a := rg.call(f.access); a.StatusCode != http.StatusOK || f.refresh != "" {
				t.Errorf("swap %d, %v, without refresh tokens: %d", lose, failure, a.StatusCode)
			}
		}
	}
}
