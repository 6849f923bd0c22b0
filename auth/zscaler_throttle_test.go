package auth_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// guess is a wrong pair for id, another one for each i.
func guess(id string, i int) (string, string) { return id, fmt.Sprint("wrong-", i) }

// R135, D91: who guesses the secret of one client is let through to OneAPI once in a while that doubles up to 5 minutes.
func TestGuessingOneClientSlowsDown(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		waits := []time.Duration{2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300} // seconds
		for i, wait := range waits {
			wait *= time.Second
			expect(t, o, z, basicAuth(guess("alice", i)), 401, i+1)
			for range 20 {
				w := expect(t, o, z, pairHeaders(guess("alice", 1000)), 429, i+1)
				if got := w.Header().Get("Retry-After"); got != fmt.Sprint(wait.Seconds()) {
					t.Errorf("guess %d: Retry-After %s, want %s", i, got, wait)
				}
			}
			time.Sleep(wait - 1)
			expect(t, o, z, basicAuth(guess("alice", 1000)), 429, i+1)
			expect(t, o, z, basicAuth("alice", "s3cret"), 429, i+1) // a guess like any other
			time.Sleep(time.Nanosecond)
		}
		calls := len(waits)
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, calls+1)
		expect(t, o, z, basicAuth(guess("alice", 2000)), 401, calls+2)
		w := expect(t, o, z, basicAuth(guess("alice", 2001)), 429, calls+2)
		if got := w.Header().Get("Retry-After"); got != "2" {
			t.Errorf("Retry-After %s after the right secret", got)
		}
		time.Sleep(2 * time.Second)
		expect(t, o, z, basicAuth(guess("alice", 2002)), 401, calls+3)
	})
}

// D91: many guesses at once are no way around the wait: of one client id from one address one is checked at a time.
func TestGuessesRunOneAtATime(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret", "bob": "s3cret"}, delay: time.Second}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		var all sync.WaitGroup
		all.Go(func() { answered(z, basicAuth(guess("alice", 0))) })
		synctest.Wait()
		for i := range 20 {
			all.Go(func() { expect(t, o, z, basicAuth(guess("alice", i+1)), 429, 1) })
		}
		synctest.Wait()
		for i := range 6 { // others are checked meanwhile, as far as the address has a share
			all.Go(func() { answered(z, basicAuth(guess(fmt.Sprint("client-", i), 0))) })
		}
		all.Go(func() {
			if w := answered(z, basicAuth("bob", "s3cret")); w.Code != 200 {
				t.Errorf("another client of the same address: status %d", w.Code)
			}
		})
		all.Wait()
		if o.calls() != 8 || o.most != 8 {
			t.Errorf("%d checks, %d at once", o.calls(), o.most)
		}
	})
}

// R135: at most 16 checks are under way.
func TestChecksAtOnceAreBounded(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{delay: time.Second}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		var all sync.WaitGroup
		var mu sync.Mutex
		got := map[int]int{}
		for i := range 40 {
			all.Go(func() {
				w := answered(z, at(fmt.Sprint("198.51.100.", i), basicAuth(fmt.Sprint("client-", i), "s3cret")))
				mu.Lock()
				defer mu.Unlock()
				got[w.Code]++
			})
		}
		all.Wait()
		if diff := cmp.Diff(map[int]int{200: 16, 429: 24}, got); diff != "" || o.most != 16 {
			t.Errorf("%d at once (-want +got):\n%s", o.most, diff)
		}
		expect(t, o, z, basicAuth("next", "s3cret"), 200, 17)
	})
}

// D91: guessing in the name of another does not keep that one out, but where both come from one address.
func TestOwnerIsAdmittedWhileOthersGuess(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		for i := range 5 { // from one address
			expect(t, o, z, at("198.51.100.1", basicAuth(guess("alice", i))), 401, i+1)
			expect(t, o, z, at("198.51.100.1", basicAuth(guess("alice", 100))), 429, i+1)
			time.Sleep(2 * time.Second << i)
		}
		expect(t, o, z, at("198.51.100.1", basicAuth(guess("alice", 5))), 401, 6)
		expect(t, o, z, at("198.51.100.1", basicAuth("alice", "s3cret")), 429, 6)
		expect(t, o, z, at("203.0.113.1", basicAuth("alice", "s3cret")), 200, 7)
		for i := range 40 { // from everywhere
			expect(t, o, z, at(fmt.Sprint("198.51.100.", i+2), basicAuth(guess("alice", i+6))), 401, i+8)
			time.Sleep(2 * time.Second)
		}
		expect(t, o, z, at("198.51.100.200", basicAuth(guess("alice", 200))), 401, 48)
		expect(t, o, z, at("203.0.113.1", basicAuth("alice", "s3cret")), 200, 48)
		expect(t, o, z, at("203.0.113.1", pairHeaders("alice", "s3cret")), 200, 49) // unknown in this form
	})
}

