package zscalermcp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/org/zscalermcp/auth"
)

// ErrNoAuthentication is returned by [Server.Handler], [Server.Mount], [Server.Routes] and [Server.Run] when nothing says
// how callers over HTTP authenticate.
var ErrNoAuthentication = errors.New("zscalermcp: HTTP callers must authenticate: set " + authChoices + ", or pass WithAuth(authenticator)")

// authChoices are the ways to say in the environment how callers authenticate.
const authChoices = "ZSCALER_MCP_AUTH_MODE to api-key, jwt, zscaler, oidc or authorization-server, or only ZSCALER_MCP_AUTH_JWKS_URI (jwt), or only " +
	"ZSCALER_MCP_AUTH_API_KEY, ZSCALER_MCP_AUTH_API_KEY_FILE or ZSCALER_MCP_AUTH_API_KEYS_FILE (api-key; zscaler-mcp --generate-auth-token prints a key); to serve everyone who can reach the " +
	"endpoint, say so with ZSCALER_MCP_AUTH_ENABLED=false, ZSCALER_MCP_AUTH_MODE=none or WithoutAuth()"

// Handler returns one handler for everything: the MCP endpoint, the Authenticator's own endpoints, health
// (/health, /healthz, /ready), and JSON 404s for all else. It serves absolute paths: do not put it
// behind http.StripPrefix. It does not judge TLS; that is the host's.
func (s *Server) Handler() (http.Handler, error) {
	routes, err := s.Routes()
	if err != nil {
		return nil, err
	}
	more := []auth.Route{
		{Pattern: "/health", Handler: s.endpoint.Bounded(s.endpoint.Health())},
		{Pattern: "/healthz", Handler: s.endpoint.Bounded(s.endpoint.Health())},
		{Pattern: "/ready", Handler: s.ready()},
		{Pattern: "/", Handler: s.endpoint.Defended(http.HandlerFunc(notFound))},
	}
	if s.public.Path != "/" { // unknown paths below the endpoint say nothing to strangers
		more = append(more, auth.Route{Pattern: s.public.Path + "/", Handler: s.endpoint.Known(http.HandlerFunc(notFound))})
	}
	more = slices.DeleteFunc(more, func(r auth.Route) bool { // what the host has chosen wins
		return slices.ContainsFunc(routes, func(chosen auth.Route) bool { return chosen.Pattern == r.Pattern })
	})
	mux := http.NewServeMux()
	if err := register(mux, append(routes, more...), func() error { return nil }); err != nil {
		return nil, err
	}
	return s.endpoint.Bounded(mux), nil // what ServeMux answers by itself too, such as a path with two slashes
}

// Mount registers the patterns of [Server.Routes] on mux, which may have other routes, and no more. A
// pattern that conflicts with one of mux is an error that names it, and so is one of mux that takes requests
// away, such as "POST /token"; the patterns registered by then answer 404. Register the host's own routes first. Patterns for
// a host are seen if it is that of the public URL.
func (s *Server) Mount(mux *http.ServeMux) error {
	if mux == nil {
		return errors.New("zscalermcp: Mount: the mux is nil")
	}
	routes, err := s.Routes()
	if err != nil {
		return err
	}
	return register(mux, routes, func() error { return s.captured(mux, routes) })
}

// captured finds patterns of mux that ServeMux prefers to ours without a word, by method or host.
func (s *Server) captured(mux *http.ServeMux, routes []auth.Route) error {
	var errs []error
	for _, route := range routes {
		at := strings.TrimSuffix(route.Pattern, "{$}")
		if !strings.HasPrefix(at, "/") || strings.Contains(at, "{") { // of an Authenticator of the host's own
			continue
		}
		seen := map[string]bool{route.Pattern: true}
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodOptions, http.MethodHead} {
			_, pattern := mux.Handler(&http.Request{Method: method, Host: s.public.Host, URL: &url.URL{Path: at}})
			if !seen[pattern] {
				seen[pattern] = true
				errs = append(errs, fmt.Errorf("zscalermcp: the mux has %q, which takes requests for %s away: %s", pattern, route.Pattern, elsewhere))
			}
		}
	}
	return errors.Join(errs...)
}

