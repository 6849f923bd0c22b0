package auth

import (
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"sync/atomic"
)

// requestPrefix tells the requests of processes apart, requestCount those of this one.
var (
	requestPrefix = rand.Text()[:10] + "-"
	requestCount  atomic.Uint64
)

// requestIDHeader carries the id of the request in answers.
const requestIDHeader = "X-Request-Id"

// NewRequestID returns a name for a request that [Middleware] does not see.
func NewRequestID() string {
	var buf [32]byte
	return string(strconv.AppendUint(append(buf[:0], requestPrefix...), requestCount.Add(1), 36))
}

type (
	requestIDKey struct{}
	admissionKey struct{}
)

// RequestID returns the name of the request that ctx belongs to, as audit events and answers have it; "" outside of [Middleware].
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// ContextWithRequestID returns a context whose request has this name.
func ContextWithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// A requestContext carries all that Middleware knows of a request in one node.
type requestContext struct {
	context.Context
	principal *Principal
	id        [1]string // as an answer's header has it
	audit     *auditor
	request   *http.Request // as it came, for its peer
}

// Value implements [context.Context].
func (c *requestContext) Value(key any) any {
	switch key.(type) {
	case principalKey:
		return c.principal
	case requestIDKey:
		return c.id[0]
	case admissionKey:
		return c
	}
	return c.Context.Value(key)
}
