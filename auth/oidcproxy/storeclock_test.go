package oidcproxy_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/store"
)

// jumpy is a store whose clock is set.
type jumpy struct {
	store.Store
	off *atomic.Int64
}

func (j jumpy) Now() time.Time { return time.Now().Add(time.Duration(j.off.Load())) }

func newJumpy(t *testing.T) (*rig, *atomic.Int64) {
	t.Helper()
	rg := newRig(t, nil)
	off := &atomic.Int64{}
	rg.store = jumpy{rg.store, off}
	rg.p = rg.provider(nil)
	return rg, off
}

// D90, R107: a retired token whose grace is over does not come back when the clock of the store is set back.
func TestClockBackRevivesRetired(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, off := newJumpy(t)
		f := rg.signedIn()
		retired := f
		rg.refreshed(f)
		sleep(11 * time.Minute)
		off.Store(int64(-hour))
		a := rg.post("/token", refreshing(retired.client, retired.refresh))
		if a.StatusCode == http.StatusOK {
			t.Errorf("a thief with a token that was retired 11 minutes ago gets %d", a.StatusCode)
		}
	})
}

// D90, R109: a clock that is wrong for a while keeps users waiting, and signs nobody out.
func TestClockBackSignsNobodyOut(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, jump := range []time.Duration{-2 * time.Minute, -hour, -24 * hour} {
			rg, off := newJumpy(t)
			f := rg.signedIn()
			off.Store(int64(jump))
			rg.want("R109: while the clock is "+jump.String()+" slow", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
			off.Store(0)
			f = rg.refreshed(f)
			if a := rg.call(f.access); a.StatusCode != http.StatusOK {
				t.Errorf("%s and back: %d %s", jump, a.StatusCode, a.body)
			}
		}
	})
}

// D39, D90: a code that has expired stays expired.
func TestClockBackRevivesCode(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, off := newJumpy(t)
		client := rg.client()
		code := rg.browser().signIn(asking(client)).Get("code")
		sleep(2 * time.Minute)
		off.Store(int64(-hour))
		if a := rg.post("/token", redeeming(client, code)); a.StatusCode == http.StatusOK {
			t.Error("an expired code is good again")
		}
	})
}

// D90, R109: a clock that is fast keeps users waiting too. The ID token was issued at the Date of the very answer that brought it.
func TestClockForwardSignsNobodyOut(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, off := newJumpy(t)
		f := rg.signedIn()
		off.Store(int64(30 * time.Minute))
		a := rg.post("/token", refreshing(f.client, f.refresh))
		off.Store(0)
		if b := rg.post("/token", refreshing(f.client, f.refresh)); b.StatusCode != http.StatusOK {
			t.Errorf("while the clock was fast: %d %s; and after that: %d %s", a.StatusCode, a.code(), b.StatusCode, b.code())
		}
	})
}
