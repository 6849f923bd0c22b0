package ratelimit_test

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/ratelimit"
)

var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// R154: a bucket gives its burst at once, then one in each interval; keys do not concern each other, and what is refused costs nothing.
func TestTake(t *testing.T) {
	table := ratelimit.New[string](4, 3, 10)
	for i := range 3 {
		if _, ok := table.Take("a", begin); !ok {
			t.Fatalf("%d is refused", i)
		}
	}
	for range 5 {
		if wait, ok := table.Take("a", begin); ok || wait != 250*time.Millisecond {
			t.Fatalf("the fourth: %v, wait %v", ok, wait)
		}
	}
	if _, ok := table.Take("b", begin); !ok {
		t.Error("another key waits too")
	}
	if wait, ok := table.Take("a", begin.Add(125*time.Millisecond)); ok || wait != 125*time.Millisecond {
		t.Errorf("a bit early: %v, wait %v", ok, wait)
	}
	if _, ok := table.Take("a", begin.Add(250*time.Millisecond)); !ok {
		t.Error("refused in time")
	}
	var none *ratelimit.Table[string]
	for range 1000 {
		if _, ok := none.Take("a", begin); !ok {
			t.Fatal("no table refuses")
		}
	}
}

// The buckets of a table let through what independent buckets would, as long as there is room for all.
func TestTableIsManyBuckets(t *testing.T) {
	random, now := rand.New(rand.NewPCG(1, 2)), begin
	table := ratelimit.New[int](1, 4, 20)
	tokens, last := map[int]float64{}, map[int]time.Time{}
	for step := range 20_000 {
		now = now.Add(time.Duration(random.IntN(200)) * time.Millisecond)
		key := random.IntN(20)
		if _, known := last[key]; !known {
			tokens[key] = 4
		} else {
			tokens[key] = min(tokens[key]+now.Sub(last[key]).Seconds(), 4)
		}
		last[key] = now
		if near := tokens[key] - 1; near > -1e-6 && near < 1e-6 {
			continue // rounding may decide
		}
		want := tokens[key] >= 1
		if _, ok := table.Take(key, now); ok != want {
			t.Fatalf("step %d, key %d: %v with %v tokens", step, key, ok, tokens[key])
		}
		if want {
			tokens[key]--
		}
	}
}

// R154, D78: a flood of addresses takes no memory beyond the bound, and buys nobody out of what he owes.
func TestFloodErasesNoDebt(t *testing.T) {
	const most, owing = 1000, 50
	table := ratelimit.New[int](0.001, 10, most)
	for key := range owing {
		for range 10 {
			table.Take(-key-1, begin)
		}
	}
	for key := range 100 * most {
		if _, ok := table.Take(key, begin); !ok {
			t.Fatalf("newcomer %d is refused", key)
		}
		if n := table.Len(); n > most {
			t.Fatalf("%d buckets", n)
		}
	}
	for key := range owing {
		if _, ok := table.Take(-key-1, begin); ok {
			t.Errorf("%d no longer owes anything", key)
		}
	}
}

// Those whose bucket is full again are forgotten first: nobody notices.
func TestForgetsWhoOwesNothing(t *testing.T) {
	const most = 100
	table := ratelimit.New[int](1, 2, most)
	for key := range most - 1 {
		table.Take(key, begin)
	}
	later := begin.Add(time.Hour)
	table.Take(-1, later)
	table.Take(-1, later)
	for key := range most {
		table.Take(most+key, later.Add(time.Duration(key)*time.Microsecond))
	}
	if _, ok := table.Take(-1, later); ok {
		t.Error("the one that owes was forgotten")
	}
}

// R160: many at once take no more than there is.
func TestConcurrently(t *testing.T) {
	table := ratelimit.New[int](0.001, 100, 4)
	var all sync.WaitGroup
	var mu sync.Mutex
	passed := map[int]int{}
	for range 8 {
		all.Go(func() {
			for i := range 200 {
				if _, ok := table.Take(i%4, begin); ok {
					mu.Lock()
					passed[i%4]++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	for key, n := range passed {
		if n != 100 {
			t.Errorf("%d: %d passed", key, n)
		}
	}
}

// R154: an IPv6 network of 64 bits is one source.
func TestSource(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "::1": "::/64",
	} {
		if got := ratelimit.Source(netip.MustParseAddr(addr)).String(); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
	if got := ratelimit.Source(netip.Addr{}); got.IsValid() {
		t.Errorf("no address: %s", got)
	}
}
