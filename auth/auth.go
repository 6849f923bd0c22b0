package auth

import (
	"net/http"
	"time"
)

// An Authenticator finds out who sent a request. It must be safe for concurrent use.
//
// An implementation reads the credential from the request's headers only (never from the query, a
// cookie or the body, RFC 6750 section 5.3), and must not modify the request. authtest.TestAuthenticator checks
// an implementation.
type Authenticator interface {
	// Authenticate returns the caller behind r, or an [*Error] that says what to answer.
	// [ErrNotMine] means that r bears no credential of this kind. Any other error is answered
	// with 500 and logged.
	Authenticate(r *http.Request) (*Principal, error)
}

// A Challenger is an [Authenticator] that says which WWW-Authenticate values (RFC 9110 section
// 11.6.1) go with a refusal of r, whose credential may be gone by then. Without it a plain Bearer challenge is sent.
type Challenger interface {
	Challenges(r *http.Request, e *Error) []string
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

// A ResourceNamer is an [Authenticator] that knows for which resource it admits callers: the URL of the MCP endpoint
// (RFC 8707 section 2). The server is then served under its path. "" means that it knows none.
type ResourceNamer interface {
	Resource() string
}

// A HeaderReader is an [Authenticator] that reads its credential from some of the credential headers
// only: Authorization, X-Api-Key, and the pair X-Zscaler-Client-Id and X-Zscaler-Client-Secret. The
// others then count as absent, so that a platform in front may use them for itself; the next handler
// does not see them either. Without this interface, and where it names none of them, all are read. It adds no header:
// one that a host's own authenticator reads beside them is neither counted as a credential nor removed.
type HeaderReader interface {
	CredentialHeaders() []string
}

// A Reloader is an [Authenticator] that can read its files again. After an error it works as before.
type Reloader interface {
	Reload() error
}

// AuthenticatorFunc lets a function be an [Authenticator], for services that already know their
// caller (from a session, a client certificate, a gateway's signed header). The principals that it returns need an Issuer
// and a Subject, which together are their identity, and a Method.
type AuthenticatorFunc func(*http.Request) (*Principal, error)

// Authenticate calls f(r).
func (f AuthenticatorFunc) Authenticate(r *http.Request) (*Principal, error) { return f(r) }

// A mode is an [Authenticator] of this package: it is given the credential that the headers bear, so that they are read
// once for a request.
type mode interface {
	Authenticator
	judge(r *http.Request, c credential, now time.Time) (*Principal, error)
}

// judgeHeaders is Authenticate for a mode that reads the headers of set.
func judgeHeaders(m mode, set headerSet, r *http.Request) (*Principal, error) {
	c, refusal := set.read(r.Header)
	if refusal != nil {
		return nil, refusal
	}
	return m.judge(r, c, time.Now())
}

// ask has a judge r, whose credential is c.
func ask(a Authenticator, r *http.Request, c credential, now time.Time) (*Principal, error) {
	if m, ok := a.(mode); ok {
		return m.judge(r, c, now)
	}
	return a.Authenticate(r)
}
