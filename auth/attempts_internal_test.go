package auth

import (
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/internal/bubble"
)

// R135: waits begin behind the free failures, double, and end at the longest.
func TestStrikesGrow(t *testing.T) {
	s := func(seconds ...time.Duration) []time.Duration {
		for i := range seconds {
			seconds[i] *= time.Second
		}
		return seconds
	}
	for name, test := range map[string]struct {
		strikes *strikes
		want    []time.Duration // after each failure
	}{
		"none free":    {&strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: 9}, s(2, 4, 8, 16, 32, 64, 128, 256, 300, 300)},
		"three free":   {&strikes{free: 3, base: time.Second, max: 5 * time.Second, entries: 9}, s(0, 0, 0, 1, 2, 4, 5, 5)},
		"no growth":    {&strikes{free: 1, base: time.Second, max: time.Second, entries: 9}, s(0, 1, 1, 1)},
		"of addresses": {newAttempts(zscalerLimits).sources, append(make([]time.Duration, 20), s(1, 2, 4, 8, 16, 30, 30)...)},
		"of pairs":     {newAttempts(zscalerLimits).pairs, s(2, 4, 8, 16, 32, 64, 128, 256, 300)},
	} {
		now := time.Now()
		var got []time.Duration
		for range test.want {
			now = now.Add(lastOf(got))
			test.strikes.fail("key", now)
			got = append(got, test.strikes.wait("key", now))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if wait := test.strikes.wait("other", now); wait != 0 {
			t.Errorf("%s: another key waits %s", name, wait)
		}
	}
}

// lastOf is the last wait, 0 if there is none.
func lastOf(waits []time.Duration) time.Duration {
	if len(waits) == 0 {
		return 0
	}
	return waits[len(waits)-1]
}

// However often somebody fails, the wait neither overflows nor ends early.
func TestStrikesNeverOverflow(t *testing.T) {
	s, now := &strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: 9}, time.Now()
	for i := range 10_000 {
		s.fail("key", now)
		if wait := s.wait("key", now); i > 10 && wait != 5*time.Minute {
			t.Fatalf("failure %d: wait %s", i, wait)
		}
	}
	if wait := s.wait("key", now.Add(5*time.Minute-1)); wait != 1 {
		t.Errorf("wait %s just before the end", wait)
	}
	if wait := s.wait("key", now.Add(6*time.Minute)); wait != 0 {
		t.Errorf("wait %s after the end", wait)
	}
}

// R154: one failure is forgiven for each longest wait that passes, and all when they are cleared.
func TestStrikesForget(t *testing.T) {
	began := time.Now()
	for name, test := range map[string]struct {
		pause time.Duration
		clear bool
		want  time.Duration
	}{
		"at once":             {0, false, 8 * time.Second},
		"just before":         {5*time.Minute - 1, false, 8 * time.Second},
		"after 5 minutes":     {5 * time.Minute, false, 4 * time.Second},
		"after 10 minutes":    {10 * time.Minute, false, 2 * time.Second},
		"after days":          {100 * time.Hour, false, 2 * time.Second},
		"cleared":             {0, true, 2 * time.Second},
		"the clock went back": {-time.Hour, false, 8 * time.Second}, // D90
	} {
		s := &strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: 9}
		s.fail("key", began)
		s.fail("key", began)
		if test.clear {
			s.clear("key")
			s.clear("no such key")
			if wait := s.wait("key", began); wait != 0 {
				t.Errorf("%s: wait %s", name, wait)
			}
		}
		now := began.Add(test.pause)
		s.fail("key", now)
		if wait := s.wait("key", now); wait != test.want {
			t.Errorf("%s: wait %s, want %s", name, wait, test.want)
		}
	}
}

// R154: the table stays within its bound whoever fails how fast.
func TestStrikesAreBounded(t *testing.T) {
	for name, test := range map[string]struct {
		entries int
		pause   time.Duration // between failures
	}{
		"all block":  {128, 0},
		"some block": {attemptEntries, time.Millisecond},
		"few block":  {attemptEntries, 100 * time.Millisecond},
	} {
		s, now := &strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: test.entries}, time.Now()
		for i := range 100_000 {
			now = now.Add(test.pause)
			key := fmt.Sprint(i)
			s.fail(key, now)
			if wait := s.wait(key, now); wait != 2*time.Second {
				t.Fatalf("%s: who has just failed waits %s", name, wait)
			}
			if len(s.table) > test.entries {
				t.Fatalf("%s: %d entries, at most %d", name, len(s.table), test.entries)
			}
		}
	}
}

// R154: in a full table those who no longer block make room, or, if all do, one of them.
func TestStrikesEvict(t *testing.T) {
	now := time.Now()
	full := func(blocking, done int) *strikes {
		s := &strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: blocking + done}
		for i := range done {
			s.fail(fmt.Sprint("done-", i), now.Add(-2*time.Second))
		}
		for i := range blocking {
			s.fail(fmt.Sprint("blocking-", i), now)
		}
		return s
	}
	s := full(0, 10)
	s.fail("new", now)
	if len(s.table) != 1 || s.wait("new", now) == 0 {
		t.Errorf("none blocks: %v", s.table)
	}
	s = full(10, 0)
	s.fail("new", now)
	if len(s.table) != 10 || s.wait("new", now) == 0 {
		t.Errorf("all block: %d entries: %v", len(s.table), s.table)
	}
	s = full(5, 5)
	s.fail("blocking-0", now)
	if len(s.table) != 10 {
		t.Errorf("who is in the table makes nobody leave: %d entries", len(s.table))
	}
	s.fail("new", now)
	for key := range s.table {
		if s.wait(key, now) == 0 {
			t.Errorf("%s is kept", key)
		}
	}
}

