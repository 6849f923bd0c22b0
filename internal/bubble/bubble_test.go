package bubble_test

import (
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
)

// Many goroutines at once get randomness, which GODEBUG=fips140=on shows, and time is that of a bubble.
func TestRandomnessInABubble(t *testing.T) {
	bubble.Test(t, func(*testing.T) {
		began := time.Now()
		time.Sleep(time.Hour)
		if time.Since(began) != time.Hour {
			t.Error("this is no bubble")
		}
		var all sync.WaitGroup
		var seen sync.Map
		for range 200 {
			all.Go(func() {
				for range 100 {
					if _, again := seen.LoadOrStore(rand.Text(), nil); again {
						t.Error("one value twice")
					}
				}
			})
		}
		all.Wait()
	})
}
