package zscaler

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Rate is a token bucket: Burst calls at once, refilled at PerSecond. The zero Rate is no limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// A Limit holds back calls of one service before it refuses them.
type Limit struct {
	Read, Write Rate
	// PerEndpoint gives every resource its own buckets, as ZIA counts; else all share one pair.
	PerEndpoint bool
}

// DefaultLimits returns the request rates that Zscaler documents: ZIA 2 reads and 1 write a second
// per endpoint, ZPA 20 reads and 10 writes in 10 seconds, ZCC 100 calls an hour. The documented hourly
// limits and the once-a-minute limit of ZIA deletes are left to the service's own 429, since its
// documents disagree on them.
func DefaultLimits() map[Service]Limit {
	limits := make(map[Service]Limit)
	for i := range policies {
		if policies[i].limit != (Limit{}) {
			limits[policies[i].service] = policies[i].limit
		}
	}
	return limits
}

// maxBuckets bounds the limiter's memory; endpoints beyond it share a bucket.
const maxBuckets = 1024

// A limiter holds the token buckets of one client.
type limiter struct {
	limits  map[Service]Limit
	maxWait time.Duration

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

func newLimiter(limits map[Service]Limit, maxWait time.Duration) *limiter {
	return &limiter{limits: limits, maxWait: maxWait, buckets: make(map[string]*rate.Limiter)}
}

// wait blocks until the call may be sent. It returns a *LimitError at once when that is further
// away than the cap or the deadline of ctx.
func (l *limiter) wait(ctx context.Context, call *call) error {
	bucket := l.bucket(call)
	if bucket == nil {
		return ctx.Err()
	}
	reservation := bucket.Reserve()
	delay := reservation.Delay()
	if !reservation.OK() || delay > l.maxWait || !fits(ctx, delay) {
		reservation.Cancel()
		return &LimitError{Service: call.service(), Method: call.req.Method, Path: call.req.Path, RetryAfter: delay}
	}
	if err := sleep(ctx, delay); err != nil {
		reservation.Cancel()
		return err
	}
	return nil
}

// bucket returns the bucket that the call draws from, or nil when nothing limits it.
func (l *limiter) bucket(call *call) *rate.Limiter {
	limit := l.limits[call.service()]
	key, r := string(call.service())+" r", limit.Read
	if call.write {
		key, r = string(call.service())+" w", limit.Write
	}
	if r.PerSecond <= 0 || r.Burst <= 0 {
		return nil
	}
	if limit.PerEndpoint {
		key += " " + endpoint(call.req.Path)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.buckets[key] == nil {
		if len(l.buckets) >= maxBuckets {
			key = "overflow " + key[:strings.IndexByte(key, ' ')+2]
		}
		if l.buckets[key] == nil {
			l.buckets[key] = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
		}
	}
	return l.buckets[key]
}

// endpoint returns the resource of a path such as /zia/api/v1/ruleLabels/7: its fourth segment.
func endpoint(path string) string {
	segments := strings.SplitN(path, "/", 6)
	if len(segments) < 5 {
		return ""
	}
	return segments[4]
}

// fits reports whether a wait of d ends before the deadline of ctx.
func fits(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > d
}

// sleep waits for d or for the end of ctx, whichever is first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
