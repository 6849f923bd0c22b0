package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/org/zscalermcp/store"
)

const (
	callers = 32
	rounds  = 10

	adders, steps = 8, 10 // of the counter
)

var concurrencyChecks = []check{
	{"one of many creates wins", oneCreateWins},
	{"one of many takes wins", oneTakeWins},
	{"swap counts every step", swapCounts},
	{"take and swap exclude each other", takeOrSwap},
	{"delete index counts every key once", deleteIndexOnce},
}

// together calls do from n goroutines that start at once, and waits for them.
func together(n int, do func(caller int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
			do(i)
		}()
	}
	close(start)
	wg.Wait()
}

func oneCreateWins(f *fixture) {
	for round := range rounds {
		key := fmt.Sprint("k", round)
		var wins atomic.Int32
		var winner atomic.Value
		together(callers, func(i int) {
			err := f.Create(f.Context(), key, []byte(strconv.Itoa(i)), long)
			if err == nil {
				wins.Add(1)
				winner.Store(strconv.Itoa(i))
			} else if !errors.Is(err, store.ErrExists) {
				f.Errorf("Create = %v", err)
			}
		})
		if wins.Load() != 1 {
			f.Fatalf("%d callers created one key", wins.Load())
		}
		f.wantValue(key, winner.Load().(string))
	}
}

func oneTakeWins(f *fixture) {
	for round := range rounds {
		key := fmt.Sprint("k", round)
		f.mustCreate(key, "v", long)
		var wins atomic.Int32
		together(callers, func(int) {
			value, err := f.Take(f.Context(), key)
			if err == nil && string(value) == "v" {
				wins.Add(1)
			} else if !errors.Is(err, store.ErrNotFound) {
				f.Errorf("Take = %q, %v", value, err)
			}
		})
		if wins.Load() != 1 {
			f.Fatalf("%d callers took one key", wins.Load())
		}
	}
}

// swapCounts lets every caller add to one counter. A lost update shows in the sum.
func swapCounts(f *fixture) {
	f.mustCreate("counter", "0", long)
	together(adders, func(int) {
		for range steps {
			if err := addOne(f); err != nil {
				f.Error(err)
				return
			}
		}
	})
	f.wantValue("counter", strconv.Itoa(adders*steps))
}

// addOne gives up when it loses more often than all others together can win.
func addOne(f *fixture) error {
	for range adders*steps + 1 {
		old, err := f.Get(f.Context(), "counter")
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(string(old))
		if err != nil {
			return err
		}
		err = f.Swap(f.Context(), "counter", old, []byte(strconv.Itoa(n+1)), long)
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return errors.New("the value never matches what Get returned")
}

// takeOrSwap: either the swap came first and the take got the new value, or the swap found nothing.
func takeOrSwap(f *fixture) {
	for round := range rounds {
		key := fmt.Sprint("k", round)
		f.mustCreate(key, "old", long)
		var taken []byte
		var takeErr, swapErr error
		together(2, func(i int) {
			if i == 0 {
				taken, takeErr = f.Take(f.Context(), key)
			} else {
				swapErr = f.Swap(f.Context(), key, []byte("old"), []byte("new"), long)
			}
		})
		swappedFirst := string(taken) == "new" && swapErr == nil
		takenFirst := string(taken) == "old" && errors.Is(swapErr, store.ErrNotFound)
		if takeErr != nil || !swappedFirst && !takenFirst {
			f.Errorf("Take = %q, %v; Swap = %v", taken, takeErr, swapErr)
		}
		f.wantAbsent(key)
	}
}

func deleteIndexOnce(f *fixture) {
	for i := range callers {
		f.mustCreate(fmt.Sprint("k", i), "v", long, "a")
	}
	var total atomic.Int32
	together(4, func(int) {
		n, err := f.DeleteIndex(f.Context(), "a")
		if err != nil {
			f.Errorf("DeleteIndex = %v", err)
		}
		total.Add(int32(n))
	})
	if total.Load() != callers {
		f.Errorf("%d keys deleted, want %d", total.Load(), callers)
	}
	f.wantList("a")
}
