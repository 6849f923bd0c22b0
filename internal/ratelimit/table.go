// Package ratelimit limits how often each of very many may do something.
package ratelimit

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// sample is how many buckets are looked at to find one that may be forgotten, so that a flood costs no more than that.
const sample = 8

// A Table has a token bucket for each key, up to a number of them. A nil Table limits nobody. It is safe for concurrent use.
//
// When it is full, the one that owes the least of a few is forgotten: one that is full again, if there is any, since it is as good as one that was never
// used. So a flood of keys which do one thing each drives out others of the same flood, and not who has used up a bucket.
type Table[K comparable] struct {
	perSecond rate.Limit
	burst     int
	most      int

	mu      sync.Mutex
	places  map[K]int // in buckets
	buckets []bucket[K]
}

type bucket[K comparable] struct {
	key    K
	tokens *rate.Limiter
}

// New returns a table of at most so many buckets. Each fills at perSecond up to burst, which it has at first.
func New[K comparable](perSecond float64, burst, most int) *Table[K] {
	return &Table[K]{perSecond: rate.Limit(perSecond), burst: burst, most: most, places: map[K]int{}}
}

// Take takes one from the bucket of key, or says when there will be one. What is refused costs nothing of the bucket.
func (t *Table[K]) Take(key K, now time.Time) (wait time.Duration, ok bool) {
	if t == nil {
		return 0, true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	tokens := t.of(key, now)
	if tokens.AllowN(now, 1) {
		return 0, true
	}
	reservation := tokens.ReserveN(now, 1)
	defer reservation.CancelAt(now)
	return reservation.DelayFrom(now), false
}

// of returns the bucket of key, new if need be. The caller holds mu.
func (t *Table[K]) of(key K, now time.Time) *rate.Limiter {
	if i, ok := t.places[key]; ok {
		return t.buckets[i].tokens
	}
	place := len(t.buckets)
	if place < t.most {
		t.buckets = append(t.buckets, bucket[K]{})
	} else {
		place = t.dispensable(now)
		delete(t.places, t.buckets[place].key)
	}
	t.buckets[place] = bucket[K]{key, rate.NewLimiter(t.perSecond, t.burst)}
	t.places[key] = place
	return t.buckets[place].tokens
}

// dispensable is the place of a bucket that may be forgotten. The caller holds mu.
func (t *Table[K]) dispensable(now time.Time) (place int) {
	most := -1.0
	for range sample {
		i := rand.IntN(len(t.buckets))
		tokens := t.buckets[i].tokens.TokensAt(now)
		if tokens >= float64(t.burst) {
			return i
		}
		if tokens > most {
			place, most = i, tokens
		}
	}
	return place
}

// Len is the number of buckets.
func (t *Table[K]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.buckets)
}

// Source is whom a request from addr counts for: the address, for IPv6 its network of 64 bits, which one subscriber has (R154). All whose address is
// not known count as one.
func Source(addr netip.Addr) netip.Prefix {
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	source, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return source
}
