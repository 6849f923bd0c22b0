package zscaler

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A Kind is the class of an [APIError], by which a caller decides what to do.
type Kind string

// The classes of failures.
const (
	KindCredentials Kind = "credentials" // the API client or its token is refused
	KindPermission  Kind = "permission"  // role, licence or maintenance mode forbids it
	KindNotFound    Kind = "not_found"   // no such object
	KindInvalid     Kind = "invalid"     // the request is at fault
	KindConflict    Kind = "conflict"    // the state of the tenant forbids it
	KindBusy        Kind = "busy"        // edit lock or concurrent change: nothing was done
	KindRateLimit   Kind = "rate_limit"  // too many calls: nothing was done
	KindUnavailable Kind = "unavailable" // the service failed; a write may have been done
	KindBadAnswer   Kind = "bad_answer"  // the answer cannot be used; a write may have been done
)

// An APIError is a failure that the tenant or the token endpoint answered with. Its text is meant for
// the person or model that made the call: what failed and what to do next. It never holds a
// credential or a page of HTML, nor the request's query unless the service quotes it.
type APIError struct {
	Service    Service
	Method     string
	Path       string // as in the request, placeholders not replaced
	Write      bool   // the call may change the tenant
	Status     int    // HTTP status; 2xx when the body reports the failure
	Code       string // the service's own code or id, "" when it sent none
	Message    string // the service's own words, at most 500 bytes
	Params     []string
	RequestID  string          // x-oneapi-request-id, for Zscaler support
	RetryAfter time.Duration   // wait that the service asked for, 0 when it named none
	Attempts   int             // how often the request was sent
	Data       json.RawMessage // partial GraphQL data beside the errors, else nil

	kind   Kind // set where the status does not tell
	object bool // the answer was a JSON object
	page   bool // the answer was a web page
}

// Kind returns the class of the failure.
func (e *APIError) Kind() Kind {
	if e.kind != "" {
		return e.kind
	}
	p := policyOf(e.Service)
	switch {
	case p.busy != nil && p.busy(e):
		return KindBusy
	case e.Status == http.StatusUnauthorized:
		return KindCredentials
	case e.Status == http.StatusForbidden, e.Code == "FORBIDDEN", e.Code == "NOT_SUBSCRIBED":
		return KindPermission
	case e.Status == http.StatusNotFound, e.Status == http.StatusGone, e.Code == "resource.not.found":
		return KindNotFound
	case e.Status == http.StatusConflict, e.Status == http.StatusPreconditionFailed, e.Code == "DUPLICATE_ITEM":
		return KindConflict
	case e.Status == http.StatusTooManyRequests:
		return KindRateLimit
	case e.Status == http.StatusRequestTimeout, e.Status >= 500:
		return KindUnavailable
	case e.Status >= 300 && e.Status < 400:
		return KindBadAnswer
	}
	return KindInvalid
}

// Temporary reports whether the same call may succeed later without any change.
func (e *APIError) Temporary() bool {
	switch e.Kind() {
	case KindBusy, KindRateLimit, KindUnavailable:
		return true
	}
	return false
}

// Error says what failed, in the service's words where it has any, and what to do next.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s: status %d", e.Service.name(), e.Method, e.Path, e.Status)
	for _, part := range []string{e.Code, e.Message} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	if len(e.Params) > 0 {
		b.WriteString(" (" + strings.Join(e.Params, ", ") + ")")
	}
	if e.RequestID != "" {
		b.WriteString(" [Zscaler request id " + e.RequestID + "]")
	}
	return b.String() + ". " + e.Advice()
}

// name returns what errors call the service.
func (s Service) name() string {
	if s == "" {
		return "gateway"
	}
	return string(s)
}

// A NetworkError is a call that got no usable answer: name, connection, time or body failed.
type NetworkError struct {
	Service Service
	Method  string
	Path    string
	Write   bool // the call may change the tenant
	Host    string
	// Sent is true when the request may have reached the service, so that a write may have been done.
	Sent     bool
	Attempts int
	Err      error // without URL, so without query
}

// Error says what failed and what to do next.
func (e *NetworkError) Error() string {
	return fmt.Sprintf("%s: %s %s: no answer from %s: %s. %s",
		e.Service.name(), e.Method, e.Path, e.Host, clean(fmt.Sprint(e.Err)), e.Advice())
}

// Unwrap returns the cause, such as [context.DeadlineExceeded].
func (e *NetworkError) Unwrap() error { return e.Err }

// Temporary reports true: networks come back.
func (e *NetworkError) Temporary() bool { return true }

// A LimitError is a call that was not sent, because this client has used up the service's request
// rate for longer than it is willing to wait.
type LimitError struct {
	Service    Service
	Method     string
	Path       string
	RetryAfter time.Duration
}

// Error says when to try again.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s: %s %s: not sent, too many calls of this service. %s", e.Service.name(), e.Method, e.Path, e.Advice())
}

// Temporary reports true.
func (e *LimitError) Temporary() bool { return true }

// A ConfigError is a mistake in a [Config], or a setting that a call needs and the configuration lacks.
type ConfigError struct {
	Field   string // of Config, such as Credentials.VanityDomain
	Env     string // environment variable that conventionally sets it, "" when there is none
	Problem string
}

// Error names the field, the variable and what to do.
func (e *ConfigError) Error() string {
	name := e.Field
	if e.Env != "" {
		name += " (" + e.Env + ")"
	}
	return "zscaler: " + name + ": " + e.Problem
}

// errClosed answers calls after Close.
var errClosed = errors.New("zscaler: the client is closed")
