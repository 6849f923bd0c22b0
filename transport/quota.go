package transport

import (
	"net/http"
	"sync"
	"time"

	"github.com/org/zscalermcp/auth"
)

// A caller is the identity of a principal, as in [auth.Principal.Key], without the cost of a hash.
type caller struct{ issuer, subject string }

func callerOf(p *auth.Principal) caller { return caller{p.Issuer, p.Subject} }

// A quota limits how many of something there are at a time, in all and for each caller. It knows
// nothing of callers who have none.
type quota struct {
	max, maxEach int
	own, full    *refusal // for a caller who has maxEach, and when there are max

	mu    sync.Mutex
	total int
	each  map[caller]int // holds no zeros
}

func newQuota(maxAll, maxEach int, things, remedy string, retryAfter time.Duration) quota {
	return quota{
		max: maxAll, maxEach: maxEach, each: make(map[caller]int),
		own: &refusal{
			status: http.StatusTooManyRequests, code: codeUnavailable, retryAfter: retryAfter,
			text: "too many " + things + " of this caller; " + remedy,
		},
		full: &refusal{
			status: http.StatusServiceUnavailable, code: codeUnavailable, retryAfter: retryAfter,
			text: "too many " + things + " on this server; try again later",
		},
	}
}

// take counts one more unless that is too many.
func (q *quota) take(c caller) *refusal {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.each[c] >= q.maxEach:
		return q.own
	case q.total >= q.max:
		return q.full
	}
	q.count(c, 1)
	return nil
}

// used is how many there are.
func (q *quota) used() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.total
}

// give counts one less.
func (q *quota) give(c caller) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.count(c, -1)
}

// count changes the counts. The caller holds mu.
func (q *quota) count(c caller, by int) {
	q.total += by
	if q.each[c] += by; q.each[c] == 0 {
		delete(q.each, c)
	}
}

// A place is one of what a quota counts, held by several: it counts while someone holds it.
type place struct {
	quota   *quota
	caller  caller
	holders int // guarded by quota.mu
}

// place takes a place, with one holder.
func (q *quota) place(c caller) (*place, *refusal) {
	if refused := q.take(c); refused != nil {
		return nil, refused
	}
	return &place{quota: q, caller: c, holders: 1}, nil
}

// hold adds a holder. It may come after the last one has left: work that an HTTP request has begun
// can start after the client has gone. Such a place counts even beyond the limit.
func (p *place) hold() {
	p.quota.mu.Lock()
	defer p.quota.mu.Unlock()
	if p.holders++; p.holders == 1 {
		p.quota.count(p.caller, 1)
	}
}

func (p *place) leave() {
	p.quota.mu.Lock()
	defer p.quota.mu.Unlock()
	if p.holders--; p.holders == 0 {
		p.quota.count(p.caller, -1)
	}
}
