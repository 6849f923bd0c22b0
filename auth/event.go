package auth

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Names of events. They are stable.
const (
	EventAdmitted = "auth.admitted" // a request was let through to the endpoint
	EventRefused  = "auth.refused"  // a request was refused, for its credential or for what it asked
)

// An Event is one decision about a request, for an audit log. It never holds a credential. A request that is let through and then refused
// for what it asks has two, under one RequestID.
type Event struct {
	Time       time.Time
	Name       string     // EventAdmitted or EventRefused
	Mode       string     // the mode that decided, such as "jwt"; "" when no mode took the credential for its own
	Principal  string     // Principal.Key of the caller, "" for nobody
	Subject    string     // the caller's identifier, "" for nobody
	ClientID   string     // the caller's client, if known
	ClientAddr netip.Addr // see [ClientAddr]; the zero Addr if there is none
	Status     int        // HTTP status of a refusal, else 0
	Reason     string     // ReasonAdmitted, or why not: one of the other reasons
	Operation  string     // what was refused, such as the name of a tool; "" where it is the request as a whole
	Scopes     []string   // scopes that were missing
	By         string     // the administrator who did it to the principal; "" where nobody else acted
	RequestID  string     // names the request; answers carry it as X-Request-Id
	Suppressed int        // events of this reason before this one that a flood has kept from being written
}

// Reasons of admissions and refusals. They are stable.
const (
	ReasonAdmitted           = "admitted"
	ReasonNoCredential       = "no_credential"
	ReasonSeveralCredentials = "several_credentials"
	ReasonMalformed          = "malformed"
	ReasonTooLong            = "too_long"
	ReasonInvalid            = "invalid_credential"
	ReasonExpired            = "expired"
	ReasonInsufficientScope  = "insufficient_scope"
	ReasonForbidden          = "forbidden"
	ReasonThrottled          = "throttled"
	ReasonUnavailable        = "unavailable"
	ReasonInternal           = "internal"
	ReasonSource             = "source" // the address is not one of those that may come
	ReasonHost               = "host"   // the request names another host
	ReasonOrigin             = "origin" // a page of another origin has sent it
)

// reasons are those of refusals.
var reasons = [...]string{
	ReasonNoCredential, ReasonSeveralCredentials, ReasonMalformed, ReasonTooLong, ReasonInvalid, ReasonExpired, ReasonInsufficientScope,
	ReasonForbidden, ReasonThrottled, ReasonUnavailable, ReasonInternal,
}

// reasonOf is the reason of a refusal.
func reasonOf(e *Error) string {
	switch {
	case e == errSeveral:
		return ReasonSeveralCredentials
	case e == errTooLong:
		return ReasonTooLong
	case e == errEmptyToken, e.Status == http.StatusBadRequest:
		return ReasonMalformed
	case e.Status == http.StatusTooManyRequests:
		return ReasonThrottled
	case e.Status == http.StatusServiceUnavailable:
		return ReasonUnavailable
	case e.Status == http.StatusForbidden && e.Code == "insufficient_scope":
		return ReasonInsufficientScope
	case e.Status == http.StatusForbidden:
		return ReasonForbidden
	case e.Status != http.StatusUnauthorized:
		return ReasonInternal
	case e.Code == "" && !errors.As(e.Err, new(*foundElsewhere)):
		return ReasonNoCredential
	case errors.Is(e.Err, jwt.ErrTokenExpired), errors.Is(e.Err, errExpired):
		return ReasonExpired
	}
	return ReasonInvalid
}

// LogValue groups the members for a structured log.
func (e Event) LogValue() slog.Value { return slog.GroupValue(e.attrs()...) }

// attrs are the members that are not empty.
func (e Event) attrs() []slog.Attr {
	attrs := make([]slog.Attr, 0, 16)
	add := func(name, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(name, value))
		}
	}
	add("event", e.Name)
	add("mode", e.Mode)
	add("principal", e.Principal)
	add("subject", e.Subject)
	add("client_id", e.ClientID)
	if e.ClientAddr.IsValid() {
		add("client_addr", e.ClientAddr.String())
	}
	add("reason", e.Reason)
	add("operation", e.Operation)
	add("scopes", strings.Join(e.Scopes, " "))
	add("by", e.By)
	add("request_id", e.RequestID)
	if e.Status != 0 {
		attrs = append(attrs, slog.Int("status", e.Status))
	}
	if e.Suppressed > 0 {
		attrs = append(attrs, slog.Int("suppressed", e.Suppressed))
	}
	return attrs
}
