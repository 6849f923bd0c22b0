package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/flood"
	"github.com/org/zscalermcp/internal/lexical"
)

// An auditor writes events to the log and the sink, up to a rate for admissions and one for each reason of refusals: a flood of one kind is
// counted, not written, and hides no other.
type auditor struct {
	log     *slog.Logger
	sink    func(context.Context, Event)
	proxies Proxies

	admissions *flood.Gauge
	refusals   map[string]*flood.Gauge // by reason
}

// Rates of events.
const (
	refusalsPerSecond   = 5 // of each reason
	refusalsAtOnce      = 100
	admissionsPerSecond = 1000
	admissionsAtOnce    = 5000
)

func newAuditor(cfg MiddlewareConfig) *auditor {
	a := &auditor{log: cfg.Logger, sink: cfg.Audit, proxies: cfg.Proxies.clone(), refusals: map[string]*flood.Gauge{}}
	a.admissions = flood.NewGauge(admissionsPerSecond, admissionsAtOnce)
	for _, reason := range reasons {
		a.refusals[reason] = flood.NewGauge(refusalsPerSecond, refusalsAtOnce)
	}
	if a.log == nil {
		a.log = slog.Default()
	}
	return a
}

// admitted records that p was let through.
func (a *auditor) admitted(r *http.Request, p *Principal, id string, now time.Time) {
	ctx := r.Context()
	logs := a.log.Enabled(ctx, slog.LevelDebug)
	if !logs && a.sink == nil {
		return
	}
	suppressed, ok := a.admissions.Pass(now)
	if !ok {
		return
	}
	event := Event{
		Time: now, Name: EventAdmitted, Mode: p.Method, Principal: p.Key(), Subject: lexical.Plain(p.Subject), ClientID: lexical.Plain(p.ClientID),
		ClientAddr: ClientAddr(r, a.proxies), Reason: ReasonAdmitted, RequestID: id, Suppressed: suppressed,
	}
	if logs {
		a.log.LogAttrs(ctx, slog.LevelDebug, "request admitted", event.attrs()...)
	}
	a.tell(ctx, event)
}

// refused records a refusal; p is nil when nobody is known.
func (a *auditor) refused(r *http.Request, authenticator Authenticator, p *Principal, e *Error, id string, now time.Time) {
	reason := reasonOf(e)
	suppressed, ok := a.refusals[reason].Pass(now)
	if !ok {
		return
	}
	event := Event{
		Time: now, Name: EventRefused, Mode: decidedBy(authenticator, e), ClientAddr: ClientAddr(r, a.proxies), Status: e.Status,
		Reason: reason, Operation: lexical.Plain(e.Operation), Scopes: e.Scopes, RequestID: id, Suppressed: suppressed,
	}
	if p != nil {
		event.Mode, event.Principal, event.Subject, event.ClientID = p.Method, p.Key(), lexical.Plain(p.Subject), lexical.Plain(p.ClientID)
	}
	ctx := r.Context()
	attrs := event.attrs()
	if e.Code != "" {
		attrs = append(attrs, slog.String("code", e.Code))
	}
	attrs = append(attrs, slog.String("description", e.Description))
	if e.Err != nil {
		attrs = append(attrs, slog.String("cause", oneLine(e.Err)))
	}
	a.log.LogAttrs(ctx, levelOf(e.Status, reason), "request refused", attrs...)
	a.tell(ctx, event)
}

// decidedBy is the mode that refused, "" if none took the credential for its own.
func decidedBy(a Authenticator, e *Error) string {
	switch {
	case e == errSeveral, e == errMalformed, e == errEmptyToken, e == errTooLong, errors.Is(e.Err, ErrNotMine):
		return ""
	}
	return modeOf(a, e)
}

// tell gives the event to the sink. A panic there is the sink's own affair.
func (a *auditor) tell(ctx context.Context, event Event) {
	if a.sink == nil {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			a.log.ErrorContext(ctx, "the audit sink has panicked", "request_id", event.RequestID)
		}
	}()
	a.sink(ctx, event)
}

func levelOf(status int, reason string) slog.Level {
	switch {
	case status == http.StatusInternalServerError:
		return slog.LevelError
	case status == http.StatusServiceUnavailable:
		return slog.LevelWarn
	case reason == ReasonNoCredential:
		return slog.LevelDebug // how every client begins
	}
	return slog.LevelInfo
}

// oneLine is the text of err without the line breaks of joined errors.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
