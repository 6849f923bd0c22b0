package oidcproxy

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/org/zscalermcp/internal/flood"
	"github.com/org/zscalermcp/store"
)

const (
	sharedWait  = 500 * time.Millisecond // for the Limiter
	sharedPause = 5 * time.Second        // in which it is not asked, after it has failed
)

// sharedLimits ask a [Limiter]. What it cannot tell is left to the limits of this process, which have been asked before: a limiter that is down may not keep
// anybody out, and one that hangs may not make everybody wait.
type sharedLimits struct {
	limiter  Limiter
	keys     *store.Keyring
	resource string
	logger   *slog.Logger
	gauge    *flood.Gauge
	began    time.Time
	paused   atomic.Int64 // until when, since began
}

func newSharedLimits(limiter Limiter, keys *store.Keyring, resource string, logger *slog.Logger) *sharedLimits {
	return &sharedLimits{limiter: limiter, keys: keys, resource: resource, logger: logger, gauge: flood.NewGauge(0.1, 1), began: time.Now()}
}

// takeOne lets a request through, or says how long it must wait (R154). What this process refuses is not asked about anywhere else.
func (p *Provider) takeOne(r *http.Request, l *rates) (wait time.Duration, ok bool) {
	source := p.source(r)
	if wait, ok := l.take(source); !ok || l == nil || p.shared == nil {
		return wait, ok
	}
	wait = p.shared.take(r.Context(), l, source)
	return max(wait, time.Second), wait <= 0
}

// take returns how long the source must wait, for all replicas together.
func (s *sharedLimits) take(ctx context.Context, l *rates, source netip.Prefix) (wait time.Duration) {
	if time.Since(s.began) < time.Duration(s.paused.Load()) {
		return 0
	}
	asked, cancel := context.WithTimeout(ctx, sharedWait)
	defer cancel()
	wait, err := s.ask(asked, l, source)
	switch {
	case err == nil:
		return wait
	case ctx.Err() != nil: // the client is gone, which says nothing of the limiter
		return 0
	}
	s.paused.Store(int64(time.Since(s.began) + sharedPause))
	if suppressed, ok := s.gauge.Pass(time.Now()); ok {
		s.logger.WarnContext(ctx, "the limiter fails: for a while each process counts for itself", "cause", oneLine(err), "suppressed", suppressed)
	}
	return 0
}

// ask calls the limiter, with a key that tells nobody who the source is.
func (s *sharedLimits) ask(ctx context.Context, l *rates, source netip.Prefix) (wait time.Duration, err error) {
	defer func() {
		if v := recover(); v != nil {
			wait, err = 0, fmt.Errorf("the limiter has panicked: %T", v)
		}
	}()
	key := s.keys.MAC("oidcproxy limiter", []byte(s.resource), []byte(l.name), []byte(source.String()))
	return s.limiter.Take(ctx, hex.EncodeToString(key[:sharedKeyBytes]), l.limit, l.burst)
}

const sharedKeyBytes = 16
