package transport

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/org/zscalermcp/auth"
)

// An Endpoint serves one [mcp.Server] over HTTP and stdio. It is safe for concurrent use.
type Endpoint struct {
	cfg      Config
	log      *slog.Logger
	chain    http.Handler // authentication, then admit
	modern   http.Handler // protocol 2026-07-28 and newer, behind the bridge
	legacy   http.Handler // older protocols, behind the bridge
	bodies   bodyPool
	work     work
	sessions sessions

	draining context.Context // ended by Drain
	drain    context.CancelFunc
}

// New returns an endpoint for cfg.Server and installs its receiving middleware there; use a server
// for one endpoint only. All mistakes in cfg come back in one error. New starts no goroutine.
func New(cfg Config) (*Endpoint, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg.setDefaults()
	e := &Endpoint{
		cfg:      cfg,
		log:      cfg.Logger,
		sessions: sessions{max: cfg.MaxSessions, maxEach: cfg.MaxSessionsPerPrincipal},
	}
	e.draining, e.drain = context.WithCancel(context.Background())
	e.modern, e.legacy = e.eras()
	a := cfg.Auth
	if a == nil {
		a = auth.AuthenticatorFunc(anonymous)
	}
	e.chain = auth.Middleware(a, auth.MiddlewareConfig{Logger: cfg.Logger})(http.HandlerFunc(e.admit))
	cfg.Server.AddReceivingMiddleware(e.receive)
	return e, nil
}

var anonymousPrincipal = &auth.Principal{Issuer: "none", Subject: "anonymous", Method: "none"}

func anonymous(*http.Request) (*auth.Principal, error) { return anonymousPrincipal, nil }

// ServeHTTP answers an MCP request, on whatever path it is mounted, authentication included.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.work.enter()
	defer e.work.leave()
	if r.Method != http.MethodPost && e.draining.Err() != nil {
		refuseShutdown.write(w, nil)
		return
	}
	if e.rebound(r) {
		refuseHost.write(w, nil)
		return
	}
	e.chain.ServeHTTP(w, r)
}
