package zscalermcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// config is everything that options and the environment say, before any of it is used.
type config struct {
	lookup Lookup

	auth              auth.Authenticator
	mode              string       // of auth, where the environment chose it
	authCache         string       // of mode: for how long what was accepted counts
	authDetail        string       // of mode: what is accepted, without a secret
	rekey             func() error // reads the one API key of the environment again; nil for none
	selfCheck         func()       // looks at the public addresses once the server listens; nil for none
	withoutAuth       bool
	authErr           error // what is wrong with the environment's authentication variables; keeps HTTP from being served
	callerCredentials bool
	policy            auth.Policy
	proxies           *auth.Proxies
	audit             func(context.Context, auth.Event)
	client            *zscaler.Client // set by New; the environment's zscaler mode asks it

	credentials *zscaler.Credentials
	endpoints   *zscaler.Endpoints
	httpClient  *http.Client
	agent       string

	publicURL  string
	listen     string
	healthPath string
	page       pageSettings
	limits     Limits
	limitsOff  []string
	given      lists // by options
	lists      lists // with the environment's
	anyHost    bool
	tls        *TLS
	allowHTTP  bool
	sse        bool // beside the MCP path, or alone
	sseOnly    bool

	selection           tool.Selection // but for EnableWrites and Default
	writeEnabled        *bool
	custom              []tool.Set
	noEntitlementFilter bool
	noPrompts           bool

	revealSecrets            []string
	unsanitised, tokenReport *bool

	store      store.Store
	limiter    oidcproxy.Limiter
	masterKeys [][]byte

	logger   *slog.Logger
	logCalls bool
	traces   trace.TracerProvider
	metrics  metric.MeterProvider
	warnings []string // about settings, for the posture
}

// newConfig applies the options, fills the gaps from the environment, and returns every mistake at once.
func newConfig(opts []Option) (*config, error) {
	cfg := &config{lookup: processEnv}
	var errs []error
	for _, opt := range opts {
		if opt == nil {
			errs = append(errs, errors.New("an Option is nil"))
			continue
		}
		errs = append(errs, opt(cfg))
	}
	errs = append(errs, cfg.fromEnv(), cfg.checkAuth())
	cfg.logger = cmp.Or(cfg.logger, slog.New(slog.DiscardHandler))
	cfg.limitsOff = cfg.limits.off()
	cfg.limits.resolve()
	return cfg, errors.Join(errs...)
}

// checkAuth judges what the options and the environment say together. Where the environment asks for HTTP,
// callers must be able to authenticate.
func (c *config) checkAuth() error {
	switch {
	case c.auth != nil && c.withoutAuth:
		return errors.New("WithAuth and WithoutAuth contradict each other: use one")
	case c.auth != nil && c.mode == "" && c.limiter != nil:
		return errors.New("WithLimiter has no effect beside WithAuth: give the limiter to the Authenticator (oidcproxy.Config.Limiter)")
	case c.withoutAuth && c.policy != nil:
		return errors.New("WithPolicy needs callers who authenticate, and authentication is switched off: leave one out")
	case c.openToPages(c.lists.origins):
		return errOpenToPages
	case c.withoutAuth && c.callerCredentials:
		return errors.New("WithCallerCredentials needs callers who authenticate, and authentication is switched off: leave one out")
	case c.auth == nil && !c.withoutAuth && c.authErr == nil && c.overHTTP():
		return ErrNoAuthentication
	}
	return nil
}

var errOpenToPages = errors.New("every origin is allowed and authentication is switched off: any web page that a user opens could call the tools; name the origins")

// openToPages reports whether pages of every origin could call the tools without a credential, if these origins were allowed.
func (c *config) openToPages(origins []string) bool {
	return c.withoutAuth && slices.Contains(origins, "*")
}

// Transports, as ZSCALER_MCP_TRANSPORT names them.
const (
	transportStdio = "stdio"
	transportHTTP  = "streamable-http"
	transportSSE   = "sse"
)

// transport is what the environment says, "" for nothing.
func (c *config) transport() string {
	return strings.ToLower((&env{lookup: c.lookup}).text("ZSCALER_MCP_TRANSPORT"))
}

// stdio reports whether the environment asks for standard input and output, so that nothing of the network side counts.
func (c *config) stdio() bool { return c.transport() == transportStdio }

func (c *config) overHTTP() bool {
	return c.transport() == transportHTTP || c.transport() == transportSSE
}

// trustedProxies are the peers that may say for whom they speak.
func (c *config) trustedProxies() auth.Proxies {
	if c.proxies == nil {
		return auth.Proxies{}
	}
	return *c.proxies
}

// endpointURL is the address that clients use, the one source of the path: WithPublicURL, or what an
// Authenticator with a Resource method says, or /mcp on no particular host.
func (c *config) endpointURL() (*url.URL, error) {
	raw := c.publicURL
	if r, ok := c.auth.(auth.ResourceNamer); ok && r.Resource() != "" {
		if raw != "" && raw != r.Resource() {
			return nil, fmt.Errorf("the public URL is %q but the Authenticator's resource is %q: make them equal", address.Shown(raw), r.Resource())
		}
		raw = r.Resource()
	}
	if raw == "" {
		if c.sseOnly {
			return &url.URL{Path: "/sse"}, nil
		}
		return &url.URL{Path: "/mcp"}, nil
	}
	u, err := address.Public(raw)
	if err == nil && c.healthPath != "" && strings.TrimSuffix(c.healthPath, "/") == strings.TrimSuffix(u.Path, "/") {
		err = fmt.Errorf("WithHealth: %q is the path of the MCP endpoint", c.healthPath)
	}
	return u, err
}
