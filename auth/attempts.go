package auth

import (
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// attempts decide whose credential may be checked with somebody else: an unlimited number would let strangers guess, and use
// this server to flood whoever checks. Failures count for an address, since one caller may have many, and for an address
// together with a name. They do not count for a name from anywhere: a guesser in the name of another would keep that one out.
// Over all that there is one rate and a number of checks at once for all strangers. Those who have been known before have a
// wider rate and checks of their own, and wait for no stranger.
type attempts struct {
	sources *strikes // by address
	pairs   *strikes // by address and name

	mu       sync.Mutex
	rates    map[bool]*rate.Limiter // by whether the caller is known
	free     map[bool]int           // checks that may begin, likewise
	checking map[string]bool        // pairs
}

// An attempt is one credential that somebody presents.
type attempt struct {
	source string // address, see sourceOf
	name   string // whom the credential is said to belong to; "" if it does not tell
	known  bool   // the same credential was good before
}

func (a attempt) pair() string { return a.source + " " + a.name }

const attemptEntries = 4096 // of each table

func newAttempts(perSecond rate.Limit, atOnce int) *attempts {
	return &attempts{
		sources:  &strikes{free: 20, base: time.Second, max: 30 * time.Second, entries: attemptEntries},
		pairs:    &strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: attemptEntries},
		rates:    map[bool]*rate.Limiter{false: rate.NewLimiter(perSecond, 2*int(perSecond)), true: rate.NewLimiter(10*perSecond, 20*int(perSecond))},
		free:     map[bool]int{true: atOnce, false: atOnce},
		checking: map[string]bool{},
	}
}

// enter reserves a check, or says when to come again. One check at a time runs for an address and name, so that
// many wrong credentials at once are no way around the wait.
func (l *attempts) enter(a attempt) (leave func(), refused *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.wait(a, time.Now()); wait > 0 {
		return nil, throttled(wait)
	}
	l.free[a.known]--
	if a.isNamed() {
		l.checking[a.pair()] = true
	}
	return func() { l.leave(a) }, nil
}

// isNamed reports whether the attempt counts for a name.
func (a attempt) isNamed() bool { return !a.known && a.name != "" }

// wait is how long a must still wait; 0 takes a part of the rate. The failures of checks that have left are counted already.
func (l *attempts) wait(a attempt, now time.Time) time.Duration {
	switch {
	case l.free[a.known] == 0, a.isNamed() && l.checking[a.pair()]:
		return time.Second
	}
	if wait := l.punished(a, now); wait > 0 {
		return wait
	}
	if !l.rates[a.known].AllowN(now, 1) {
		return time.Second
	}
	return 0
}

// punished is how long a stranger must wait for what failed before.
func (l *attempts) punished(a attempt, now time.Time) time.Duration {
	if a.known {
		return 0
	}
	wait := l.sources.wait(a.source, now)
	if a.isNamed() {
		wait = max(wait, l.pairs.wait(a.pair(), now))
	}
	return wait
}

func (l *attempts) leave(a attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free[a.known]++
	if a.isNamed() {
		delete(l.checking, a.pair())
	}
}

func (l *attempts) failed(a attempt, now time.Time) {
	l.sources.fail(a.source, now)
	if a.name != "" {
		l.pairs.fail(a.pair(), now)
	}
}

// succeeded forgets the failures of those who know the secret.
func (l *attempts) succeeded(a attempt) { l.pairs.clear(a.pair()) }

// throttled asks to wait.
func throttled(wait time.Duration) *Error {
	return &Error{Status: http.StatusTooManyRequests, Code: "too_many_requests", RetryAfter: wait, Err: errors.New("too many credentials were tried"),
		Description: "Too many attempts; wait before the next one."}
}

// unavailable is the answer when nobody can tell whether a credential is good.
func unavailable(cause error, again time.Duration) *Error {
	return &Error{Status: http.StatusServiceUnavailable, Code: "temporarily_unavailable", RetryAfter: again, Err: cause,
		Description: "The credential cannot be checked at the moment; try again."}
}

// sourceOf is what an address counts as: IPv6 networks of 64 bits belong to one subscriber (R154).
func sourceOf(addr netip.Addr) string {
	if prefix, err := addr.Prefix(64); err == nil && addr.Is6() {
		return prefix.String()
	}
	return addr.String()
}
