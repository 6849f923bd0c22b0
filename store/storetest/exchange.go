package storetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/org/zscalermcp/store"
)

// exchangeChecks are about [store.Exchange], for which some stores have a method of their own.
var exchangeChecks = []check{
	{"exchange returns the value before", func(f *fixture) {
		f.mustCreate("k", "1", long, "a", "b")
		f.mustCreate("other", "v", long, "a")
		f.mustExchange("k", "1", "2")
		f.mustExchange("k", "2", "")
		f.mustExchange("k", "", "3")
		f.wantValue("k", "3")
		f.wantValue("other", "v")
		f.wantList("a", "k", "other")
		f.wantDeleteIndex("b", 1)
		f.wantAbsent("k")
	}},
	{"exchange of an absent key changes nothing", func(f *fixture) {
		_, err := store.Exchange(f.Context(), f.Store, "k", []byte("v"), long)
		f.wantErr("Exchange of an absent key", err, store.ErrNotFound)
		f.wantAbsent("k")
		f.mustCreate("k", "v", short)
		f.advance(short)
		_, err = store.Exchange(f.Context(), f.Store, "k", []byte("w"), long)
		f.wantErr("Exchange of an expired key", err, store.ErrNotFound)
		f.wantAbsent("k")
	}},
	{"exchange gives a new time to live", func(f *fixture) {
		f.mustCreate("longer", "1", short, "a")
		f.mustCreate("shorter", "1", long, "a")
		for key, ttl := range map[string]time.Duration{"longer": 3 * short, "shorter": short} {
			if _, err := store.Exchange(f.Context(), f.Store, key, []byte("2"), ttl); err != nil {
				f.Fatal(err)
			}
		}
		f.advance(short)
		f.wantValue("longer", "2")
		f.wantAbsent("shorter")
		f.wantList("a", "longer")
		f.advance(2 * short)
		f.wantAbsent("longer")
		f.wantList("a")
	}},
	{"exchange copies, and checks what it is given", func(f *fixture) {
		f.mustCreate("k", "1", long)
		given := []byte("2")
		if _, err := store.Exchange(f.Context(), f.Store, "k", given, long); err != nil {
			f.Fatal(err)
		}
		clear(given)
		_, err := store.Exchange(f.Context(), f.Store, "k", []byte("3"), 0)
		f.wantErr("Exchange without a time to live", err, store.ErrInvalid)
		ended, cancel := context.WithCancel(f.Context())
		cancel()
		_, err = store.Exchange(ended, f.Store, "k", []byte("3"), long)
		f.wantErr("Exchange with an ended context", err, context.Canceled)
		f.wantValue("k", "2")
	}},
	{"every exchanged value is returned once", exchangedOnce},
}

func (f *fixture) mustExchange(key, want, value string) {
	f.Helper()
	old, err := store.Exchange(f.Context(), f.Store, key, []byte(value), long)
	if err != nil || string(old) != want {
		f.Fatalf("Exchange(%q, %q) = %q, %v; want %q", key, value, old, err, want)
	}
}

// exchangedOnce lets every caller put a value of its own. Each must come out once, but for the last one, which stays.
func exchangedOnce(f *fixture) {
	f.mustCreate("k", "first", long)
	var mu sync.Mutex
	returned := map[string]int{}
	together(adders, func(i int) {
		for step := range steps {
			old, err := exchangeSometime(f, "k", strconv.Itoa(i*steps+step))
			if err != nil {
				f.Errorf("Exchange = %v", err)
				return
			}
			mu.Lock()
			returned[string(old)]++
			mu.Unlock()
		}
	})
	last, err := f.Get(f.Context(), "k")
	if err != nil {
		f.Fatal(err)
	}
	returned[string(last)]++
	for value, times := range returned {
		if times != 1 {
			f.Errorf("%q is there or was returned %d times", value, times)
		}
	}
	if len(returned) != adders*steps+1 {
		f.Errorf("%d values, want %d", len(returned), adders*steps+1)
	}
}

// exchangeSometime tries again when others were faster all the time, which changes nothing.
func exchangeSometime(f *fixture, key, value string) (old []byte, err error) {
	for range adders*steps + 1 {
		old, err = store.Exchange(f.Context(), f.Store, key, []byte(value), long)
		if !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	return old, err
}
