package oidcproxy

import (
	"sync"
	"time"
)

// signIns counts the sign-ins that this process has begun and that may still be under way, so that they cannot fill the store (R156). One counts until its
// time is over, also if it ends earlier: that way it needs no word from the callback, which another replica may serve.
type signIns struct {
	limit int

	mu   sync.Mutex
	ends []time.Time // in order, since all last as long
}

// begin counts one, unless there are too many. release takes it back.
func (s *signIns) begin(now time.Time, lasts time.Duration) (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	over := 0
	for over < len(s.ends) && !now.Before(s.ends[over]) {
		over++
	}
	s.ends = append(s.ends[:0], s.ends[over:]...)
	if len(s.ends) >= s.limit {
		return nil, false
	}
	s.ends = append(s.ends, now.Add(lasts))
	return s.release, true
}

// release takes the latest back; they are all alike.
func (s *signIns) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ends) > 0 {
		s.ends = s.ends[:len(s.ends)-1]
	}
}
