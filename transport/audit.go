package transport

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/flood"
)

// An auditor tells of requests that are refused before anybody asks who calls. A flood of one kind is counted, not told, and hides no other.
type auditor struct {
	sink   func(context.Context, auth.Event)
	log    *slog.Logger
	gauges map[string]*flood.Gauge // by reason
}

func newAuditor(cfg *Config) *auditor {
	const perSecond, atOnce = 5, 100 // as of refusals in package auth
	a := &auditor{sink: cfg.Audit, log: cfg.Logger, gauges: map[string]*flood.Gauge{}}
	for _, reason := range []string{auth.ReasonSource, auth.ReasonHost, auth.ReasonOrigin, auth.ReasonThrottled} {
		a.gauges[reason] = flood.NewGauge(perSecond, atOnce)
	}
	return a
}

func (a *auditor) refused(r *http.Request, from netip.Addr, refused *refusal) {
	if a.sink == nil {
		return
	}
	now := time.Now()
	suppressed, ok := a.gauges[refused.reason].Pass(now)
	if !ok {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			a.log.ErrorContext(r.Context(), "the audit sink has panicked")
		}
	}()
	a.sink(r.Context(), auth.Event{
		Time: now, Name: auth.EventRefused, ClientAddr: from, Status: refused.status, Reason: refused.reason, Suppressed: suppressed,
	})
}
