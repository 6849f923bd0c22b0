package redisstore_test

import (
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/store/redisstore"
)

// R154: a bucket holds its burst, fills at its rate, and is one for all replicas.
func TestLimiter(t *testing.T) {
	mini, one := newStopped(t)
	other := open(t, "redis://"+mini.Addr(), func(c *redisstore.Config) { c.Prefix = "" })
	replicas := []*redisstore.Limiter{one.Limiter(), other.Limiter()}
	take := func(i int, key string) time.Duration {
		t.Helper()
		wait, err := replicas[i%2].Take(t.Context(), key, 4, 3)
		if err != nil {
			t.Fatal(err)
		}
		return wait
	}
	for i := range 3 {
		if wait := take(i, "k"); wait != 0 {
			t.Errorf("%d of the burst waits %s", i, wait)
		}
	}
	for i := range 3 { // a refusal costs nothing
		if wait := take(i, "k"); wait != 250*time.Millisecond {
			t.Errorf("beyond the burst: %s", wait)
		}
	}
	if wait := take(0, "another"); wait != 0 {
		t.Errorf("another key waits %s", wait)
	}
	mini.advance(250*time.Millisecond - time.Microsecond)
	if wait := take(0, "k"); wait != time.Microsecond {
		t.Errorf("just before the time: %s", wait)
	}
	mini.advance(time.Microsecond)
	if wait := take(1, "k"); wait != 0 {
		t.Errorf("at the time: %s", wait)
	}
	if wait := take(0, "k"); wait != 250*time.Millisecond {
		t.Errorf("and one only: %s", wait)
	}
	mini.advance(time.Hour)
	if left := mini.Keys(); len(left) > 0 {
		t.Errorf("full buckets are left: %q", left)
	}
	for i := range 4 {
		if wait := take(i, "k"); (wait == 0) != (i < 3) {
			t.Errorf("after an hour, %d waits %s", i, wait)
		}
	}
}

// R154: of many callers at once, from several replicas, the burst gets through.
func TestLimiterAmongMany(t *testing.T) {
	onServers(t, func(t *testing.T, url string) {
		one := open(t, url)
		const burst = 20
		var passed atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 10 {
					wait, err := one.Limiter().Take(t.Context(), "k", 0.001, burst)
					if err != nil {
						t.Error(err)
					}
					if err == nil && wait == 0 {
						passed.Add(1)
					}
				}
			})
		}
		all.Wait()
		if passed.Load() != burst {
			t.Errorf("%d passed, want %d", passed.Load(), burst)
		}
	})
}

func TestLimitsThatAreNone(t *testing.T) {
	s := open(t, "redis://"+startMini(t).Addr())
	for _, row := range []struct {
		key   string
		rate  float64
		burst int
		ok    bool
	}{
		{"", 1, 1, false}, {"k", 0, 1, false}, {"k", -1, 1, false}, {"k", math.NaN(), 1, false}, {"k", math.Inf(1), 1, false}, {"k", 1, 0, false},
		{"k", 1e-9, 2, false}, {"k", 1e-9, 1, true}, {"k2", 1e9, 1, true}, {"k3", 1, 1_000_000, true},
	} {
		if wait, err := s.Limiter().Take(t.Context(), row.key, row.rate, row.burst); (err == nil) != row.ok || wait != 0 {
			t.Errorf("%+v: %s, %v", row, wait, err)
		}
	}
}
