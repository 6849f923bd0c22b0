package zscalermcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"golang.org/x/time/rate"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/telemetry"
	"github.com/org/zscalermcp/internal/watch"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/transport"
	"github.com/org/zscalermcp/transport/tlsfiles"
	"github.com/org/zscalermcp/zscaler"
)

// A Server is an MCP server in front of one Zscaler tenant. Its methods are safe for concurrent use.
type Server struct {
	cfg      *config
	public   *url.URL
	tools    *tool.Selected
	prompts  *promptDesk
	mcp      *mcp.Server
	endpoint *transport.Endpoint
	store    store.Store
	tenant   *zscaler.Client
	closed   atomic.Bool
	closeAll func() error
	warnOnce sync.Once

	files    *tlsfiles.Files // certificate of Run; nil for none
	defences defences
	sse      ssePaths
	began    time.Time
	watched  *watch.Files

	lists     atomic.Pointer[lists] // that are in force
	reloading sync.Mutex
	reloaded  atomic.Pointer[reload]
	unreached atomic.Pointer[string] // what CheckRun has to warn of

	policyPanics rate.Sometimes              // told once in a while
	entitlements func() zscaler.Entitlements // of the server's own credentials; the first call waits for a token
}

// New returns a server that the options and the environment describe, or every mistake in them at
// once. It makes no request and starts no goroutine.
func New(opts ...Option) (*Server, error) {
	cfg, cfgErr := newConfig(opts)
	public, urlErr := cfg.endpointURL()
	tools, toolsErr := cfg.selectTools()
	tenant, tenantErr := cfg.tenant()
	keys, keysErr := cfg.keyring()
	defences, defencesErr := cfg.defences(public)
	watched := watch.New(cfg.paths) // before they are read
	files, filesErr := cfg.files()
	if err := errors.Join(cfgErr, urlErr, toolsErr, tenantErr, keysErr, defencesErr, filesErr); err != nil {
		return nil, fmt.Errorf("zscalermcp: configuration:\n%w", err)
	}
	cfg.client = tenant
	s := &Server{cfg: cfg, public: public, tools: tools, store: cfg.store, tenant: tenant, files: files, defences: defences, watched: watched, began: time.Now(), policyPanics: rate.Sometimes{Interval: time.Second}}
	s.lists.Store(&cfg.lists)
	if s.store == nil {
		s.store = store.NewMemory(store.MemoryConfig{})
	}
	s.closeAll = sync.OnceValue(s.closeParts)
	s.entitlements = sync.OnceValue(s.askEntitlements)
	s.sse = s.ssePaths()
	if err := errors.Join(s.sse.check(s), s.assemble(keys)); err != nil {
		return nil, fmt.Errorf("zscalermcp: %w", err)
	}
	return s, nil
}

// assemble builds the MCP server and the endpoint in front of it.
func (s *Server) assemble(keys *store.Keyring) error {
	options := &mcp.ServerOptions{Instructions: instructions(s.tools.Tools()), Logger: slog.New(quietHandler{s.cfg.logger.Handler()})}
	transport.ServerOptions(options)
	s.mcp = mcp.NewServer(implementation(), options)
	err := tool.Bind(s.mcp, s.tools, tool.Runtime{
		Logger: s.cfg.logger, LogCalls: s.cfg.logCalls, Keys: keys, Store: s.store,
		Timeout: s.cfg.limits.CallTime, MaxAnswerBytes: s.cfg.limits.AnswerBytes,
		RevealSecrets: s.cfg.revealSecrets, Unsanitised: isTrue(s.cfg.unsanitised), ReportTokens: isTrue(s.cfg.tokenReport),
		Context: s.withTenant, Permit: s.permit(), RequestID: auth.RequestID,
	})
	if err == nil {
		err = s.bindPrompts()
	}
	if err != nil {
		return err
	}
	if s.cfg.traces != nil || s.cfg.metrics != nil {
		observing, err := telemetry.Middleware(telemetry.Config{Traces: s.cfg.traces, Metrics: s.cfg.metrics, Version: Version(), Known: s.known()})
		if err != nil {
			return err
		}
		s.mcp.AddReceivingMiddleware(observing)
	}
	page, err := s.cfg.newPage(s.public)
	if err != nil {
		return err
	}
	s.endpoint, err = transport.New(s.transportConfig(page))
	return err
}

