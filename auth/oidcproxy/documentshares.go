package oidcproxy

import (
	"cmp"
	"net/netip"
	"sync"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// fetchShares bound how many of the fetches that run at once one address has begun, for IPv6 the network of a site: who names many addresses that answer
// slowly, or never, leaves room for others (R39).
type fetchShares struct {
	most int

	mu      sync.Mutex
	running map[netip.Prefix]int // no zeros
}

// newFetchShares gives each address a quarter of what cfg allows in all.
func newFetchShares(cfg safefetch.Config) *fetchShares {
	const standard = 64 // of safefetch
	return &fetchShares{most: max(cmp.Or(cfg.Concurrent, standard)/4, 1), running: map[netip.Prefix]int{}}
}

// take begins a fetch, unless the address has its share already.
func (s *fetchShares) take(source netip.Prefix) bool {
	source = site(source)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[source] >= s.most {
		return false
	}
	s.running[source]++
	return true
}

// give ends what take has begun.
func (s *fetchShares) give(source netip.Prefix) {
	source = site(source)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[source]--; s.running[source] == 0 {
		delete(s.running, source)
	}
}
