package auth

import (
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// zscalerLimits decide who may have a pair checked at OneAPI. Failures count for an address together with a client id, for
// the address (several clients may be behind one), and for the client id from anywhere: this last one only slows down, so that
// nobody can lock a caller out by guessing in their name. Over all that there is one cap for everybody.
type zscalerLimits struct {
	pairs, sources, clients *strikes
	rate                    *rate.Limiter
	slots                   chan struct{}
	mu                      sync.Mutex
	checking                map[string]bool // pairs of address and client id
}

func newZscalerLimits() zscalerLimits {
	const entries = 4096
	return zscalerLimits{
		pairs:    &strikes{base: 2 * time.Second, max: 5 * time.Minute, entries: entries},
		sources:  &strikes{free: 20, base: time.Second, max: 5 * time.Minute, entries: entries},
		clients:  &strikes{free: 10, base: time.Second, max: 2 * time.Second, entries: entries},
		rate:     rate.NewLimiter(20, 50),
		slots:    make(chan struct{}, zscalerAtOnce),
		checking: map[string]bool{},
	}
}

// enter reserves a check, or says when to come again. One check at a time runs for an address and client id, so that
// many wrong secrets at once are no way around the wait.
func (l *zscalerLimits) enter(source, id string) (leave func(), refused *Error) {
	pair, now := source+" "+id, time.Now()
	if wait := max(l.pairs.wait(pair, now), l.sources.wait(source, now), l.clients.wait(id, now)); wait > 0 {
		return nil, throttled(wait)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.checking[pair] {
		return nil, throttled(time.Second)
	}
	select {
	case l.slots <- struct{}{}:
	default:
		return nil, throttled(time.Second)
	}
	if !l.rate.Allow() {
		<-l.slots
		return nil, throttled(time.Second)
	}
	l.checking[pair] = true
	return func() {
		<-l.slots
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.checking, pair)
	}, nil
}

func (l *zscalerLimits) failed(source, id string, now time.Time) {
	l.pairs.fail(source+" "+id, now)
	l.sources.fail(source, now)
	l.clients.fail(id, now)
}

// succeeded forgets the failures of those who know the secret.
func (l *zscalerLimits) succeeded(source, id string) { l.pairs.clear(source + " " + id) }

// throttled asks to wait.
func throttled(wait time.Duration) *Error {
	return &Error{Status: http.StatusTooManyRequests, Code: "too_many_requests", RetryAfter: wait, Err: errors.New("too many credentials were tried"),
		Description: "Too many attempts; wait before the next one."}
}

// sourceOf is what an address counts as: IPv6 networks of 64 bits belong to one subscriber (R154).
func sourceOf(addr netip.Addr) string {
	if prefix, err := addr.Prefix(64); err == nil && addr.Is6() {
		return prefix.String()
	}
	return addr.String()
}
