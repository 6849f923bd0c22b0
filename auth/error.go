package auth

import (
	"errors"
	"fmt"
	"time"
)

// ErrNotMine is returned by an [Authenticator] for a request that bears no credential of its kind.
var ErrNotMine = errors.New("auth: no credential of this kind in the request")

// An Error is a refusal: what the caller is told, and apart from it what the log is told.
type Error struct {
	Status      int           // HTTP status: 400, 401, 403, 429 or 503; any other is answered as 500
	Code        string        // OAuth error code such as "invalid_token" (RFC 6750 section 3.1); "" when no credential was presented
	Description string        // fixed public text; never holds anything of the request, a key or an upstream answer
	Scopes      []string      // scopes that the operation needs, for insufficient_scope
	RetryAfter  time.Duration // sent as Retry-After, rounded up to seconds, when positive
	Operation   string        // what was asked for, such as the name of a tool; for the event and the log only
	Err         error         // cause, for the log only
}

// Error returns the public text and the cause; it is for logs, not for callers.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("auth: %s: %v", e.Description, e.Err)
	}
	return "auth: " + e.Description
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
