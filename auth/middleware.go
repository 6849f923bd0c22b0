package auth

import (
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
	Logger *slog.Logger // told of every refusal, never of a credential; nil means slog.Default()
}

// Middleware lets only requests pass whose caller a knows. The body is not read before that, and
// the credential comes from exactly one of Authorization, X-Api-Key and the X-Zscaler-Client pair:
// two are refused with 400 (RFC 6750 section 3.1).
//
// The next handler gets a copy of the request with the caller in its context, see
// [PrincipalFromContext], and without Authorization, Proxy-Authorization, X-Api-Key and X-Zscaler
// headers. Cookies stay: they are not credentials here, and may be the host's. A refusal is a JSON
// object with error and error_description, both fixed texts; its challenges are those of a
// where a is a [Challenger].
func Middleware(a Authenticator, cfg MiddlewareConfig) func(http.Handler) http.Handler {
	log := cfg.Logger
	if log == nil {
		log = slog.Default()
	}
	return func(next http.Handler) http.Handler {
		return &gate{authenticator: a, headers: headersOf(a), next: next, log: log}
	}
}

type gate struct {
	authenticator Authenticator
	headers       headerSet
	next          http.Handler
	log           *slog.Logger
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = withoutHopByHop(r)
	p, refusal := g.judge(r)
	if refusal != nil {
		g.logRefusal(r, refusal)
		refuse(w, g.authenticator, refusal)
		return
	}
	r = r.WithContext(ContextWithPrincipal(r.Context(), p))
	r.Header = withoutCredentials(r.Header)
	g.next.ServeHTTP(w, r)
}

// judge returns the caller, or what to answer.
func (g *gate) judge(r *http.Request) (*Principal, *Error) {
	cred, malformed := g.headers.read(r.Header)
	if malformed != nil {
		return nil, malformed
	}
	p, err := g.authenticate(r)
	if err != nil {
		return nil, refusalFor(err, cred.presented())
	}
	if p == nil || p.Subject == "" {
		return nil, internal(errors.New("the authenticator returned no principal, or one without subject"))
	}
	if !p.Expires.IsZero() && !time.Now().Before(p.Expires) {
		return nil, refusalFor(invalidCredential(errors.New("the principal has expired")), cred.presented())
	}
	return p, nil
}

// authenticate turns a panic into an error. Only a runtime error's text is kept: any other value may
// hold the credential.
func (g *gate) authenticate(r *http.Request) (p *Principal, err error) {
	defer func() {
		if v := recover(); v != nil {
			p, err = nil, fmt.Errorf("panic: %T\n%s", v, debug.Stack())
			if re, ok := v.(runtime.Error); ok {
				err = fmt.Errorf("%w\n%s", re, debug.Stack())
			}
		}
	}()
	return g.authenticator.Authenticate(r)
}

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
	case errors.Is(err, ErrNotMine) && presented:
		return invalidCredential(err)
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
	if !presented && e.Code == "invalid_token" {
		bare := *e
		bare.Code = ""
		return &bare
	}
	return e
}

func (g *gate) logRefusal(r *http.Request, e *Error) {
	level := slog.LevelInfo
	switch {
	case e.Status == http.StatusInternalServerError:
		level = slog.LevelError
	case e.Status == http.StatusServiceUnavailable:
		level = slog.LevelWarn
	case e.Code == "":
		level = slog.LevelDebug // how every client begins
	}
	g.log.LogAttrs(r.Context(), level, "request refused", slog.Int("status", e.Status),
		slog.String("code", e.Code), slog.String("description", e.Description), slog.Any("cause", e.Err))
}
