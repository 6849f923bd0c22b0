package oidcproxy

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/org/zscalermcp/auth"
)

// An AdminConfig is the argument of [Provider.AdminHandler].
type AdminConfig struct {
	// Authorize says who the administrator is that makes a request, or refuses the request by returning an error, which is logged and not shown. It is asked for
	// each request, before anything of it is read but the head, and must be safe for concurrent use. The name must not be empty: audit events have it as By.
	// An error that wraps [ErrTryAgain] is answered with 503, any other with 403.
	Authorize func(r *http.Request) (name string, err error)
}

// AdminHandler returns a handler by which administrators list and end grants over HTTP, as an [Administrator] does. Whoever may use it can see who uses what, and
// sign everybody out. It is not one of [Provider.Routes]: the host mounts it, with [http.StripPrefix], where only administrators get, such as on a listener of
// its own, and never beside the public endpoints with nothing but cfg.Authorize before it. It does not throttle.
//
//	GET    /grants       a GrantPage; parameters user_issuer and user_subject, client, limit, cursor (see GrantFilter)
//	DELETE /grants/{id}  ends one grant
//	POST   /grants/end   ends the grants of {"user": {"issuer": "…", "subject": "…"}}, of {"client": "…"}, or of {"all": true}
//
// Ending answers {"ended": 3}, and so does ending again, with 0. Where the store cannot be asked, or the time of a request (25 seconds) is not enough, the answer
// is 503 with Retry-After, and ended says how far it went: the same request then goes on. Requests of pages of other origins are refused, reading ones too
// (Sec-Fetch-Site, or an Origin that is not the Host), and no CORS header is ever sent.
func (p *Provider) AdminHandler(cfg AdminConfig) (http.Handler, error) {
	if cfg.Authorize == nil {
		return nil, errors.New("oidcproxy: AdminConfig.Authorize is nil: give it, so that nobody but administrators can see and end grants")
	}
	return &adminHandler{p: p, authorize: cfg.Authorize, origins: http.NewCrossOriginProtection()}, nil
}

type adminHandler struct {
	p         *Provider
	authorize func(r *http.Request) (string, error)
	origins   *http.CrossOriginProtection
}

// Bounds of administrators' requests.
const (
	maxAdminBody = 16 << 10
	adminTime    = 25 * time.Second
)

var (
	errNoAdmin     = &oauthError{status: http.StatusForbidden, code: "access_denied", description: "You may not administer grants here."}
	errCrossSite   = &oauthError{status: http.StatusForbidden, code: "access_denied", description: "Requests of pages of other origins are refused."}
	errNoResource  = &oauthError{status: http.StatusNotFound, code: "not_found", description: "There are /grants, /grants/end and /grants/{id}."}
	errNoMethod    = &oauthError{status: http.StatusMethodNotAllowed, code: "invalid_request"}
	errNoName      = errors.New("AdminConfig.Authorize returned no name")
	errUnfinished  = errors.New("the time of a request is over, and some grants are left")
	errNoSelection = errInvalidRequest.because(`The body must be one of {"user": {"issuer": "…", "subject": "…"}}, {"client": "…"} and {"all": true}.`)
)

// ServeHTTP implements [http.Handler].
func (h *adminHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(auth.ContextWithRequestID(r.Context(), auth.NewRequestID()), adminTime)
	defer cancel()
	r = r.WithContext(ctx)
	header := w.Header()
	header.Set("X-Request-Id", auth.RequestID(ctx))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	defer h.p.recovered(w, r, func(w http.ResponseWriter) { errInternal.write(w) })
	if e := h.serve(w, r); e != nil {
		h.p.refused(r, e)
		e.write(w)
	}
}

func (h *adminHandler) serve(w http.ResponseWriter, r *http.Request) *oauthError {
	asChange := r.WithContext(r.Context())
	asChange.Method = http.MethodPost // else who reads is not asked where from
	if err := h.origins.Check(asChange); err != nil {
		return errCrossSite.from(err)
	}
	if len(r.RequestURI) > maxQuery {
		return errURITooLong
	}
	name, err := h.authorize(r)
	switch {
	case errors.Is(err, ErrTryAgain):
		return errTemporary.from(err)
	case err != nil:
		return errNoAdmin.from(err)
	case name == "":
		return errNoAdmin.from(errNoName)
	}
	a := h.p.Administrator(name)
	a.r = r
	return a.route(w, r)
}

// route finds what a request is for. Grants have ids that are longer than any other name here.
func (a *Administrator) route(w http.ResponseWriter, r *http.Request) *oauthError {
	method, act := http.MethodGet, a.answerList
	switch id, below := strings.CutPrefix(r.URL.Path, "/grants/"); {
	case r.URL.Path == "/grants":
	case below && id == "end":
		method, act = http.MethodPost, a.answerEnd
	case below && isGrantKey(id):
		method, act = http.MethodDelete, a.answerDelete
	default:
		return errNoResource
	}
	if r.Method != method {
		w.Header().Set("Allow", method)
		return errNoMethod.because("Use " + method + ".")
	}
	return act(w, r)
}

func (a *Administrator) answerList(w http.ResponseWriter, r *http.Request) *oauthError {
	filter, e := parseGrantFilter(r.URL.RawQuery)
	if e != nil {
		return e
	}
	page, err := a.Grants(r.Context(), filter)
	switch {
	case errors.Is(err, ErrSelection):
		return errBadFilter.from(err)
	case err != nil:
		return errTemporary.from(err)
	}
	writeJSON(w, http.StatusOK, page)
	return nil
}

func (a *Administrator) answerDelete(w http.ResponseWriter, r *http.Request) *oauthError {
	if r.URL.RawQuery != "" {
		return errNoParameters
	}
	ended, err := a.EndGrant(r.Context(), strings.TrimPrefix(r.URL.Path, "/grants/"))
	a.answerEnded(w, r, ended, err)
	return nil
}

func (a *Administrator) answerEnd(w http.ResponseWriter, r *http.Request) *oauthError {
	s, e := readSelection(w, r)
	if e != nil {
		return e
	}
	ended, err := a.endSelected(r.Context(), s)
	a.answerEnded(w, r, ended, err)
	return nil
}

// answerEnded says how many grants have ended, whatever has become of the others.
func (a *Administrator) answerEnded(w http.ResponseWriter, r *http.Request, ended int, err error) {
	if err == nil {
		writeJSON(w, http.StatusOK, map[string]int{"ended": ended})
		return
	}
	if errors.Is(r.Context().Err(), context.DeadlineExceeded) {
		err = errors.Join(errUnfinished, err)
	}
	e := errTemporary.from(err)
	a.p.refused(r, e)
	e.setRetryAfter(w)
	writeJSON(w, e.status, map[string]any{"error": e.code, "error_description": "Some grants could not be ended; send the request again.", "ended": ended})
}
