package auth

import (
	"sync"
	"time"
)

// strikes slow down whoever fails: after some free failures each further one makes the next attempt wait twice as long. One failure is
// forgiven for each longest wait that passes. The table is bounded: when it is full, those whose wait is over go first.
type strikes struct {
	free      int           // failures without a wait
	base, max time.Duration // first and longest wait
	entries   int           // bound of the table

	mu    sync.Mutex
	table map[string]strike
}

type strike struct {
	failures int
	last     time.Time // from when on failures are forgiven
	blocked  time.Time // until when
}

// wait is how long key must still wait.
func (s *strikes) wait(key string, now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(s.table[key].blocked.Sub(now), 0)
}

// fail counts a failure.
func (s *strikes) fail(key string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.table == nil {
		s.table = map[string]strike{}
	}
	entry, known := s.table[key]
	if !known && len(s.table) >= s.entries {
		s.evict(now)
	}
	if forgiven := now.Sub(entry.last) / s.max; known && forgiven > 0 {
		entry.failures = max(entry.failures-int(forgiven), 0)
	}
	entry.failures++
	entry.last = now
	if over := entry.failures - s.free; over > 0 {
		entry.blocked = now.Add(min(s.base<<min(over-1, 20), s.max))
	}
	s.table[key] = entry
}

// clear forgets the failures of key.
func (s *strikes) clear(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.table, key)
}

// evict makes room: entries that no longer block, or, if all do, any one.
func (s *strikes) evict(now time.Time) {
	victim := ""
	for key, entry := range s.table {
		victim = key
		if !now.Before(entry.blocked) {
			delete(s.table, key)
		}
	}
	if len(s.table) >= s.entries {
		delete(s.table, victim)
	}
}
