package oidcproxy

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/flood"
	"github.com/org/zscalermcp/internal/lexical"
)

// Names of the events of this package ([auth.Event.Name]). They are stable.
const (
	EventRegistered        = "oauth.registered"        // a client has registered
	EventClientChanged     = "oauth.client_changed"    // the metadata document of a client says something else than before
	EventAuthorizeRefused  = "oauth.authorize_refused" // an authorization request was answered with an error
	EventConsentShown      = "oauth.consent_shown"     // a user was asked
	EventConsentApproved   = "oauth.consent_approved"  // with the reason "remembered" where the user is not to be asked again
	EventConsentDenied     = "oauth.consent_denied"
	EventConsentRemembered = "oauth.consent_remembered" // a user was not asked, since an approval is remembered
	EventAccountShown      = "oauth.account_shown"      // a user who has signed in was asked whether it is they
	EventAccountRefused    = "oauth.account_refused"    // and said no: the reason is "cancel", or "other" for another account
	EventLogin             = "oauth.login"              // a user has signed in, and the client gets a code
	EventLoginFailed       = "oauth.login_failed"       // the reason is the error that the client gets
	EventTokenIssued       = "oauth.token_issued"       // a code was redeemed
	EventTokenRefreshed    = "oauth.token_refreshed"    // a refresh token was rotated
	EventRequestRefused    = "oauth.request_refused"    // a program's request was answered with an error
	EventPageRefused       = "oauth.page_refused"       // a user was shown an error page
	EventCodeBurnt         = "oauth.code_burnt"         // a code was presented by somebody whom it is not for
	EventCodeReplayed      = "oauth.code_replayed"      // a code came again, and the grant has ended
	EventRefreshReused     = "oauth.refresh_reused"     // a retired refresh token came again, and the grant has ended
	EventRevoked           = "oauth.revoked"            // the client has revoked a token
	EventGrantEnded        = "oauth.grant_ended"        // the identity provider or a rule no longer admits the user, or there were too many grants
	EventUnreadable        = "oauth.record_unreadable"  // a record in the store is of other keys, or was tampered with; it counts as absent
	EventThrottled         = "oauth.throttled"          // an address has used an endpoint too often
	EventAdminListed       = "oauth.admin_listed"       // an administrator (By) has seen a page of grants; the reason is that of EventAdminEnded
	EventAdminEnded        = "oauth.admin_ended"        // an administrator has ended a grant (Operation is its ID), chosen by the reason: "grant", "user", "client", or "all"
	EventAdminFailed       = "oauth.admin_failed"       // the store could not be asked to list or end grants for an administrator; the reason is that of EventAdminEnded
)

// Rates of the events that strangers can cause, for each name and reason: a flood of one kind is counted, not written, and hides no other.
const (
	refusalsPerSecond = 5
	refusalsAtOnce    = 100
	actsPerSecond     = 100 // of what takes a registration, or more
	actsAtOnce        = 1000
)

// An event is one of ours before it is told.
type event struct {
	name            string
	client          string // client id
	label           string // its fingerprint, where that is known only
	issuer, subject string
	reason          string
	operation       string
	status          int
	scopes          []string
	by              string // an administrator
	cause           error
}

// record tells an event of a request to log and sink.
func (p *Provider) record(r *http.Request, e event) {
	told := p.eventOf(e)
	told.ClientAddr = auth.ClientAddr(r, p.cfg.Proxies)
	p.emit(r.Context(), told, e)
}

// tell is record where there is no request.
func (p *Provider) tell(ctx context.Context, e event) { p.emit(ctx, p.eventOf(e), e) }

func (p *Provider) eventOf(e event) auth.Event {
	told := auth.Event{Time: p.now(), Name: e.name, Mode: Method, ClientID: e.label, Reason: e.reason, Operation: e.operation, Status: e.status, Scopes: e.scopes, By: lexical.Plain(e.by)}
	if e.client != "" {
		told.ClientID = fingerprint(e.client)
	}
	if e.subject != "" {
		told.Principal = (&auth.Principal{Issuer: e.issuer, Subject: e.subject}).Key()
		told.Subject = lexical.Plain(e.subject)
	}
	return told
}

func (p *Provider) emit(ctx context.Context, told auth.Event, e event) {
	ctx = context.WithoutCancel(ctx) // what has happened is told, whether the client still waits or not
	if gauge := p.gauge(e); gauge != nil {
		suppressed, ok := gauge.Pass(p.now())
		if !ok {
			return
		}
		told.Suppressed = suppressed
	}
	told.RequestID = auth.RequestID(ctx)
	attrs := told.LogValue().Group()
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", oneLine(e.cause)))
	}
	p.logger.LogAttrs(ctx, levelOf(e), e.name, attrs...)
	if p.cfg.Audit == nil {
		return
	}
	defer func() {
		if recover() != nil {
			p.logger.ErrorContext(ctx, "the audit sink has panicked", "event", e.name)
		}
	}()
	p.cfg.Audit(ctx, told)
}

// gauge is that of a kind of event that anybody can cause, nil for the others. There are few: their names and reasons are ours.
func (p *Provider) gauge(e event) *flood.Gauge {
	perSecond, atOnce := refusalsPerSecond, refusalsAtOnce
	switch e.name {
	case EventRequestRefused, EventPageRefused, EventAuthorizeRefused, EventThrottled:
	case EventRegistered, EventConsentShown, EventConsentApproved, EventConsentDenied, EventConsentRemembered, EventLoginFailed:
		perSecond, atOnce = actsPerSecond, actsAtOnce
	default:
		return nil
	}
	kind := e.name + " " + e.reason
	if e.status >= http.StatusInternalServerError { // what others cause must not hide trouble of ours
		kind += " trouble"
	}
	if known, ok := p.gauges.Load(kind); ok {
		return known.(*flood.Gauge)
	}
	known, _ := p.gauges.LoadOrStore(kind, flood.NewGauge(float64(perSecond), atOnce))
	return known.(*flood.Gauge)
}

func levelOf(e event) slog.Level {
	switch e.name {
	case EventCodeReplayed, EventRefreshReused, EventCodeBurnt, EventUnreadable, EventAdminFailed:
		return slog.LevelWarn
	case EventLoginFailed:
		if e.reason != "access_denied" { // it concerns every user, as long as it lasts
			return slog.LevelWarn
		}
	case EventPageRefused, EventRequestRefused: // trouble of ours is told louder than mistakes of theirs
		if e.status >= http.StatusInternalServerError {
			return slog.LevelWarn
		}
	case EventConsentShown, EventAccountShown, EventThrottled, EventAuthorizeRefused:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// refused tells why a program was refused.
func (p *Provider) refused(r *http.Request, e *oauthError) {
	p.record(r, event{name: EventRequestRefused, client: e.client, reason: e.code, operation: r.URL.Path, status: e.status, cause: e.cause})
}

// oneLine is the text of an error without line breaks and control characters.
func oneLine(err error) string {
	if err == nil {
		return ""
	}
	text := []rune(err.Error())
	for i, c := range text {
		if c < ' ' || c == 0x7f {
			text[i] = ' '
		}
	}
	return string(text[:min(len(text), 1024)])
}
