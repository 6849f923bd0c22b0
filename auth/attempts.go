package auth

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// attempts decide whose credential may be checked with somebody else: an unlimited number would let strangers guess, and use
// this server to flood whoever checks. Failures count for an address, since one caller may have many, and for an address
// together with a name. They do not count for a name from anywhere: a guesser in the name of another would keep that one out.
// Over all that there is one rate and a number of checks at once for all strangers, of which one network has a part. Those who
// have been known before wait for no stranger, but in a row of their own.
type attempts struct {
	sources *strikes // by address
	pairs   *strikes // by address and name

	mu       sync.Mutex
	rate     *rate.Limiter
	free     int // checks that may begin
	shares   *shares
	checking map[string]bool // pairs

	known     *semaphore.Weighted // checks of those who are known
	knownRate *rate.Limiter
}

// limits are how much of somebody else's service checks may take.
type limits struct {
	perSecond    float64 // checks of strangers, after a burst of twice as many
	atOnce       int     // of these
	freeFailures int     // of an address, without a wait
}

// Those who are known are a bounded number and rarely checked: they have more of both.
const (
	knownPerSecond = 10
	knownAtOnce    = 4
	knownWait      = 10 * time.Second // in the row
)

// An attempt is one credential that somebody presents.
type attempt struct {
	source  string // address, see sourceOf
	network string // see networkOf
	name    string // whom the credential is said to belong to; "" if it does not tell
	known   bool   // the same credential was good before
}

func attemptOf(r *http.Request, p Proxies, name string) attempt {
	addr := ClientAddr(r, p)
	return attempt{source: sourceOf(addr), network: networkOf(addr), name: strings.Clone(name[:min(len(name), maxAttemptName)])}
}

func (a attempt) pair() string { return a.source + " " + a.name }

const (
	attemptEntries = 4096 // of each table
	maxAttemptName = 256  // bytes; longer names count together
)

func newAttempts(l limits) *attempts {
	perSecond, burst := rate.Limit(l.perSecond), int(2*l.perSecond)
	return &attempts{
		sources:   &strikes{free: l.freeFailures, base: time.Second, max: 30 * time.Second, entries: attemptEntries},
		pairs:     &strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: attemptEntries},
		rate:      rate.NewLimiter(perSecond, burst),
		free:      l.atOnce,
		shares:    newShares(perSecond/4, 3*burst/4, max(l.atOnce/2, 1)),
		checking:  map[string]bool{},
		known:     semaphore.NewWeighted(int64(knownAtOnce * l.atOnce)),
		knownRate: rate.NewLimiter(knownPerSecond*perSecond, int(knownPerSecond*l.perSecond)),
	}
}

// enter reserves a check, or says when to come again.
func (l *attempts) enter(ctx context.Context, a attempt) (leave func(), refused *Error) {
	if a.known {
		return l.enterKnown(ctx)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.wait(a, time.Now()); wait > 0 {
		return nil, throttled(wait)
	}
	l.free--
	l.shares.take(a.network)
	if a.name != "" {
		l.checking[a.pair()] = true
	}
	return func() { l.leave(a) }, nil
}

// enterKnown waits until a check of those who are known may begin.
func (l *attempts) enterKnown(ctx context.Context) (leave func(), refused *Error) {
	ctx, cancel := context.WithTimeout(ctx, knownWait)
	defer cancel()
	if err := l.known.Acquire(ctx, 1); err != nil {
		return nil, unavailable(err, pauseAfterTrouble)
	}
	if err := l.knownRate.Wait(ctx); err != nil {
		l.known.Release(1)
		return nil, unavailable(err, pauseAfterTrouble)
	}
	return func() { l.known.Release(1) }, nil
}

// wait is how long a stranger must still wait; 0 takes a part of the rates. One check at a time runs for an address and name, so that
// many wrong credentials at once are no way around the wait; the failures of checks that have left are counted already.
func (l *attempts) wait(a attempt, now time.Time) time.Duration {
	if l.free == 0 || a.name != "" && l.checking[a.pair()] {
		return time.Second
	}
	wait := l.sources.wait(a.source, now)
	if a.name != "" {
		wait = max(wait, l.pairs.wait(a.pair(), now))
	}
	switch {
	case wait > 0:
		return wait
	case !l.shares.allows(a.network, now), !l.rate.AllowN(now, 1):
		return time.Second
	}
	return 0
}

func (l *attempts) leave(a attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free++
	l.shares.give(a.network)
	delete(l.checking, a.pair())
}

// failed counts a failure of a stranger. That of somebody known is none: credentials end.
func (l *attempts) failed(a attempt, now time.Time) {
	if a.known {
		return
	}
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
func sourceOf(addr netip.Addr) string { return prefixOf(addr, 64) }

// networkOf is what an address shares a part of the rate with: a site has an IPv6 network of 48 bits (RFC 6177).
func networkOf(addr netip.Addr) string { return prefixOf(addr, 48) }

func prefixOf(addr netip.Addr, bits int) string {
	if prefix, err := addr.Prefix(bits); err == nil && addr.Is6() {
		return prefix.String()
	}
	return addr.String()
}
