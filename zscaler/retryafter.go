package zscaler

import (
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	minWait    = time.Second
	maxBackoff = 10 * time.Second
	maxAfter   = 24 * time.Hour // longer waits are cut to this: they are refused anyway
)

// retryAfter returns the wait that an answer asks for, at least a second, or 0 when it names none. It
// reads the Retry-After header, ZCC's own header, the body's Retry-After and, for 429 only,
// x-ratelimit-reset, in this order: the gateway's counters describe another bucket than the
// service's limit.
func retryAfter(status int, header http.Header, body []byte) time.Duration {
	if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable && status != http.StatusConflict {
		return 0
	}
	values := []string{header.Get("Retry-After"), header.Get("X-Rate-Limit-Retry-After-Seconds")}
	if object, err := members(body); err == nil {
		values = append(values, text(object["Retry-After"]))
	}
	if status == http.StatusTooManyRequests {
		values = append(values, header.Get("X-Ratelimit-Reset"))
	}
	for _, value := range values {
		if d, ok := parseWait(value, time.Now()); ok {
			return max(d, minWait)
		}
	}
	return 0
}

// parseWait reads the forms in which services name a wait: 1, 4s, "13 seconds", 1m30s, or an HTTP date
// (RFC 9110 section 10.2.3). A negative wait is none.
func parseWait(value string, now time.Time) (time.Duration, bool) {
	value = strings.ToLower(strings.TrimSpace(value))
	if value == "" || len(value) > 64 {
		return 0, false
	}
	if number, unit, ok := strings.Cut(value, " "); ok && (unit == "seconds" || unit == "second") {
		value = number
	}
	if n, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(n) {
		return clampWait(n * float64(time.Second))
	}
	if d, err := time.ParseDuration(value); err == nil {
		return clampWait(float64(d))
	}
	if t, err := http.ParseTime(strings.ToUpper(value)); err == nil {
		return clampWait(float64(max(t.Sub(now), 0)))
	}
	return 0, false
}

func clampWait(d float64) (time.Duration, bool) {
	if d < 0 {
		return 0, false
	}
	return time.Duration(min(d, float64(maxAfter))), true
}

// backoff returns the wait after the n-th failure, from 1: 1 s doubling to 10 s, of which a random
// quarter is taken off, so that callers who failed together do not return together.
func backoff(n int) time.Duration {
	d := maxBackoff
	if n < 5 {
		d = min(minWait<<(n-1), maxBackoff)
	}
	return d - time.Duration(rand.Int64N(int64(d/4)))
}