const elsewhere = "give the endpoints another place (WithPublicURL, oidcproxy.Config.IssuerURL with a path), or the mux a different pattern"

// Routes returns the patterns of this server, in the syntax of [http.ServeMux], and their handlers: the MCP path with
// and without a slash at its end ("/{$}" means nothing below it), the Authenticator's own, and the path of [WithHealth].
// Other routers than ServeMux may need them rewritten.
func (s *Server) Routes() ([]auth.Route, error) {
	switch {
	case s.closed.Load():
		return nil, ErrClosed
	case s.cfg.authErr != nil: // New lets it pass where the environment asks for stdio
		return nil, fmt.Errorf("zscalermcp: HTTP callers must authenticate, and the configuration is wrong: %w", s.cfg.authErr)
	case s.cfg.auth == nil && !s.cfg.withoutAuth:
		return nil, ErrNoAuthentication
	}
	s.warn(context.Background())
	var routes []auth.Route
	if !s.cfg.sseOnly {
		routes = withSlash(s.public.Path, s.endpoint)
	}
	if s.sse.stream != "" {
		streamable := s.public.Path
		if s.cfg.sseOnly {
			streamable = ""
		}
		stream, messages := s.endpoint.SSE(s.sse.messages, streamable)
		routes = append(append(routes, withSlash(s.sse.stream, stream)...), withSlash(s.sse.messages, messages)...)
	}
	if s.cfg.healthPath != "" {
		routes = append(routes, auth.Route{Pattern: s.cfg.healthPath, Handler: s.ready()})
	}
	if r, ok := s.cfg.auth.(auth.Router); ok {
		for _, route := range r.Routes() {
			routes = append(routes, auth.Route{Pattern: route.Pattern, Handler: s.endpoint.Defended(route.Handler)})
		}
	}
	return routes, nil
}

// withSlash are the patterns of a path with and without a slash at its end.
func withSlash(at string, h http.Handler) []auth.Route {
	routes := []auth.Route{{Pattern: strings.TrimSuffix(at, "/") + "/{$}", Handler: h}}
	if at != "/" {
		routes = append(routes, auth.Route{Pattern: at, Handler: h})
	}
	return routes
}

// ssePaths are where the transport of protocol 2024-11-05 is served, if it is.
type ssePaths struct{ stream, messages string }

// check refuses paths that something else has.
func (p ssePaths) check(s *Server) error {
	for _, taken := range []string{s.public.Path, s.cfg.healthPath} {
		if at := strings.TrimSuffix(taken, "/"); at != "" && (at == p.messages || at == p.stream && !s.cfg.sseOnly) {
			return fmt.Errorf("the path %s is wanted by the transport of protocol 2024-11-05 (%s and %s) too: choose another public URL or health path", at, p.stream, p.messages)
		}
	}
	return nil
}

// ssePaths puts the stream at the public path where it is alone, else beside it.
func (s *Server) ssePaths() ssePaths {
	beside := strings.TrimSuffix(path.Dir(s.public.Path), "/")
	switch {
	case s.cfg.sseOnly:
		return ssePaths{s.public.Path, beside + "/messages"}
	case s.cfg.sse:
		return ssePaths{beside + "/sse", beside + "/messages"}
	}
	return ssePaths{}
}

// register adds all routes to mux. A mux can't forget a pattern, so the routes come alive only when
// the last one is in and check has found nothing.
func register(mux *http.ServeMux, routes []auth.Route, check func() error) (err error) {
	var alive atomic.Bool
	var pattern string
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("zscalermcp: cannot mount %q, which the mux has already, perhaps from an earlier Mount: %s: %v", pattern, elsewhere, reason)
		}
	}()
	for _, route := range routes {
		pattern = route.Pattern
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if !alive.Load() {
				notFound(w, r)
				return
			}
			route.Handler.ServeHTTP(w, r)
		})
	}
	if err := check(); err != nil {
		return err
	}
	alive.Store(true)
	return nil
}

// notFound answers clients that look for metadata too: they go on after a 404 that they can read, from a page of another origin too (R9).
func notFound(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if strings.HasPrefix(r.URL.Path, "/.well-known/") {
		h.Set("Access-Control-Allow-Origin", "*")
	}
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(`{"error":"not_found","error_description":"There is nothing at this path."}` + "\n"))
}
