package oidcproxy

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bounded"
	"github.com/org/zscalermcp/internal/remote"
	"github.com/org/zscalermcp/store"
)

// A Provider is an OAuth 2.1 authorization server in front of an OpenID provider, and the [auth.Authenticator] of the one MCP endpoint that its tokens are
// for. It is safe for concurrent use. [Provider.Close] ends what runs in the background.
type Provider struct {
	cfg       Config
	protected *auth.ProtectedResource
	verifier  *verifier
	upstream  *upstream

	issuer, issuerHost, origin, path string // path is that of the issuer, "" at the root
	resource, resourcePath           string
	name, cookiePrefix               string

	keys     *store.Keyring
	signing  []signingKey
	store    store.Store
	ownStore bool

	documents        *documents // nil where they are not served
	clients          map[string]*client
	denied           map[string]bool    // by fingerprint
	operators        map[string]*client // clients of the configuration, by fingerprint
	patterns         []redirectPattern  // nil allows all
	scopes, defaults []string
	descriptions     map[string]string
	pages            *template.Template

	limits      endpointRates
	shared      *sharedLimits // nil: none
	signIns     *signIns
	rotations   singleflight.Group
	unsaved     *bounded.Cache[unsaved]
	late        lateSaves
	revocations atomic.Uint64 // that happened here; each makes remembered statuses void
	upRevoking  revocationQueue

	mounted atomic.Bool // somebody has asked for the routes
	visited atomic.Bool // the doctor was called to come in the background

	gauges sync.Map // of *flood.Gauge, by kind of event
	logger *slog.Logger
	now    func() time.Time

	life    context.Context // ends with Close
	end     context.CancelFunc
	work    context.Context // ends soon after: what the identity provider has been asked must be kept
	endWork context.CancelFunc
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

var (
	_ auth.Authenticator = (*Provider)(nil)
	_ auth.Challenger    = (*Provider)(nil)
	_ auth.Router        = (*Provider)(nil)
	_ auth.ResourceNamer = (*Provider)(nil)
)

type endpointRates struct{ register, authorize, consent, callback, token, revoke, document *rates }

// New returns a provider for cfg, or every mistake in it at once. It reads the discovery document of the identity provider within ctx, unless
// cfg.LazyDiscovery says not to; nothing of ctx is kept.
//
// Redirect URIs of clients may be https to any host, http to this machine (localhost, 127.0.0.0/8, [::1]) with any port, and schemes of apps, but none that
// run something; cfg.RedirectURIs can narrow that.
func New(ctx context.Context, cfg Config) (*Provider, error) {
	cfg = cfg.withDefaults()
	p := &Provider{cfg: cfg, logger: cfg.Logger, now: cfg.Clock, store: cfg.Store, keys: cfg.Keys}
	if err := p.configure(); err != nil {
		return nil, err
	}
	p.life, p.end = context.WithCancel(context.Background())
	p.work, p.endWork = context.WithCancel(context.Background())
	if err := p.assemble(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	p.warn(ctx)
	if cfg.LazyDiscovery {
		return p, nil
	}
	if err := p.Discover(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// assemble builds the parts from a configuration that has been checked.
func (p *Provider) assemble() error {
	if p.keys == nil {
		keys, err := store.NewKeyring(store.GenerateKey())
		if err != nil {
			return err
		}
		p.keys = keys
	}
	if keeper, ok := p.store.(store.Timekeeper); ok {
		p.now = keeper.Now
	}
	if p.store == nil {
		p.store, p.ownStore = store.NewMemory(store.MemoryConfig{MaxEntries: memoryEntries, MaxBytes: memoryBytes}), true
	}
	if _, local := p.store.(*store.Memory); !local && p.cfg.Limits.StatusCache == 0 {
		p.cfg.Limits.StatusCache = maxStatusCache
	}
	p.cfg.Limits.StatusCache = max(p.cfg.Limits.StatusCache, 0)
	signing, err := newSigningKeys(p.keys, p.issuer)
	if err != nil {
		return err
	}
	p.signing = signing
	p.unsaved = bounded.NewCache[unsaved](maxUnsaved)
	p.verifier = &verifier{p: p, hash: bounded.NewHash(), tokens: bounded.NewCache[*verified](maxCachedTokens)}
	p.protected, err = auth.NewProtectedResource(auth.ProtectedResourceConfig{
		Resource: p.resource, Verifier: p.verifier, AuthorizationServers: []string{p.issuer}, Scopes: p.scopes, RequiredScopes: p.cfg.RequiredScopes,
		ChallengeScopes: p.defaults, EchoSlash: true, Name: p.name, DocumentationURL: p.cfg.DocumentationURL, MaxAge: p.cfg.Lifetimes.Metadata,
	})
	if err != nil {
		return err
	}
	if p.documents, err = p.newDocuments(); err != nil {
		return err
	}
	p.clients, p.operators = p.knownClients(p.cfg.Clients)
	p.signIns = newSignIns(p.cfg.Limits.SignIns, p.cfg.Limits.SignInsPerAddress)
	r := p.cfg.RateLimits
	p.limits = endpointRates{
		newRates("register", r.Register, standard.Register, p.now), newRates("authorize", r.Authorize, standard.Authorize, p.now),
		newRates("consent", r.Consent, standard.Consent, p.now), newRates("callback", r.Callback, standard.Callback, p.now),
		newRates("token", r.Token, standard.Token, p.now), newRates("revoke", r.Revoke, standard.Revoke, p.now),
		newRates("document", r.Document, standard.Document, p.now),
	}
	if p.cfg.Limiter != nil {
		p.shared = newSharedLimits(p.cfg.Limiter, p.keys, p.resource, p.logger)
	}
	p.upstream = newUpstream(p.cfg.Upstream, p.CallbackURL(), p.resource, p.cfg.HTTPClient, p.now)
	return nil
}

// Bounds of the store that is made when none is given.
const (
	memoryEntries  = 500_000
	memoryBytes    = 512 << 20
	maxStatusCache = 5 * time.Second
	closeGrace     = 5 * time.Second
)

// newUpstream returns the identity provider. It makes no request.
func newUpstream(cfg Upstream, callback, resource string, client *http.Client, now func() time.Time) *upstream {
	u := &upstream{
		cfg: cfg, callback: callback, resource: resource, fetch: remote.NewFetcher(client), idTokens: idTokens{client: client, now: now}, now: now,
		signing: make(chan struct{}, maxSigning),
	}
	if cfg.AuthorizationURL == "" {
		u.discover()
		return u
	}
	u.fixed = upstreamMetadata{
		issuer: cfg.Issuer, authorization: cfg.AuthorizationURL, token: cfg.TokenURL, jwks: cfg.JWKSURL, userInfo: cfg.UserInfoURL, revocation: cfg.RevocationURL,
	}
	return u
}

// Discover reads the discovery document of the identity provider, if it is not known yet. The error says what is wrong with it, or wraps
// [ErrUnavailable].
func (p *Provider) Discover(ctx context.Context) error {
	_, err := p.upstream.metadata(ctx)
	if err != nil && !errors.Is(err, ErrUnavailable) {
		return fmt.Errorf("oidcproxy: %w", err)
	}
	return err
}

// warn tells the operator what is lawful and has a price.
func (p *Provider) warn(ctx context.Context) {
	if p.cfg.Keys == nil {
		p.logger.WarnContext(ctx, "no master keys were given: they are made up now, and a restart signs everybody out and ends all client registrations; give ZSCALER_MCP_MASTER_KEYS (in code Config.Keys)")
	}
	if p.cfg.Keys == nil && p.cfg.Limiter != nil {
		p.logger.WarnContext(ctx, "a limiter was given without master keys, so that each replica counts for itself: give all of them the same keys (Config.Keys)")
	}
	if p.upstream.authMethod() == methodNone {
		p.logger.WarnContext(ctx, "the application at the identity provider is taken for a public one, since it has neither secret nor key (Upstream.ClientSecret, OIDCPROXY_CLIENT_SECRET)")
	}
	if p.ownStore {
		p.logger.WarnContext(ctx, "no store was given: grants are in memory, and a restart signs everybody out; give ZSCALER_MCP_STORE_URL (in code Config.Store)")
	}
	if p.cfg.SkipConsent {
		p.logger.WarnContext(ctx, "users are not asked before a client gets access (SkipConsent)")
	}
	if p.cfg.RememberUnverified {
		p.logger.WarnContext(ctx, "approvals of clients that anybody can pass themselves off as are remembered (RememberUnverified)")
	}
}

// Authenticate implements [auth.Authenticator]: it admits access tokens that were issued here, for this resource, and whose grant stands.
func (p *Provider) Authenticate(r *http.Request) (*auth.Principal, error) {
	return p.protected.Authenticate(r)
}

// Challenges implements [auth.Challenger]: a Bearer challenge with the address of the metadata (RFC 9728 section 5.1) and scopes to ask for.
func (p *Provider) Challenges(r *http.Request, e *auth.Error) []string {
	return p.protected.Challenges(r, e)
}

// Resource implements [auth.ResourceNamer].
func (p *Provider) Resource() string { return p.resource }

// Issuer is the issuer of the tokens.
func (p *Provider) Issuer() string { return p.issuer }

// OptionalScopes are those that clients may ask for and not every token has.
func (p *Provider) OptionalScopes() []string {
	return slices.DeleteFunc(slices.Clone(p.scopes), func(scope string) bool { return slices.Contains(p.cfg.RequiredScopes, scope) })
}

// CallbackURL is the redirect URI to register at the identity provider.
func (p *Provider) CallbackURL() string { return p.issuer + p.cfg.CallbackPath }

// begin notes that something runs that Close must await. It is false after Close.
func (p *Provider) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.running.Add(1)
	}
	return !p.closed
}

// Close ends and awaits what runs in the background: refreshes that the identity provider is asked about have 5 seconds to end by themselves, and 5 more
// to be stored, since a refresh token that it has rotated would be lost with them. A store that was given stays open.
func (p *Provider) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.end()
	late := time.AfterFunc(closeGrace, p.endWork)
	p.running.Wait()
	late.Stop()
	p.endWork()
	if p.upstream != nil {
		p.upstream.close()
	}
	p.documents.close()
	if memory, ok := p.store.(*store.Memory); ok && p.ownStore {
		return memory.Close()
	}
	return nil
}

// close ends readings that are under way.
func (u *upstream) close() {
	if u.document != nil {
		u.document.Close()
	}
	u.idTokens.close()
	u.fetch.Close()
}

// Format prints the issuer for every verb: a provider holds secrets.
func (p *Provider) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "oidcproxy.Provider(%s)", p.issuer)
}

// LogValue is the issuer.
func (p *Provider) LogValue() slog.Value { return slog.StringValue(p.issuer) }

// originOf is scheme and host.
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// allScopes are the names of scopes, with those that are required.
func allScopes(scopes []Scope, required []string) []string {
	var names []string
	for _, scope := range scopes {
		names = append(names, scope.Name)
	}
	for _, scope := range required {
		if !slices.Contains(names, scope) {
			names = append(names, scope)
		}
	}
	return names
}

// trimSlash is a path without a slash at its end.
func trimSlash(path string) string { return strings.TrimSuffix(path, "/") }

// MaxAge is for how long the answer of the Store about a grant counts before it is asked again; 0 is once for each request.
func (p *Provider) MaxAge() time.Duration { return p.cfg.Limits.StatusCache }
