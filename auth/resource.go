package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/remote"
)

// A ProtectedResourceConfig is the argument of [NewProtectedResource].
type ProtectedResourceConfig struct {
	Resource string        // address of the MCP endpoint as users type it, such as https://mcp.example.com/mcp
	Verifier Authenticator // judges the tokens: [JWT], [Introspection], or one of the host's own
	// AuthorizationServers are the issuers where clients get tokens. Nil means those of the Verifier, which then has a method
	// Issuers(context.Context) []string, as [JWT] has.
	AuthorizationServers []string
	Scopes               []string      // that clients may ask for (scopes_supported)
	RequiredScopes       []string      // without which the answer is 403; clients are told to ask for them
	ChallengeScopes      []string      // that clients are told to ask for when they come without a good token; nil means RequiredScopes
	EchoSlash            bool          // with a slash behind the address that a client has asked for, challenges and resource have one too, for clients that compare them
	Name                 string        // for people (resource_name); "" leaves it out
	DocumentationURL     string        // for developers (resource_documentation); "" leaves it out
	MaxAge               time.Duration // for which caches may keep the metadata; 0 means 5 minutes
}

// ProtectedResource is an [Authenticator] for clients that sign in at an identity provider by themselves: it tells them where, by
// protected resource metadata (RFC 9728), and lets its Verifier judge the tokens that they come back with.
type ProtectedResource struct {
	members  // the verifier
	cfg      ProtectedResourceConfig
	headers  headerSet
	path     string // of the resource, "" at the root
	metadata string // address of the metadata
}

var (
	_ mode          = (*ProtectedResource)(nil)
	_ Challenger    = (*ProtectedResource)(nil)
	_ Router        = (*ProtectedResource)(nil)
	_ ResourceNamer = (*ProtectedResource)(nil)
)

// offlineAccess asks for a refresh token, which is no affair of the resource (R6).
const offlineAccess = "offline_access"

type issuerLister interface {
	Issuers(ctx context.Context) []string
}

// NewProtectedResource returns an authenticator for cfg. It makes no request. The error names every mistake in cfg.
func NewProtectedResource(cfg ProtectedResourceConfig) (*ProtectedResource, error) {
	m := configMistakes{config: "ProtectedResourceConfig"}
	u, err := parseResource(cfg.Resource)
	m.check("Resource", err)
	if isNilAuthenticator(cfg.Verifier) {
		m.add("Verifier", "is nil: give a JWT or Introspection")
	}
	if _, lists := cfg.Verifier.(issuerLister); !lists && len(cfg.AuthorizationServers) == 0 {
		m.add("AuthorizationServers", "is empty: name the issuer where clients get tokens")
	}
	for _, issuer := range cfg.AuthorizationServers {
		if err := checkIssuer(issuer); err != nil {
			m.add("AuthorizationServers", "has %q, which %s", issuer, err)
		}
	}
	if cfg.DocumentationURL != "" {
		m.check("DocumentationURL", remote.CheckURL(cfg.DocumentationURL))
	}
	m.scopes("Scopes", cfg.Scopes)
	m.scopes("RequiredScopes", cfg.RequiredScopes)
	m.scopes("ChallengeScopes", cfg.ChallengeScopes)
	if cfg.MaxAge < 0 {
		m.add("MaxAge", "is negative: leave it 0 for 5 minutes")
	}
	if err := m.err(); err != nil {
		return nil, err
	}
	setDefault(&cfg.MaxAge, 5*time.Minute)
	cfg.AuthorizationServers, cfg.RequiredScopes = slices.Clone(cfg.AuthorizationServers), slices.Clone(cfg.RequiredScopes)
	if cfg.ChallengeScopes = slices.Clone(cfg.ChallengeScopes); cfg.ChallengeScopes == nil {
		cfg.ChallengeScopes = cfg.RequiredScopes
	}
	cfg.Scopes = union(cfg.Scopes, cfg.RequiredScopes)
	p := &ProtectedResource{members: members{cfg.Verifier}, cfg: cfg, headers: headersOf(cfg.Verifier), path: strings.TrimSuffix(u.Path, "/")}
	p.metadata = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: wellKnownResource + p.path}).String()
	return p, nil
}

// checkIssuer refuses what an issuer cannot be (RFC 8414 section 2).
func checkIssuer(issuer string) error {
	if strings.Contains(issuer, "?") {
		return errors.New("must have no query")
	}
	return remote.CheckURL(issuer)
}

// parseResource accepts what metadata and tokens can name (RFC 9728 section 1.2; R2).
func parseResource(raw string) (*url.URL, error) {
	if err := remote.CheckURL(raw); err != nil {
		return nil, err
	}
	return address.Plain(raw)
}

// union returns the words of both lists, each once.
func union(a, b []string) []string {
	var all []string
	for _, word := range slices.Concat(a, b) {
		if !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

// Authenticate implements [Authenticator].
func (p *ProtectedResource) Authenticate(r *http.Request) (*Principal, error) {
	return judgeHeaders(p, p.headers, r)
}

func (p *ProtectedResource) judge(r *http.Request, c credential, now time.Time) (*Principal, error) {
	who, err := ask(p.verifier(), r, c, now)
	if err != nil || who == nil {
		return nil, err
	}
	if !p.covers(who) {
		return nil, insufficientScope(p.cfg.RequiredScopes)
	}
	return who, nil
}

// remembered returns the caller of a credential that the verifier remembers as good.
func (p *ProtectedResource) remembered(c credential, now time.Time) *Principal {
	if who := remembered(p.verifier(), c, now); who != nil && p.covers(who) {
		return who
	}
	return nil
}

// covers reports whether the caller has every scope that is always needed.
func (p *ProtectedResource) covers(who *Principal) bool {
	return !slices.ContainsFunc(p.cfg.RequiredScopes, func(scope string) bool { return !who.HasScope(scope) })
}

func (p *ProtectedResource) verifier() Authenticator { return p.members[0] }

// Challenges implements [Challenger]: a Bearer challenge with the address of the metadata (RFC 9728 section 5.1) and the scopes to ask for:
// ChallengeScopes, or where a good token covers too little those that are always needed and those of e.
func (p *ProtectedResource) Challenges(r *http.Request, e *Error) []string {
	metadata := p.metadata
	if p.cfg.EchoSlash && p.path != "" && strings.HasSuffix(r.URL.Path, "/") {
		metadata += "/"
	}
	if e.Status == http.StatusForbidden {
		return []string{bearerChallenge(e, metadata, p.cfg.RequiredScopes)}
	}
	return []string{bearerChallenge(e, metadata, p.cfg.ChallengeScopes)}
}

// Resource implements [ResourceNamer].
func (p *ProtectedResource) Resource() string { return p.cfg.Resource }

// Issuers are the authorization servers.
func (p *ProtectedResource) Issuers(ctx context.Context) []string {
	if lister, ok := p.verifier().(issuerLister); ok && len(p.cfg.AuthorizationServers) == 0 {
		return lister.Issuers(ctx)
	}
	return p.cfg.AuthorizationServers
}

// isCertain reports whether Issuers are exact, and no stand-ins for names that could not be asked for.
func (p *ProtectedResource) isCertain() bool {
	c, ok := p.verifier().(interface{ isCertain() bool })
	return !ok || len(p.cfg.AuthorizationServers) > 0 || c.isCertain()
}

func (p *ProtectedResource) modeFor(e *Error) string { return modeOf(p.verifier(), e) }

// Verifier is that of the configuration.
func (p *ProtectedResource) Verifier() Authenticator { return p.cfg.Verifier }
