package zscaler

import (
	"context"
	"time"
)

// An Exchange is one request to the gateway, for [ContextWithObserver].
type Exchange struct {
	Service   Service
	Method    string
	Attempt   int           // from 1; more after a failure that could be repeated
	Status    int           // of the answer, 0 without one
	RequestID string        // x-oneapi-request-id of the answer, which Zscaler's support asks for
	Duration  time.Duration // until the whole answer was there
}

type observerKey struct{}

// ContextWithObserver returns a context whose requests to the gateway observe is told of, each attempt by itself. It is called in the
// goroutine of the call, of several at once where a tool asks side by side, and must be quick.
func ContextWithObserver(ctx context.Context, observe func(Exchange)) context.Context {
	return context.WithValue(ctx, observerKey{}, observe)
}