func (s *Server) transportConfig(page http.Handler) transport.Config {
	c, limits := s.cfg, s.cfg.limits
	return transport.Config{
		Server: s.mcp, Auth: c.auth, Logger: c.logger, Audit: c.audit, Proxies: c.trustedProxies(), Permit: s.stepUp(), Page: page,
		PublicHost: s.public.Host, PublicScheme: s.public.Scheme,
		Hosts: s.defences.hosts, AnyHost: c.anyHost, Sources: s.defences.sources, AllowedOrigins: c.lists.origins,
		AddressRate: limits.AddressRate, PrincipalRate: limits.PrincipalRate,
		MaxBodyBytes: limits.BodyBytes, MaxDepth: limits.JSONDepth, BodyTimeout: limits.BodyTime, WriteTimeout: limits.WriteTime, Heartbeat: limits.Heartbeat,
		SessionTimeout: limits.SessionIdle, MaxSessions: limits.Sessions, MaxSessionsPerPrincipal: limits.SessionsPerPrincipal,
		MaxCalls: limits.Calls, MaxCallsPerPrincipal: limits.CallsPerPrincipal, CallTimeout: 2*limits.CallTime + humanTime, MaxAnswerBytes: limits.answers(),
	}
}

func (c *config) tenant() (*zscaler.Client, error) {
	var limits map[zscaler.Service]zscaler.Limit // those of Zscaler's own gateway
	if c.endpoints.GatewayURL != "" {
		limits = map[zscaler.Service]zscaler.Limit{} // another gateway has its own
	}
	return zscaler.New(zscaler.Config{
		Credentials: *c.credentials, Endpoints: *c.endpoints, Limits: limits,
		HTTPClient: c.httpClient, Logger: c.logger, UserAgent: userAgent(c.agent),
		CallersOnly: c.callerCredentials && c.credentials.ClientID == "",
	})
}

func (c *config) keyring() (*store.Keyring, error) {
	if len(c.masterKeys) == 0 {
		return store.NewKeyring(store.GenerateKey())
	}
	return store.NewKeyring(c.masterKeys...)
}

// ErrClosed is returned by a [Server] that was closed when it is asked to serve.
var ErrClosed = errors.New("zscalermcp: the server is closed; make another one with New")

// warn logs once what an operator should know.
func (s *Server) warn(ctx context.Context) {
	s.warnOnce.Do(func() {
		for _, warning := range s.Posture().Warnings {
			s.cfg.logger.WarnContext(ctx, warning)
		}
	})
}

// Tools returns the tools that this server offers.
func (s *Server) Tools() []tool.Info { return s.tools.Tools() }

// MCP returns the SDK's server, for prompts, resources and notifications of the host's own. Tools added to
// it directly are refused, since they have no effect, policy or guard: use [WithTools].
func (s *Server) MCP() *mcp.Server { return s.mcp }

// ServeStdio speaks MCP over in and out until in ends or ctx is done. The operating system isolates
// the pipe, so nobody authenticates: the caller is the principal "stdio". Answers to calls in flight
// when in ends are still written.
func (s *Server) ServeStdio(ctx context.Context, in io.Reader, out io.Writer) error {
	if s.closed.Load() {
		return ErrClosed
	}
	s.warn(ctx)
	posture := s.Posture()
	posture.Transport = "stdio"
	s.cfg.logger.InfoContext(ctx, "serving stdio", "posture", posture)
	go s.entitlements() // Close waits for it
	return s.endpoint.ServeStdio(ctx, in, out)
}

// Drain ends long-lived streams and makes readiness fail, while calls go on. Give it to
// [net/http.Server.RegisterOnShutdown].
func (s *Server) Drain() { s.endpoint.Drain() }

// Close drains, waits until ctx is done for calls in flight, ends sessions and background work, and
// closes the Authenticator and the Store where they are io.Closers. Further calls do nothing.
func (s *Server) Close(ctx context.Context) error {
	s.closed.Store(true)
	return errors.Join(s.endpoint.Close(ctx), s.closeAll())
}

func (s *Server) closeParts() error {
	var errs []error
	for _, part := range []any{s.cfg.auth, s.tenant, s.store} {
		if closer, ok := part.(io.Closer); ok {
			errs = append(errs, closer.Close())
		}
	}
	s.entitlements() // waits for the question that is under way, which has no answer any more
	return errors.Join(errs...)
}
