package transport

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/org/zscalermcp/auth"
)

// Open streams outlive the request that opened them.
const (
	recheckInterval = 30 * time.Second
	recheckTimeout  = 10 * time.Second
)

// recheck ends a stream soon after its caller may no longer go on, and returns a func that ends the watch and waits for it. While nobody can tell,
// the stream goes on: what is sent on it was asked for by a caller who was admitted, and the next request is judged anew.
func recheck(ctx context.Context, end context.CancelFunc) (stop func()) {
	p, ok := auth.PrincipalFromContext(ctx)
	if !ok {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(recheckInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if mustEnd(ctx, p) {
				end()
				return
			}
		}
	}()
	return func() { cancel(); <-done }
}

// mustEnd asks once. What panics cannot be asked again, and ends the stream.
func mustEnd(ctx context.Context, p *auth.Principal) (ends bool) {
	defer func() { ends = recover() != nil || ends }()
	asking, cancel := context.WithTimeout(ctx, recheckTimeout)
	defer cancel()
	err := p.Check(asking)
	var refusal *auth.Error
	unknown := errors.As(err, &refusal) && refusal != nil && refusal.Status == http.StatusServiceUnavailable
	return err != nil && !unknown && ctx.Err() == nil
}