// R154, D91: an address has 20 failures free, whatever names it gives, and then waits for up to 30 seconds; nobody else does.
func TestAddressIsThrottled(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"known": "s3cret", "new": "s3cret"}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		expect(t, o, z, basicAuth("known", "s3cret"), 200, 1)
		calls := exhaust(t, o, z, "192.0.2.1")
		waits := []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} // seconds
		for i, wait := range waits {
			w := expect(t, o, z, basicAuth("new", "s3cret"), 429, calls)
			if got := w.Header().Get("Retry-After"); got != fmt.Sprint(int(wait)) {
				t.Errorf("failure %d: Retry-After %s, want %d", i, got, wait)
			}
			expect(t, o, z, basicAuth("known", "s3cret"), 200, calls)
			time.Sleep(wait*time.Second - 1)
			expect(t, o, z, basicAuth(fmt.Sprint("other-", i), "wrong"), 429, calls)
			time.Sleep(time.Nanosecond)
			calls++
			expect(t, o, z, basicAuth(fmt.Sprint("other-", i), "wrong"), 401, calls)
		}
		expect(t, o, z, at("192.0.2.2", pairHeaders("new", "s3cret")), 200, calls+1)
		time.Sleep(30 * time.Second)
		expect(t, o, z, basicAuth("new", "s3cret"), 200, calls+2)
	})
}

// exhaust has an address fail until it is throttled, with another name each time, and returns the number of checks so far.
func exhaust(t *testing.T, o *oneAPI, z *auth.Zscaler, addr string) int {
	t.Helper()
	calls := o.calls()
	for i := range 21 {
		calls++
		expect(t, o, z, at(addr, basicAuth(fmt.Sprint("stranger-", i), "wrong")), 401, calls)
	}
	expect(t, o, z, at(addr, basicAuth("stranger-21", "wrong")), 429, calls)
	return calls
}

// R154: failures are forgiven one by one, one in 30 seconds.
func TestFailuresAreForgotten(t *testing.T) {
	for age, calls := range map[time.Duration]int{time.Minute - 1: 1, time.Minute: 2, 10 * time.Minute: 20, 15 * time.Minute: 21} {
		bubble.Test(t, func(t *testing.T) {
			o := &oneAPI{secrets: map[string]string{}}
			z := newZscaler(t, o, auth.ZscalerConfig{})
			begun := exhaust(t, o, z, "192.0.2.1")
			time.Sleep(age)
			for i := range 40 {
				answered(z, basicAuth(fmt.Sprint("later-", i), "wrong"))
			}
			if got := o.calls() - begun; got != calls {
				t.Errorf("%d checks after %s, want %d", got, age, calls)
			}
		})
	}
}

// R135: a caller whose token has ended is checked at once, though strangers at the same address, or in the same name, must wait.
func TestKnownCallersDoNotWait(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}, life: 10 * time.Minute}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
		time.Sleep(9 * time.Minute)
		calls := exhaust(t, o, z, "192.0.2.1")
		time.Sleep(time.Second)
		expect(t, o, z, basicAuth(guess("alice", 0)), 401, calls+1)
		expect(t, o, z, basicAuth(guess("alice", 1)), 429, calls+1)
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, calls+2)
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, calls+2)
		o.change(func() { o.secrets["alice"] = "rotated" })
		time.Sleep(9 * time.Minute)
		expect(t, o, z, basicAuth("alice", "s3cret"), 401, calls+3) // known for the last time
		time.Sleep(30 * time.Second)
		expect(t, o, z, basicAuth(guess("alice", 2)), 401, calls+4)
		expect(t, o, z, basicAuth("alice", "s3cret"), 429, calls+4)
	})
}
