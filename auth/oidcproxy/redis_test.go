package oidcproxy_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store/redisstore"
)

// R143, R154: replicas on one Redis server serve one sign-in in turns, and count together.
func TestReplicasOnRedis(t *testing.T) {
	mini := miniredis.RunT(t)
	configure := func(c *oidcproxy.Config) {
		shared, err := redisstore.New(t.Context(), redisstore.Config{URL: redisstore.Secret("redis://" + mini.Addr()), Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = shared.Close() })
		c.Store, c.Limiter, c.Limits.StatusCache = shared, shared.Limiter(), -1
		c.RateLimits.Revoke = oidcproxy.Rate{PerSecond: 0.001, Burst: 4}
	}
	rg := newRig(t, configure)
	handlers := []http.Handler{rg.handler, rg.mount(rg.provider(configure)), rg.mount(rg.provider(configure))}
	turn := 0
	next := func() *rig {
		turn++
		rg.handler = handlers[turn%len(handlers)]
		return rg
	}
	f := family{client: next().client()}
	b := next().browser()
	field := b.authorize(asking(f.client)).field(t)
	next()
	back := rg.atUpstream(b.answerForm(field, "approve").link(t))
	next()
	f.code = b.open(back).location(t).Query().Get("code")
	f = next().redeemed(f, rg.post("/token", redeeming(f.client, f.code)))
	for range 4 {
		f = next().refreshed(f)
		if a := next().call(f.access); a.StatusCode != http.StatusOK {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	next().want("a code again, of a thief", rg.post("/token", redeeming(f.client, f.code, "code_verifier", strings.Repeat("x", 43))), http.StatusBadRequest, "invalid_grant")
	if a := next().call(f.access); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("after the replay: %d", a.StatusCode)
	}
	for i := range 12 {
		a := next().post("/revoke", url.Values{"token": {"x"}, "client_id": {f.client}})
		if throttled := a.StatusCode == http.StatusTooManyRequests; throttled != (i >= 4) {
			t.Errorf("request %d of all replicas: %d", i, a.StatusCode)
		}
	}
}
