package redisstore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// A Limiter counts how often something happens, for all replicas that share the [Store]. It is safe for concurrent use.
type Limiter struct{ s *Store }

// Limiter returns the limiter in the store. oidcproxy.Config.Limiter takes it.
func (s *Store) Limiter() *Limiter { return &Limiter{s} }

// Take takes one from the bucket of key, which fills at perSecond up to burst. If there is none, wait is when there will be one. It is one round trip. A
// bucket is gone from the server when it is full.
func (l *Limiter) Take(ctx context.Context, key string, perSecond float64, burst int) (wait time.Duration, err error) {
	interval := float64(time.Second/time.Microsecond) / perSecond
	if key == "" || !(interval > 0) || burst < 1 || interval*float64(burst) > maxFilling {
		return 0, errors.New("redisstore: a limit needs a key, a rate and a burst that are positive, and a bucket that is full within 30 years")
	}
	answer, err := l.s.call(ctx, scriptLimit, []string{l.s.bucketKey(key)}, fmt.Sprintf("%.0f", math.Ceil(interval)), burst)
	if err != nil || status(answer) == done {
		return 0, err
	}
	if len(answer) <= atValue {
		return 0, errNotOurs
	}
	us, ok := number(answer[atValue])
	if !ok {
		return 0, errNotOurs
	}
	return time.Duration(us) * time.Microsecond, nil
}

const maxFilling = 1e15 // microseconds; numbers in scripts are exact up to 9e15
