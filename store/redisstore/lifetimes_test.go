package redisstore_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/redisstore"
)

// A stopped clock is that of a server which only the test moves.
type stopped struct {
	*miniredis.Miniredis
	now time.Time
}

func newStopped(t *testing.T) (*stopped, *redisstore.Store) {
	t.Helper()
	c := &stopped{startMini(t), time.Date(2027, 1, 2, 3, 4, 5, 678901000, time.UTC)}
	c.SetTime(c.now)
	return c, open(t, "redis://"+c.Addr(), func(cfg *redisstore.Config) { cfg.Prefix = "" })
}

func (c *stopped) advance(d time.Duration) {
	c.now = c.now.Add(d)
	c.SetTime(c.now)
	c.FastForward(d)
}

// Everything ends by itself: with its entries an index is gone too, however their times to live were changed.
func TestNothingIsLeft(t *testing.T) {
	mini, s := newStopped(t)
	ctx := t.Context()
	for i := range 20 {
		if err := s.Create(ctx, fmt.Sprint("k", i), nil, time.Duration(i+1)*time.Minute, "a", "b"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Exchange(ctx, "k3", nil, 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := s.Swap(ctx, "k3", nil, nil, time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Limiter().Take(ctx, "l", 0.01, 20); err != nil {
		t.Fatal(err)
	}
	mini.advance(time.Hour - time.Second)
	if keys, err := s.List(ctx, "a"); err != nil || fmt.Sprint(keys) != "[k3]" {
		t.Errorf("%q, %v", keys, err)
	}
	mini.advance(time.Second)
	if left := mini.Keys(); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// Members of an index that have ended are dropped, a few by each call.
func TestIndexesArePurged(t *testing.T) {
	mini, s := newStopped(t)
	mustCreate(t, s, "keeper", "a")
	for i := range 20 {
		if err := s.Create(t.Context(), fmt.Sprint("k", i), nil, time.Minute, "a"); err != nil {
			t.Fatal(err)
		}
	}
	mini.advance(time.Minute)
	for i, want := range []int{14, 7, 4, 5} { // of 20 are left 12, 4, 0, 0, beside the keeper and the new ones
		if err := s.Create(t.Context(), fmt.Sprint("new", i), nil, time.Hour, "a"); err != nil {
			t.Fatal(err)
		}
		if members, err := mini.SortedSet("{zscalermcp}:i:a"); err != nil || len(members) != want {
			t.Errorf("%d members, %v, want %d", len(members), err, want)
		}
	}
}

// The times to live that there can be.
func TestExtremeTimesToLive(t *testing.T) {
	onServers(t, func(t *testing.T, url string) {
		s := open(t, url)
		for i, ttl := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1, 1<<53 + 1, time.Hour + 1} {
			key := fmt.Sprint("k", i)
			if err := s.Create(t.Context(), key, []byte("v"), ttl, "a"); err != nil {
				t.Errorf("%d: %v", ttl, err)
			}
			if _, err := s.Exchange(t.Context(), key, []byte("w"), ttl); err != nil {
				t.Errorf("%d: %v", ttl, err)
			}
		}
		for _, ttl := range []time.Duration{1, time.Microsecond, time.Millisecond} {
			if err := s.Create(t.Context(), "brief", []byte("v"), ttl, "b"); err != nil {
				t.Errorf("%d: %v", ttl, err)
			}
			time.Sleep(5 * time.Millisecond)
			if strings.HasSuffix(t.Name(), "miniredis") { // whose keys end when it is told
				_ = s.Delete(t.Context(), "brief")
			}
			if _, err := s.Get(t.Context(), "brief"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: %v", ttl, err)
			}
		}
		if keys, err := s.List(t.Context(), "a"); err != nil || len(keys) != 4 {
			t.Errorf("%q, %v", keys, err)
		}
	})
}

// A server that has lost an entry and kept it in an index does not take it for another one of the same key.
func TestIndexOfALostEntry(t *testing.T) {
	mini, s := newStopped(t)
	mustCreate(t, s, "lost", "a", "b")
	mustCreate(t, s, "kept", "a")
	mini.Del("{zscalermcp}:k:lost")
	mustCreate(t, s, "lost", "c")
	if n, err := s.DeleteIndex(t.Context(), "a"); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if got, err := s.Get(t.Context(), "lost"); err != nil || string(got) != "v" {
		t.Errorf("%q, %v", got, err)
	}
}

// What is no entry of ours is an error, and stays as it is.
func TestForeignValues(t *testing.T) {
	mini, s := newStopped(t)
	mustCreate(t, s, "other")
	for _, foreign := range []string{"", "x", "hello world", "\x00", "\x00\x05abc"} {
		if err := mini.Set("{zscalermcp}:k:k", foreign); err != nil {
			t.Fatal(err)
		}
		for name, method := range methods {
			if name == "Create" || name == "List" || name == "DeleteIndex" || name == "Limiter" {
				continue
			}
			wantTrouble(t, fmt.Sprintf("%s of %q", name, foreign), method(t.Context(), s, "k"))
		}
		if got, _ := mini.Get("{zscalermcp}:k:k"); got != foreign {
			t.Errorf("%q became %q", foreign, got)
		}
	}
}

// Large indexes and values are no other case.
func TestLargeIndex(t *testing.T) {
	url := realURL(t)
	s := open(t, url)
	const n = 20_000
	for i := range n {
		mustCreate(t, s, fmt.Sprintf("k%05d", i), "a")
	}
	if keys, err := s.List(t.Context(), "a"); err != nil || len(keys) != n || keys[0] != "k00000" {
		t.Errorf("%d, %v", len(keys), err)
	}
	if count, err := s.DeleteIndex(t.Context(), "a"); err != nil || count != n {
		t.Errorf("%d, %v", count, err)
	}
}

// Now is the time of the server, whatever clock is here, and follows when that is set.
func TestNow(t *testing.T) {
	mini, s := newStopped(t)
	near := func(what string) {
		t.Helper()
		if d := s.Now().Sub(mini.now); d < -time.Second || d > time.Minute {
			t.Errorf("%s: %s off", what, d)
		}
	}
	near("after New")
	for _, d := range []time.Duration{time.Hour, -48 * time.Hour, time.Minute} {
		mini.now = mini.now.Add(d)
		mini.SetTime(mini.now)
		if err := s.Delete(t.Context(), "none"); err != nil {
			t.Fatal(err)
		}
		near(d.String())
	}
}
