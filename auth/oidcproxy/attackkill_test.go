package oidcproxy_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store/redisstore"
)

// hangs stops the replica that it belongs to before it asks the identity provider, for ever, as kill -9 does.
type hangs struct {
	next http.RoundTripper
	on   *atomic.Bool
}

func (h hangs) RoundTrip(r *http.Request) (*http.Response, error) {
	if h.on.Load() && r.Method == http.MethodPost {
		select {}
	}
	return h.next.RoundTrip(r)
}

// R109: a replica that is killed in a rotation leaves a lease; another one goes on when that is over, and nobody is signed out.
func TestAttackKilledReplica(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a lease")
	}
	mini := miniredis.RunT(t)
	var killed atomic.Bool
	configure := func(c *oidcproxy.Config) {
		shared, err := redisstore.New(t.Context(), redisstore.Config{URL: redisstore.Secret("redis://" + mini.Addr())})
		if err != nil {
			t.Fatal(err)
		}
		c.Store, c.Limits.StatusCache = shared, -1
	}
	rg := newRig(t, configure)
	good := rg.handler
	f := rg.signedIn()
	client := rg.idp.Client()
	cfg := func(c *oidcproxy.Config) {
		configure(c)
		c.HTTPClient = &http.Client{Transport: hangs{client.Transport, &killed}}
	}
	// not rg.provider, which closes it: this one is left alone
	p := (&rig{TB: noCleanup{t}, idp: rg.idp, store: rg.store, keys: rg.keys}).provider(cfg)
	victim := rg.mount(p)
	_ = serveOn(t, victim, "/revoke", refreshing("x", "y"))
	killed.Store(true)
	go serveOn(t, victim, "/token", refreshing(f.client, f.refresh))
	time.Sleep(500 * time.Millisecond)
	start := time.Now()
	a := serveOn(t, good, "/token", refreshing(f.client, f.refresh))
	t.Logf("after %s: %d %s", time.Since(start), a.StatusCode, a.code())
	if a.StatusCode != http.StatusOK {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

type noCleanup struct{ *testing.T }

func (noCleanup) Cleanup(func()) {}
