package oidcproxy_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// A swapStore lets a test answer in the place of swaps.
type swapStore struct {
	store.Store
	mu   sync.Mutex
	swap func(key string, do func() error) error
}

func (s *swapStore) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) error {
	s.mu.Lock()
	swap := s.swap
	s.mu.Unlock()
	do := func() error { return s.Store.Swap(ctx, key, old, value, ttl) }
	if swap == nil {
		return do()
	}
	return swap(key, do)
}

func (s *swapStore) with(swap func(key string, do func() error) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.swap = swap
}

// swapping is a rig whose swaps a test can answer.
func swapping(t *testing.T) (*rig, *swapStore) {
	t.Helper()
	s := &swapStore{}
	rg := newRig(t, nil)
	s.Store = rg.store
	rg.store = s
	rg.provider(nil)
	return rg, s
}

var errStoreAway = errors.New("the store is away")

// afterLease lets the lease through, and nothing after it.
func afterLease() func(string, func() error) error {
	var swaps atomic.Int64
	return func(_ string, do func() error) error {
		if swaps.Add(1) == 1 {
			return do()
		}
		return errStoreAway
	}
}

// R104, R109: a client that was told to come again has got no successor. Its refresh token is good whenever it comes, also where the grace is short or long over.
func TestR109LateSavesRetireNothing(t *testing.T) {
	for name, row := range map[string]struct {
		grace, away, later time.Duration
	}{
		"at once, no grace": {-1, 0, 5 * time.Second}, "an hour later": {0, 30 * time.Second, hour}, "half a minute, a short grace": {10 * time.Second, 20 * time.Second, 2 * time.Second},
	} {
		inBubble(t, func(t *testing.T) {
			rg := newRig(t, func(c *oidcproxy.Config) { c.Lifetimes.ReuseGrace = row.grace })
			f := rg.signedIn()
			rg.failingSwap(2, 1000)
			rg.want(name, rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
			sleep(row.away)
			rg.failing(nil)
			sleep(row.later)
			a := rg.post("/token", refreshing(f.client, f.refresh))
			if a.StatusCode != http.StatusOK || rg.happened(oidcproxy.EventRefreshReused) != 0 {
				t.Fatalf("%s: %d %s, %d reused", name, a.StatusCode, a.body, rg.happened(oidcproxy.EventRefreshReused))
			}
			rg.refreshed(rg.redeemed(f, a))
		})
	}
}

// R109: the store is away for longer than others respect a lease. The replica that the provider has answered knows the answer still.
func TestR109StoreAwayForLonger(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		rg.failingSwap(2, 1<<20)
		rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		sleep(15 * time.Minute)
		rg.failing(nil)
		rg.refreshed(rg.refreshed(f))
	})
}

// R109: the client's next try takes a lease, and the answer of the store is lost. What the provider has answered before is not forgotten for it.
func TestR109LateSaveBesideALeaseOfOurOwn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		s := rg.store.(*counting)
		cut := &swapStore{Store: s}
		rg.store = cut
		rg.provider(nil)
		f := rg.signedIn()
		cut.with(afterLease())
		rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		var gone atomic.Bool
		s.mu.Lock()
		s.fail = func(op string) error {
			if op == "get" && gone.Load() {
				return errStoreAway
			}
			return nil
		}
		s.mu.Unlock()
		var leased atomic.Bool
		cut.with(func(_ string, do func() error) error {
			if !leased.CompareAndSwap(false, true) {
				return errStoreAway
			}
			_ = do()
			gone.Store(true)
			return errStoreAway
		})
		rg.want("leased", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		gone.Store(false)
		cut.with(nil)
		sleep(40 * time.Second)
		rg.refreshed(rg.refreshed(f))
	})
}

// R109: a late save that takes its time does not take with it what the provider has answered meanwhile.
func TestR109SlowLateSave(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, s := swapping(t)
		f := rg.signedIn()
		s.with(afterLease())
		rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		var swaps atomic.Int64
		s.with(func(_ string, do func() error) error {
			switch swaps.Add(1) {
			case 1: // the late save, slow
				sleep(4 * time.Second)
				return do()
			case 2: // the lease of the client's next try
				return do()
			}
			return errStoreAway
		})
		sleep(1500 * time.Millisecond)
		rg.want("not saved again", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		sleep(5 * time.Second)
		s.with(nil)
		sleep(40 * time.Second)
		rg.refreshed(rg.refreshed(f))
	})
}

// A store of the host's that panics does not end the process from the background.
func TestPanicInALateSave(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, s := swapping(t)
		f := rg.signedIn()
		s.with(afterLease())
		rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		s.with(func(string, func() error) error { panic("the store of the host") })
		sleep(3 * time.Second)
		s.with(nil)
		sleep(3 * time.Second)
		rg.refreshed(rg.refreshed(f))
	})
}

// R109: a store that serves some keys only (a shard of it is away) gets the others within the time that other replicas wait.
func TestR109LateSavesOfAPart(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, s := swapping(t)
		const users = 40
		var families [users]family
		for i := range families {
			families[i] = rg.signedIn()
		}
		var mu sync.Mutex
		leased := map[string]bool{}
		s.with(func(key string, do func() error) error {
			mu.Lock()
			defer mu.Unlock()
			if leased[key] {
				return errStoreAway
			}
			leased[key] = true
			return do()
		})
		for _, f := range families {
			rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		}
		there, saved := map[string]bool{}, map[string]bool{} // every second one has a place that is there
		for key := range leased {
			there[key] = len(there)%2 == 0
		}
		s.with(func(key string, do func() error) error {
			if !there[key] {
				return errStoreAway
			}
			mu.Lock()
			saved[key] = true
			mu.Unlock()
			return do()
		})
		sleep(2 * time.Second)
		mu.Lock()
		soon := len(saved)
		mu.Unlock()
		sleep(3 * time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if soon != users/2 || len(saved) != soon {
			t.Errorf("%d were saved soon, %d at all, of %d", soon, len(saved), users/2)
		}
	})
}

// R109: Close saves also what the provider answers after it was called, if the store is back in time.
func TestCloseDuringARefreshThatIsSavedLate(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, delay := slowly()
		rg := newRig(t, change)
		closing := rg.p
		f := rg.signedIn()
		delay.Store(int64(2 * time.Second))
		answer, closed := make(chan answer), make(chan error)
		go func() { answer <- rg.post("/token", refreshing(f.client, f.refresh)) }()
		sleep(time.Second)
		go func() { closed <- closing.Close() }()
		sleep(500 * time.Millisecond)
		rg.failing(func(string) error { return errStoreAway })
		sleep(3 * time.Second)
		rg.failing(nil)
		rg.want("not saved", <-answer, http.StatusServiceUnavailable, "temporarily_unavailable")
		if err := <-closed; err != nil {
			t.Error(err)
		}
		delay.Store(0)
		rg.provider(nil)
		rg.refreshed(rg.refreshed(f))
	})
}
