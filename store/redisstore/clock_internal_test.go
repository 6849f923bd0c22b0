package redisstore

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
)

// D90: the time is as exact as the best answer of late, however long others take, and whatever the clock here shows.
func TestClockNarrows(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const ahead = 47*time.Hour + 11*time.Millisecond
		var c clock
		ask := func(there, back time.Duration) {
			sent := time.Now()
			time.Sleep(there)
			told := time.Now().Add(ahead).Round(0)
			time.Sleep(back)
			c.learn(told, sent, time.Now())
		}
		off := func() time.Duration { return c.now().Sub(time.Now().Add(ahead)).Abs() }
		if c.now() != time.Now() || !c.isOld() {
			t.Errorf("before the first answer: %s", c.now())
		}
		ask(time.Second, 0)
		if got := off(); got > 500*time.Millisecond || c.isOld() {
			t.Errorf("after a slow answer: off by %s", got)
		}
		ask(time.Millisecond, time.Millisecond)
		random := rand.New(rand.NewPCG(1, 2))
		for i := range 500 {
			ask(time.Duration(random.IntN(50))*time.Millisecond, time.Duration(random.IntN(200))*time.Millisecond)
			if got := off(); got > 30*time.Millisecond {
				t.Fatalf("answer %d: off by %s", i, got)
			}
		}
		time.Sleep(maxAge)
		if c.isOld() {
			t.Error("old too early")
		}
		time.Sleep(time.Nanosecond)
		if !c.isOld() {
			t.Error("not old after its age")
		}
	})
}

// A server whose clock runs faster is followed, and so is one whose clock was set, at once.
func TestClockFollows(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var c clock
		began := time.Now()
		var jump time.Duration
		server := func() time.Time {
			passed := time.Since(began)
			return began.Add(passed + passed/10_000 + jump).Round(0)
		}
		ask := func() {
			sent := time.Now()
			time.Sleep(time.Millisecond)
			told := server()
			time.Sleep(time.Millisecond)
			c.learn(told, sent, time.Now())
		}
		for range 1000 {
			ask()
			time.Sleep(10 * time.Second)
			if d := c.now().Sub(server()).Abs(); d > 10*time.Millisecond {
				t.Fatalf("drift: off by %s", d)
			}
		}
		for _, jump = range []time.Duration{time.Hour, -time.Hour, time.Second} {
			ask()
			if d := c.now().Sub(server()).Abs(); d > 2*time.Millisecond {
				t.Errorf("after a jump to %s: off by %s", jump, d)
			}
		}
	})
}
