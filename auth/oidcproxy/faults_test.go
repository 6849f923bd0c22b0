package oidcproxy_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// A moody signer is a key in a service that fails, panics or does not answer.
type moody struct {
	crypto.Signer
	mood func() error
}

func (m moody) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if m.mood != nil {
		if err := m.mood(); err != nil {
			return nil, err
		}
	}
	return m.Signer.Sign(random, digest, opts)
}

// R85, R109: a key that cannot sign signs nobody out, and holds nobody up for longer than a request may take.
func TestKeysInServicesThatFail(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	inBubble(t, func(t *testing.T) {
		hang := make(chan struct{})
		for name, mood := range map[string]func() error{
			"throttled": func() error { return errors.New("kms: throttled") }, "panics": func() error { panic("kms") }, "hangs": func() error { <-hang; return nil },
		} {
			var now atomic.Pointer[func() error]
			change := func(c *oidcproxy.Config) {
				c.Upstream.ClientSecret, c.Upstream.PrivateKey = "", moody{private, func() error {
					if f := now.Load(); f != nil {
						return (*f)()
					}
					return nil
				}}
				c.HTTPClient = &http.Client{Transport: rewriting{next: c.HTTPClient.Transport, request: func(_ *http.Request, form url.Values) { form.Set("client_secret", upSecret) }}}
			}
			rg := newRig(t, change)
			f := rg.signedIn()
			now.Store(&mood)
			start := time.Now()
			rg.want(name, rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
			if took := time.Since(start); took > 11*time.Second {
				t.Errorf("%s: %s", name, took)
			}
			start = time.Now()
			_ = rg.p.Close()
			if took := time.Since(start); took > 11*time.Second {
				t.Errorf("%s: Close took %s", name, took)
			}
			now.Store(nil)
			rg.provider(change)
			rg.refreshed(f)
		}
		close(hang)
	})
	for name, key := range map[string]crypto.Signer{"nil RSA": (*rsa.PrivateKey)(nil), "nil EC": (*ecdsa.PrivateKey)(nil), "empty RSA": &rsa.PrivateKey{}, "short Ed25519": ed25519.PrivateKey{1}} {
		_, err := oidcproxy.New(t.Context(), oidcproxy.Config{
			Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy", PrivateKey: key}, ResourceURL: resource, LazyDiscovery: true,
		})
		if err == nil || !strings.Contains(err.Error(), "Upstream.PrivateKey") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

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
		var all sync.WaitGroup
		answers := make([]answer, 2)
		for i, h := range []http.Handler{first, second} {
			all.Go(func() {
				sleep(time.Duration(i) * time.Second)
				answers[i] = serveOn(t, h, "/token", refreshing(f.client, f.refresh))
			})
		}
		all.Wait()
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
		var all sync.WaitGroup
		answers := make([]answer, 2)
		for i, h := range []http.Handler{first, second} {
			all.Go(func() {
				sleep(time.Duration(i) * time.Second)
				answers[i] = serveOn(t, h, "/token", refreshing(f.client, f.refresh))
			})
		}
		all.Wait()
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
