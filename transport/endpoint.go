package transport

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/ratelimit"
)

// An Endpoint serves one [mcp.Server] over HTTP and stdio. It is safe for concurrent use.
type Endpoint struct {
	cfg      Config
	log      *slog.Logger
	entry    http.Handler // everything, bounded
	checks   []check      // before authentication
	general  int          // so many of them concern Defended too
	hosts    *HostCheck   // the ones of checks
	origins  *OriginCheck
	audit    *auditor // of what they refuse
	auth     auth.Authenticator
	known    func(http.Handler) http.Handler // auth.Middleware: lets only known callers through
	modern   http.Handler                    // protocol 2026-07-28 and newer, behind the bridge
	legacy   http.Handler                    // older protocols, behind the bridge
	bodies   bodyPool
	work     work
	sessions sessions
	sse      sseSessions
	intakes  deadlines // of bodies
	writes   deadlines // of answers
	beats    deadlines // of streams that are quiet
	streams  quota     // GET and subscriptions/listen
	reads    quota     // POSTs whose body is being read
	calls    quota     // calls whose handler runs or whose answer is being sent
	rates    *ratelimit.Table[caller]

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
	e := &Endpoint{cfg: cfg, log: cfg.Logger, audit: newAuditor(&cfg)}
	if err := e.defend(); err != nil {
		return nil, err
	}
	e.limits()
	e.draining, e.drain = context.WithCancel(context.Background())
	e.modern, e.legacy = e.eras()
	a := cfg.Auth
	if a == nil {
		a = auth.AuthenticatorFunc(anonymous)
	}
	e.auth = a
	e.known = auth.Middleware(a, auth.MiddlewareConfig{Logger: cfg.Logger, Audit: cfg.Audit, Proxies: cfg.Proxies})
	e.entry = e.behind(e.dispatch)
	cfg.Server.AddReceivingMiddleware(e.receive)
	return e, nil
}

func (e *Endpoint) limits() {
	c := &e.cfg
	e.intakes = deadlines{limit: c.BodyTimeout, open: make(map[pending]time.Time)}
	e.writes = deadlines{limit: c.WriteTimeout, open: make(map[pending]time.Time)}
	e.beats = deadlines{limit: c.Heartbeat, slack: c.Heartbeat / 8, open: make(map[pending]time.Time)}
	e.sessions.quota = newQuota(c.MaxSessions, c.MaxSessionsPerPrincipal, "sessions", "end one with DELETE or wait until one times out", time.Minute)
	e.streams = newQuota(c.MaxSessions, c.MaxSessionsPerPrincipal, "streams", "end one first", time.Minute)
	e.reads = newQuota(c.MaxCalls, c.MaxCallsPerPrincipal, "messages that are still being sent", "send fewer at a time", 5*time.Second)
	e.rates = newCallerRates(c.PrincipalRate)
	e.calls = newQuota(c.MaxCalls, c.MaxCallsPerPrincipal, "calls in flight", "wait for an answer before the next one", 5*time.Second)
}

var anonymousPrincipal = &auth.Principal{Issuer: "none", Subject: "anonymous", Method: "none"}

func anonymous(*http.Request) (*auth.Principal, error) { return anonymousPrincipal, nil }

// ServeHTTP answers an MCP request, on whatever path it is mounted, authentication included.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) { e.entry.ServeHTTP(w, r) }

// behind puts all that a request passes before next in front of it, authentication included.
func (e *Endpoint) behind(next func(http.ResponseWriter, *http.Request, caller)) http.Handler {
	known := e.known(e.admit(next))
	return e.Bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { e.serve(w, r, known) }))
}

func (e *Endpoint) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	e.work.enter()
	defer e.work.leave()
	allowed := e.origins.open(w, r)
	switch {
	case r.Method != http.MethodPost && e.draining.Err() != nil:
		refuseShutdown.write(w, nil)
	case !e.pass(e.checks, w, r):
	case allowed && isPreflight(r):
		preflight(w, r)
	case e.cfg.Page != nil && navigates(r):
		e.cfg.Page.ServeHTTP(w, r)
	default:
		next.ServeHTTP(w, r)
	}
}
