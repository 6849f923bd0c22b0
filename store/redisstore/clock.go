package redisstore

import (
	"sync"
	"time"
)

const (
	drift  = 2000        // clocks of two machines part by less than a 2000th, while they are set right gently
	maxAge = time.Minute // after which the time is asked for again
)

// A clock tells the time of the server. What it knows is within which bounds the server is ahead of this process, whose clock is the monotonic one: the
// server has looked at its clock after the command was sent and before the answer came. Each answer narrows the bounds, and while none comes they widen.
type clock struct {
	mu       sync.Mutex
	from     time.Time     // of this process; zero before the first answer
	low, hi  time.Duration // bounds of the server's time, less that of this process since from, less base
	base     time.Time     // of the server
	observed time.Duration // when the bounds were last narrowed, since from
}

// now is the time in the middle of the bounds.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from.IsZero() {
		return time.Now()
	}
	return c.base.Add(time.Since(c.from) + c.low + (c.hi-c.low)/2)
}

// isOld reports whether the time should be asked for again.
func (c *clock) isOld() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.from.IsZero() || time.Since(c.from)-c.observed > maxAge
}

// learn takes in that the server has told its time between two moments here. Bounds that exclude those before mean that one of the clocks was set, or that
// another server answers now: then the new ones count.
func (c *clock) learn(told, sent, received time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from.IsZero() {
		c.from, c.base = sent, told
		c.low, c.hi = -received.Sub(sent), 0
		c.observed = received.Sub(sent)
		return
	}
	since := told.Sub(c.base)
	low, hi := since-received.Sub(c.from), since-sent.Sub(c.from)
	moment := received.Sub(c.from)
	wider := max(moment-c.observed, 0) / drift
	c.low, c.hi = max(c.low-wider, low), min(c.hi+wider, hi)
	if c.low > c.hi {
		c.low, c.hi = low, hi
	}
	c.observed = max(c.observed, moment)
}