// R160: checks are counted out as they were counted in, and there are never more at once than there may be, of all and of one network.
func TestAttemptsBalance(t *testing.T) {
	l := newAttempts(limits{perSecond: 1e6, atOnce: 6})
	l.shares.atOnce = 4
	var all sync.WaitGroup
	var mu sync.Mutex
	entered, inside, most := 0, map[string]int{}, map[string]int{}
	count := func(network string, by int) {
		mu.Lock()
		defer mu.Unlock()
		for _, name := range []string{network, "all"} {
			inside[name] += by
			most[name] = max(most[name], inside[name])
		}
		entered += max(by, 0)
	}
	for i := range 24 {
		all.Go(func() {
			for round := range 500 {
				network := fmt.Sprint("network ", i%2)
				leave, refused := l.enter(t.Context(), attempt{source: fmt.Sprint("s", round%7), network: network, name: fmt.Sprint("n", i%12)})
				if refused != nil {
					continue
				}
				count(network, 1)
				runtime.Gosched()
				count(network, -1)
				leave()
			}
		})
	}
	all.Wait()
	if entered == 0 || most["all"] > 6 || most["network 0"] > 4 || most["network 1"] > 4 {
		t.Errorf("%d entered, at once %v", entered, most)
	}
	if l.free != 6 || len(l.checking) != 0 || len(l.shares.running) != 0 {
		t.Errorf("left over: %d of 6, %d pairs, %+v", l.free, len(l.checking), l.shares.running)
	}
}

// R135: refusals cost nothing of what others need: no slot, no pair, and no part of the rate while the slots are taken.
func TestRefusedAttemptsTakeNothing(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		l := newAttempts(limits{perSecond: 1, atOnce: 1}) // a burst of two, of which a network has one
		of := func(network string) attempt { return attempt{source: network, network: network, name: "n"} }
		first, refused := l.enter(t.Context(), of("a"))
		if refused != nil {
			t.Fatal(refused)
		}
		for range 10 {
			if _, refused := l.enter(t.Context(), of("b")); refused == nil {
				t.Fatal("two at once")
			}
		}
		first()
		if _, refused := l.enter(t.Context(), of("a")); refused == nil || refused.Status != 429 || refused.RetryAfter != time.Second {
			t.Errorf("beyond the share of a network: %+v", refused)
		}
		second, refused := l.enter(t.Context(), of("b"))
		if refused != nil {
			t.Fatalf("after the first has left: %v", refused)
		}
		second()
		if _, refused := l.enter(t.Context(), of("c")); refused == nil || refused.Status != 429 || refused.RetryAfter != time.Second {
			t.Errorf("beyond the rate of all: %+v", refused)
		}
		if leave, refused := l.enter(t.Context(), attempt{source: "c", network: "c", known: true}); refused != nil {
			t.Errorf("who is known, beyond the rate: %v", refused)
		} else {
			leave()
		}
		time.Sleep(time.Second)
		if _, refused := l.enter(t.Context(), of("d")); refused != nil {
			t.Errorf("a second later: %v", refused)
		}
	})
}

// R154: the table of shares stays within its bound. Who has used a share up is remembered while fewer others come than half of it.
func TestSharesAreBounded(t *testing.T) {
	s, now := newShares(1, 4, 2), time.Now()
	for range 4 {
		s.allows("greedy", now)
	}
	for i := range 10 * attemptEntries {
		if !s.allows(fmt.Sprint("network ", i), now) {
			t.Fatal("a new network has no share")
		}
		if len(s.young)+len(s.old) > attemptEntries {
			t.Fatalf("%d entries", len(s.young)+len(s.old))
		}
		if i%1000 == 0 && s.allows("greedy", now) {
			t.Fatalf("a share that is used up is forgotten after %d others", i)
		}
	}
	if !s.allows("greedy", now.Add(time.Second)) || s.allows("greedy", now.Add(time.Second)) {
		t.Error("a share does not grow again as it should")
	}
}

// R154: an address counts as its network where that belongs to one subscriber.
func TestSourceOf(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "2001:db8::1": "2001:db8::/64", "2001:db8:0:0:ffff::": "2001:db8::/64", "2001:db8:0:1::": "2001:db8:0:1::/64", "::1": "::/64",
	} {
		if got := sourceOf(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
	for addr, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "2001:db8:1::1": "2001:db8:1::/48", "2001:db8:1:ffff::": "2001:db8:1::/48", "2001:db8:2::": "2001:db8:2::/48",
	} {
		if got := networkOf(netip.MustParseAddr(addr)); got != want {
			t.Errorf("network of %s: %s, want %s", addr, got, want)
		}
	}
	if sourceOf(netip.Addr{}) == sourceOf(netip.IPv4Unspecified()) {
		t.Error("no address is that of somebody")
	}
}

// R154: in a full table those who no longer block make room, and then nobody who blocks is let off.
func TestStrikesEvictNobodyWhoBlocks(t *testing.T) {
	for round := range 20 { // the order of a map is another one each time
		s, now := &strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: 10}, time.Now()
		for i := range 5 {
			s.fail(fmt.Sprint("done-", i), now.Add(-2*time.Second))
			s.fail(fmt.Sprint("blocking-", i), now)
		}
		s.fail("new", now)
		for i := range 5 {
			if s.wait(fmt.Sprint("blocking-", i), now) == 0 {
				t.Fatalf("round %d: blocking-%d is let off", round, i)
			}
		}
	}
}
