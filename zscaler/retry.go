package zscaler

import (
	"context"
	"errors"
	"net/http"
	"time"
)

const (
	sessionPause = 2 * time.Second // before a call after a lost ZIA session
	maxLogins    = 3               // new tokens for one call after lost ZIA sessions
)

// retry says whether a call that failed n times may be sent again, and after which wait.
func retry(call *call, err error, n int) (time.Duration, bool) {
	if e := (*NetworkError)(nil); errors.As(err, &e) {
		return backoff(n), (!call.write || !e.Sent) && !errors.Is(err, context.Canceled)
	}
	e := (*APIError)(nil)
	if !errors.As(err, &e) || e.Status < 300 {
		return 0, false
	}
	switch e.Kind() {
	case KindRateLimit:
		if e.RetryAfter > 0 {
			return e.RetryAfter, true
		}
		return max(call.policy.wait429, backoff(n)), true
	case KindBusy:
		return max(e.RetryAfter, backoff(n)), true
	case KindUnavailable:
		return max(e.RetryAfter, backoff(n)), !call.write && passing(e.Status)
	}
	return 0, false
}

// passing reports the statuses that OneAPI documents as worth another try.
func passing(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// unauthorized returns the failure when the gateway or a service refused the token.
func unauthorized(err error) *APIError {
	e := (*APIError)(nil)
	if errors.As(err, &e) && e.Status == http.StatusUnauthorized {
		return e
	}
	return nil
}

// relogin says whether a call whose token was refused is sent again with a new one: once, and a few
// times where the service lost its session though the token is good.
func relogin(call *call, e *APIError, logins int) (time.Duration, bool) {
	if call.policy.sessions && sessionLost(e) {
		return sessionPause, logins < maxLogins
	}
	return 0, logins == 0
}
