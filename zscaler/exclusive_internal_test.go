package zscaler

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
)

// TestObjectLocksExclude: holders of one key come one after the other, those of another beside them,
// and no key stays behind.
func TestObjectLocksExclude(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		locks := newObjectLocks()
		start := time.Now()
		var wg sync.WaitGroup
		for _, key := range []string{"a", "a", "a", "b"} {
			wg.Go(func() {
				unlock, err := locks.lock(t.Context(), key)
				if err != nil {
					t.Error(err)
					return
				}
				time.Sleep(time.Second)
				unlock()
				unlock() // a second call must not free the next holder's lock
			})
		}
		wg.Wait()
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("three holders of one key and one of another took %v, want 3s", took)
		}
		if len(locks.byKey) != 0 {
			t.Errorf("%d keys stayed behind", len(locks.byKey))
		}
	})
}

// TestObjectLocksObeyContext: who waits gives up with its context, and the lock lives on for the others.
func TestObjectLocksObeyContext(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		c := &Client{timeout: time.Minute, objects: newObjectLocks()}
		unlock, err := c.Lock(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, err := c.Lock(short, "a"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("a wait of 1s ended after %v with %v", time.Since(start), err)
		}
		start = time.Now()
		if _, err := c.Lock(t.Context(), "a"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("a wait without a deadline ended after %v with %v; want the client's timeout", time.Since(start), err)
		}
		if len(c.objects.byKey) != 1 {
			t.Errorf("%d keys while one is held", len(c.objects.byKey))
		}
		unlock()
		if _, err := c.Lock(short, "a"); !errors.Is(err, context.DeadlineExceeded) || len(c.objects.byKey) != 0 {
			t.Errorf("a context that had ended: error %v, %d keys", err, len(c.objects.byKey))
		}
		again, err := c.Lock(t.Context(), "a")
		if err != nil {
			t.Fatalf("a free lock: %v", err)
		}
		again()
	})
}
