package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"
)

// A MiddlewareConfig changes [Middleware]. The zero value has the defaults.
type MiddlewareConfig struct {
	// Logger is told of refusals, and at debug level of admissions and of requests without any credential, since every client begins with
	// one. It never sees a credential. Nil means slog.Default().
	Logger *slog.Logger
	// Audit gets an event for every refusal and admission, up to a rate that keeps floods from filling a disk: 1000 admissions a
	// second, and 5 refusals of each reason, after bursts of 5000 and 100. It is called in
	// the request's goroutine, must be safe for concurrent use, and should be quick. Nil: none but the log's.
	Audit   func(context.Context, Event)
	Proxies Proxies // that are believed about the address of a caller, for events
}

// Middleware lets only requests pass whose caller a knows. The body is not read before that, and
// the credential comes from exactly one of Authorization, X-Api-Key and the X-Zscaler-Client pair:
// two are refused with 400 (RFC 6750 section 3.1).
//
// The next handler gets a copy of the request with the caller in its context, see
// [PrincipalFromContext], and without Authorization, Proxy-Authorization, X-Api-Key and X-Zscaler
// headers. Cookies stay: they are not credentials here, and may be the host's. A refusal is a JSON
// object with error_description and, but for requests without a credential, error, both fixed texts; its challenges are
// those of a where a is a [Challenger]. Every answer names the request in X-Request-Id, see [RequestID]. An authenticator that
// panics, or returns neither principal nor error, is answered with 500. a must not be nil.
func Middleware(a Authenticator, cfg MiddlewareConfig) func(http.Handler) http.Handler {
	audit := newAuditor(cfg)
	return func(next http.Handler) http.Handler {
		return &gate{authenticator: a, headers: headersOf(a), next: next, audit: audit}
	}
}

type gate struct {
	authenticator Authenticator
	headers       headerSet
	next          http.Handler
	audit         *auditor
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = withoutHopByHop(r)
	now := time.Now()
	ctx := &requestContext{Context: r.Context(), id: [1]string{NewRequestID()}, audit: g.audit, request: r}
	w.Header()[requestIDHeader] = ctx.id[:]
	p, refusal := g.judge(r, now)
	if refusal != nil {
		g.audit.refused(r, g.authenticator, nil, refusal, ctx.id[0], now)
		refuse(w, r, g.authenticator, refusal)
		return
	}
	g.audit.admitted(r, p, ctx.id[0], now)
	ctx.principal = p
	r = r.WithContext(ctx)
	r.Header = withoutCredentials(r.Header)
	g.next.ServeHTTP(w, r)
}

// judge returns the caller, or what to answer.
func (g *gate) judge(r *http.Request, now time.Time) (*Principal, *Error) {
	c, refusal := g.headers.find(r.Header)
	if refusal != nil {
		return nil, refusal
	}
	p := remembered(g.authenticator, c, now)
	if p == nil {
		if refusal := c.malformed(); refusal != nil {
			return nil, refusal
		}
		var err error
		if p, err = g.authenticate(r, c, now); err != nil {
			return nil, g.explained(refusalFor(err, c.presented()))
		}
	}
	if p == nil || p.Subject == "" {
		return nil, internal(errors.New("the authenticator returned no principal, or one without subject"))
	}
	if !p.Expires.IsZero() && !now.Before(p.Expires) {
		return nil, refusalFor(invalidCredential(fmt.Errorf("the principal %w", errExpired)), c.presented())
	}
	return p, nil
}

// remembered returns the caller of a credential that a knows to be good, byte for byte, so that its form need not be
// looked at again; else nil.
func remembered(a Authenticator, c credential, now time.Time) *Principal {
	if m, ok := a.(interface {
		remembered(credential, time.Time) *Principal
	}); ok {
		return m.remembered(c, now)
	}
	return nil
}

// explained adds how to authenticate to the answer to a request that presents no credential, or one of another kind, where
// the authenticator says it.
func (g *gate) explained(e *Error) *Error {
	usage := usageOf(g.authenticator)
	if usage == "" || e.Status != http.StatusUnauthorized || e.Code != "" && !errors.Is(e.Err, ErrNotMine) {
		return e
	}
	told := *e
	told.Description += " " + usage
	return &told
}

// authenticate turns a panic into an error. Only a runtime error's text is kept: any other value may
// hold the credential.
func (g *gate) authenticate(r *http.Request, c credential, now time.Time) (p *Principal, err error) {
	defer func() {
		if v := recover(); v != nil {
			p, err = nil, fmt.Errorf("panic: %T\n%s", v, debug.Stack())
			if re, ok := v.(runtime.Error); ok {
				err = fmt.Errorf("%w\n%s", re, debug.Stack())
			}
		}
	}()
	return ask(g.authenticator, r, c, now)
}

var errExpired = errors.New("has expired")

// invalidCredential is the one refusal of a credential that is wrong, whatever is wrong with it.
func invalidCredential(cause error) *Error {
	return &Error{Status: http.StatusUnauthorized, Code: "invalid_token",
		Description: "The credential is invalid or has expired.", Err: cause}
}

func internal(cause error) *Error {
	return &Error{Status: http.StatusInternalServerError, Code: "server_error",
		Description: "The request could not be authenticated because of an internal error.", Err: cause}
}

// refusalFor says what to answer to an authenticator's error.
func refusalFor(err error, presented bool) *Error {
	var e *Error
	switch {
	case errors.As(err, &e) && e == nil:
		return internal(errors.New("the authenticator returned a nil *auth.Error"))
	case errors.As(err, &e):
		return checked(e, presented)
	case errors.Is(err, errForeign):
		return invalidCredential(err)
	case errors.Is(err, ErrNotMine) && presented:
		return &Error{Status: http.StatusUnauthorized, Code: "invalid_token",
			Description: "The credential is not of a kind that is accepted here.", Err: err}
	case errors.Is(err, ErrNotMine):
		return &Error{Status: http.StatusUnauthorized, Description: "Authentication is required.", Err: err}
	}
	return internal(err)
}

// checked returns e if it may be answered as it is. invalid_token needs a token (RFC 6750 section 3.1).
func checked(e *Error, presented bool) *Error {
	switch e.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden,
		http.StatusTooManyRequests, http.StatusServiceUnavailable:
	default:
		return internal(fmt.Errorf("the authenticator returned status %d: %w", e.Status, e))
	}
	if !presented && e.Code == "invalid_token" { // it has found a credential where we do not look
		bare := *e
		bare.Code, bare.Err = "", &foundElsewhere{e.Err}
		return &bare
	}
	return e
}

// A foundElsewhere is the cause of a refusal of a credential in another place than the headers that are known here, such as a
// header of the host's own.
type foundElsewhere struct{ err error }

func (f *foundElsewhere) Error() string { return fmt.Sprint(f.err) }

func (f *foundElsewhere) Unwrap() error { return f.err }
