// Package flood thins out events that strangers can cause at will.
package flood

import (
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// A Gauge lets events pass up to a rate and counts the others. In a flood it takes no lock.
type Gauge struct {
	limiter    *rate.Limiter
	closed     atomic.Pointer[time.Time] // until when none can pass
	suppressed atomic.Int64
}

// NewGauge lets so many events pass in a second, and so many at once.
func NewGauge(perSecond float64, atOnce int) *Gauge {
	return &Gauge{limiter: rate.NewLimiter(rate.Limit(perSecond), atOnce)}
}

// Pass reports whether an event may be written now, and how many before it were not.
func (g *Gauge) Pass(now time.Time) (suppressed int, ok bool) {
	closed := g.closed.Load()
	switch {
	case closed != nil && now.Before(*closed):
	case g.limiter.AllowN(now, 1):
		return int(g.suppressed.Swap(0)), true
	default:
		until := now.Add(time.Duration(float64(time.Second) / float64(g.limiter.Limit())))
		g.closed.Store(&until)
	}
	g.suppressed.Add(1)
	return 0, false
}
