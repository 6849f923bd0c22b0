package oidcproxy

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/ratelimit"
)

// maxSources bounds the addresses of one table. Beyond it those that owe the least are forgotten: a flood from very many addresses is limited by their number.
const maxSources = 10_000

// rates limit each address to a rate. A nil one limits nobody.
type rates struct {
	name    string // of the endpoint
	limit   float64
	burst   int
	now     func() time.Time
	sources *ratelimit.Table[netip.Prefix]
}

// newRates returns nil for no limit.
func newRates(name string, r, standard Rate, now func() time.Time) *rates {
	if r == (Rate{}) {
		r = standard
	}
	if r.PerSecond < 0 {
		return nil
	}
	burst := max(r.Burst, 1)
	return &rates{name: name, limit: r.PerSecond, burst: burst, now: now, sources: ratelimit.New[netip.Prefix](r.PerSecond, burst, maxSources)}
}

// take lets an address through, or says how long it must wait.
func (l *rates) take(source netip.Prefix) (wait time.Duration, ok bool) {
	if l == nil {
		return 0, true
	}
	if wait, ok = l.sources.Take(source, l.now()); ok {
		return 0, true
	}
	return max(wait, time.Second), false
}

// source is whom a request counts for (R154).
func (p *Provider) source(r *http.Request) netip.Prefix {
	return ratelimit.Source(auth.ClientAddr(r, p.cfg.Proxies))
}
