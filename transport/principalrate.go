package transport

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/ratelimit"
)

// newCallerRates limits the requests of each principal. It returns nil for no limit.
func newCallerRates(r Rate) *ratelimit.Table[caller] {
	if r.isOff() {
		return nil
	}
	return ratelimit.New[caller](r.PerSecond, r.Burst, maxCallers)
}

// often refuses a caller who sends more than [Config].PrincipalRate, from whatever addresses.
func (e *Endpoint) often(ctx context.Context, c caller) *refusal {
	wait, ok := e.rates.Take(c, time.Now())
	if ok {
		return nil
	}
	auth.Record(ctx, &auth.Error{Status: http.StatusTooManyRequests, Description: "The caller sends too many requests.", Err: errTooOften})
	return tooOften("this caller", wait)
}

var errTooOften = errors.New("more than the rate of requests of one principal")
