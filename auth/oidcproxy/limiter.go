package oidcproxy

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/org/zscalermcp/auth"
)

// maxSources bounds the addresses of one table. Beyond it those that wait for nothing are forgotten, and then any: a flood from very many addresses
// is limited by their number.
const maxSources = 10_000

// rates limit each address to a rate. A nil one limits nobody.
type rates struct {
	name  string // of the endpoint
	limit rate.Limit
	burst int
	now   func() time.Time

	mu      sync.Mutex
	sources map[netip.Prefix]*rate.Limiter
}

// newRates returns nil for no limit.
func newRates(name string, r, standard Rate, now func() time.Time) *rates {
	if r == (Rate{}) {
		r = standard
	}
	if r.PerSecond < 0 {
		return nil
	}
	return &rates{name: name, limit: rate.Limit(r.PerSecond), burst: max(r.Burst, 1), now: now, sources: map[netip.Prefix]*rate.Limiter{}}
}

// take lets an address through, or says how long it must wait.
func (l *rates) take(source netip.Prefix) (wait time.Duration, ok bool) {
	if l == nil {
		return 0, true
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.sources[source]
	if limiter == nil {
		l.makeRoom(now)
		limiter = rate.NewLimiter(l.limit, l.burst)
		l.sources[source] = limiter
	}
	if limiter.AllowN(now, 1) {
		return 0, true
	}
	reservation := limiter.ReserveN(now, 1)
	defer reservation.CancelAt(now)
	return max(reservation.DelayFrom(now), time.Second), false
}

// makeRoom looks at a few sources only, so that a flood costs nothing more.
func (l *rates) makeRoom(now time.Time) {
	if len(l.sources) < maxSources {
		return
	}
	var victim netip.Prefix
	looked := 0
	for source, limiter := range l.sources { // in random order
		victim = source
		if looked++; limiter.TokensAt(now) >= float64(l.burst) || looked == 8 {
			break
		}
	}
	delete(l.sources, victim)
}

// source is whom a request counts for: the address, for IPv6 its network of 64 bits (R154).
func (p *Provider) source(r *http.Request) netip.Prefix {
	addr := auth.ClientAddr(r, p.cfg.Proxies)
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
