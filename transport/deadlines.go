package transport

import (
	"sync"
	"time"
)

// A pending is a read of a body or a write of an answer that may take too long, or an answer that may be quiet too long.
type pending interface{ deadline(time.Time) }

// deadlines ends the reading of bodies that come too slowly, or the writing of answers that are not taken, or the silence of streams.
// One timer serves them all: a deadline set on each connection would wake another thread with every request.
type deadlines struct {
	limit time.Duration
	slack time.Duration // by which a deadline may come early, so that many that are close to each other are one sweep

	mu    sync.Mutex
	open  map[pending]time.Time // until when
	timer *time.Timer           // fires at the first deadline or before; nil while there is none
}

func (s *deadlines) begin(in pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[in] = time.Now().Add(s.limit)
	if s.timer == nil {
		s.timer = time.AfterFunc(s.limit, s.sweep)
	}
}

// end reports whether in was still in time. After it, sweep does not touch the connection.
func (s *deadlines) end(in pending) (inTime bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, inTime = s.open[in]
	delete(s.open, in)
	return inTime
}

// sweep ends those whose time is over, and comes again at the next deadline.
func (s *deadlines) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timer = nil
	var next time.Time
	now := time.Now()
	for in, until := range s.open {
		switch {
		case until.Sub(now) <= s.slack:
			in.deadline(now)
			delete(s.open, in)
		case next.IsZero() || until.Before(next):
			next = until
		}
	}
	if !next.IsZero() {
		s.timer = time.AfterFunc(next.Sub(now), s.sweep)
	}
}

// expire ends all at once.
func (s *deadlines) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for in := range s.open {
		in.deadline(time.Now())
		delete(s.open, in)
	}
}

// rest stops the timer when none is left.
func (s *deadlines) rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil && len(s.open) == 0 {
		s.timer.Stop()
		s.timer = nil
	}
}
