package auth

import (
	"net/http"
)

// An Authenticator finds out who sent a request. It must be safe for concurrent use.
//
// An implementation reads the credential from the request's headers only (never from the query, a
// cookie or the body, RFC 6750 section 5.3), and must not modify the request.
type Authenticator interface {
	// Authenticate returns the caller behind r, or an [*Error] that says what to answer.
	// [ErrNotMine] means that r bears no credential of this kind. Any other error is answered
	// with 500 and logged.
	Authenticate(r *http.Request) (*Principal, error)
}

// A Challenger is an [Authenticator] that says which WWW-Authenticate values (RFC 9110 section
// 11.6.1) go with a refusal. Without it a plain Bearer challenge is sent.
type Challenger interface {
	Challenges(e *Error) []string
}

// A Router is an [Authenticator] with HTTP endpoints of its own, such as OAuth endpoints and
// metadata. The server mounts them without authentication.
type Router interface {
	Routes() []Route
}

// A Route is a [http.ServeMux] pattern with an absolute path, and its handler.
type Route struct {
	Pattern string
	Handler http.Handler
}

// AuthenticatorFunc lets a function be an [Authenticator], for services that already know their
// caller (from a session, a client certificate, a gateway's signed header).
type AuthenticatorFunc func(*http.Request) (*Principal, error)

// Authenticate calls f(r).
func (f AuthenticatorFunc) Authenticate(r *http.Request) (*Principal, error) { return f(r) }
