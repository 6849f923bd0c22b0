package auth

import (
	"time"

	"golang.org/x/time/rate"
)

// shares bound what one network takes of what all strangers have together. Of their rates two generations are kept: when the young one
// has half of the entries it becomes the old one, and who is seen again moves to the young. Its user locks.
type shares struct {
	perSecond  rate.Limit
	burst      int
	atOnce     int
	young, old map[string]*rate.Limiter
	running    map[string]int // checks; none for most
}

func newShares(perSecond rate.Limit, burst, atOnce int) *shares {
	return &shares{perSecond: perSecond, burst: burst, atOnce: atOnce, young: map[string]*rate.Limiter{}, running: map[string]int{}}
}

// allows reports whether network may begin another check, and takes a part of its rate.
func (s *shares) allows(network string, now time.Time) bool {
	return s.running[network] < s.atOnce && s.rateOf(network).AllowN(now, 1)
}

func (s *shares) rateOf(network string) *rate.Limiter {
	if own := s.young[network]; own != nil {
		return own
	}
	own := s.old[network]
	if own == nil {
		own = rate.NewLimiter(s.perSecond, s.burst)
	}
	if len(s.young) >= attemptEntries/2 {
		s.old, s.young = s.young, map[string]*rate.Limiter{}
	}
	s.young[network] = own
	return own
}

func (s *shares) take(network string) { s.running[network]++ }

func (s *shares) give(network string) {
	if s.running[network]--; s.running[network] == 0 {
		delete(s.running, network)
	}
}
