package auth

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/remote"
)

// An IntrospectionConfig is the argument of [NewIntrospection].
type IntrospectionConfig struct {
	URL          string   // introspection endpoint of the identity provider
	ClientID     string   // as whom the server asks
	ClientSecret Secret   // its secret
	Issuer       string   // exact iss of the tokens; also the Issuer of the Principal, with "#client" behind it for a client that acts for itself
	DiscoveryURL string   // where the provider says its Issuer, if that is "": its address up to /.well-known/openid-configuration, give or take a slash
	Audiences    []string // accepted aud, compared exactly
	ClientIDs    []string // accepted client_id. One of Audiences and ClientIDs is needed, or any token of the provider would do

	// AccessTokens demands that the answer says that the token is an access token: by scopes, token_type, or a client that is not in its audience. Set it
	// where one of Audiences is the id of a client, since that is the audience of ID tokens too. What says that it is another kind is refused in any case.
	AccessTokens bool

	RequiredScopes []string      // scopes without which the answer is 403
	SubjectClaim   string        // member that identifies the caller; "" means sub, and client_id for a client that acts for itself
	GoodAge        time.Duration // for which an active token is not asked about again, 5 minutes at most; 0 means 30 s
	BadAge         time.Duration // the same for an inactive one, 10 s at most; 0 means 5 s
	MaxEntries     int           // remembered tokens, for answers of up to 4 KiB; 0 means 10 000
	Proxies        Proxies       // that are believed about the address of a caller, by which wrong tokens are throttled
	HTTPClient     *http.Client  // its redirect policy is not used; nil honours the proxy environment
	Logger         *slog.Logger  // told when the provider refuses the server's own credentials; nil means slog.Default()
}

const (
	introspectionMethod  = "introspection"
	introspectionGoodAge = 30 * time.Second
	introspectionBadAge  = 5 * time.Second
	introspectionEntries = 10_000
	introspectionEndless = time.Hour // for which a stream lasts whose token does not say when it ends
)

// Tokens cannot be guessed, and many who hold one may come from one address, their clients' host: failures are free for longer than those of secrets.
var introspectionLimits = limits{perSecond: 50, atOnce: 32, freeFailures: 200}

// Introspection is an [Authenticator] that asks the identity provider about each Bearer token (RFC 7662), for providers whose tokens say
// nothing by themselves. Answers are remembered for a moment. Addresses that send wrong tokens are throttled.
// [Introspection.Close] ends and awaits questions that are under way.
type Introspection struct {
	cfg    IntrospectionConfig
	fetch  remote.Fetcher
	checks *checks

	document *discovery     // nil with Issuer
	refused  rate.Sometimes // to be told of it
}

var (
	_ mode       = (*Introspection)(nil)
	_ Challenger = (*Introspection)(nil)
)

// NewIntrospection returns an authenticator that asks as cfg says. It makes no request. The error names every mistake in cfg.
func NewIntrospection(cfg IntrospectionConfig) (*Introspection, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	setDefault(&cfg.GoodAge, introspectionGoodAge)
	setDefault(&cfg.BadAge, introspectionBadAge)
	setDefault(&cfg.MaxEntries, introspectionEntries)
	setDefault(&cfg.Logger, slog.Default())
	for _, list := range []*[]string{&cfg.Audiences, &cfg.ClientIDs, &cfg.RequiredScopes} {
		*list = slices.Clone(*list)
	}
	cfg.Proxies = cfg.Proxies.clone()
	i := &Introspection{
		cfg: cfg, fetch: remote.NewFetcher(cfg.HTTPClient), checks: newChecks(cfg.MaxEntries, cfg.BadAge, newAttempts(introspectionLimits)),
		refused: rate.Sometimes{Interval: time.Minute},
	}
	if cfg.Issuer == "" {
		i.document = newDiscovery(cfg.DiscoveryURL, "", i.fetch)
		i.document.nameOnly = true
	}
	return i, nil
}

func (cfg *IntrospectionConfig) check() error {
	m := configMistakes{config: "IntrospectionConfig"}
	m.check("URL", remote.CheckURL(cfg.URL))
	if cfg.ClientID == "" || cfg.ClientSecret == "" {
		m.add("ClientID", "and ClientSecret are needed: the identity provider answers only those it knows")
	}
	switch {
	case cfg.DiscoveryURL == "" && cfg.Issuer == "":
		m.add("Issuer", "is empty: give the exact iss of the tokens")
	case cfg.DiscoveryURL != "":
		m.check("DiscoveryURL", remote.CheckURL(cfg.DiscoveryURL))
		if cfg.Issuer == "" && !strings.HasSuffix(cfg.DiscoveryURL, wellKnownOpenID) {
			m.add("Issuer", "is empty, and the DiscoveryURL does not tell it: that ends in %s (OpenID Connect Discovery section 4)", wellKnownOpenID)
		}
	}
	if len(cfg.Audiences)+len(cfg.ClientIDs) == 0 || slices.Contains(cfg.Audiences, "") || slices.Contains(cfg.ClientIDs, "") {
		m.add("Audiences", "and ClientIDs are both empty, or have an empty entry: name what tokens for this server are for")
	}
	if cfg.GoodAge < 0 || cfg.GoodAge > 5*time.Minute {
		m.add("GoodAge", "must be 0 to 5 minutes")
	}
	if cfg.BadAge < 0 || cfg.BadAge > 10*time.Second {
		m.add("BadAge", "must be 0 to 10 seconds (R137)")
	}
	if cfg.MaxEntries < 0 {
		m.add("MaxEntries", "is negative")
	}
	m.scopes("RequiredScopes", cfg.RequiredScopes)
	m.errs = append(m.errs, cfg.Proxies.Validate())
	return m.err()
}

// Authenticate implements [Authenticator]. Every Bearer token is its kind.
func (i *Introspection) Authenticate(r *http.Request) (*Principal, error) {
	return judgeHeaders(i, fromAny, r)
}

func (i *Introspection) judge(r *http.Request, c credential, now time.Time) (*Principal, error) {
	token, ok := c.bearer()
	if !ok {
		return nil, ErrNotMine
	}
	p, err := i.caller(r, token, now)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(i.cfg.RequiredScopes, func(scope string) bool { return !p.HasScope(scope) }) {
		return nil, insufficientScope(i.cfg.RequiredScopes)
	}
	return p, nil
}

// caller returns whom the token belongs to, from memory or as the identity provider says.
func (i *Introspection) caller(r *http.Request, token string, now time.Time) (*Principal, error) {
	key := i.checks.hash.Sum(token)
	if p, err := i.checks.remembered(key, now); p != nil || err != nil {
		return p, err
	}
	return i.checks.await(r.Context(), key, attemptOf(r, i.cfg.Proxies, ""), func(ctx context.Context) (verdict, *Error) { return i.inquire(ctx, token) })
}

// inquire asks about a token.
func (i *Introspection) inquire(ctx context.Context, token string) (verdict, *Error) {
	issuer, err := i.issuer(ctx)
	if err != nil {
		return verdict{}, unavailable(err, remote.Retry)
	}
	claims, err := i.ask(ctx, token)
	if err != nil {
		return verdict{}, unavailable(err, remote.Retry)
	}
	v, err := i.verdict(claims, issuer, time.Now())
	if err != nil {
		return verdict{}, invalidCredential(err)
	}
	return v, nil
}

// issuer is the exact iss of the tokens.
func (i *Introspection) issuer(ctx context.Context) (string, error) {
	if i.document == nil {
		return i.cfg.Issuer, nil
	}
	return i.document.name(ctx)
}

// Issuers returns the exact issuer. Where only the discovery document tells it that is asked for within ctx; without an answer the address of
// the document stands in for it.
func (i *Introspection) Issuers(ctx context.Context) []string {
	if i.document == nil {
		return []string{i.cfg.Issuer}
	}
	return i.document.names(ctx)
}

// isCertain reports whether the issuer is known exactly.
func (i *Introspection) isCertain() bool { return i.document == nil || i.document.isRead() }

// Challenges implements [Challenger] with a plain Bearer challenge.
func (i *Introspection) Challenges(_ *http.Request, e *Error) []string {
	return []string{bearerChallenge(e, "", nil)}
}

func (i *Introspection) mode() string { return introspectionMethod }

// takes tells that every Bearer token is taken.
func (i *Introspection) takes() form { return opaqueBearer | anyJWT }

// usage is what a request without a credential is told.
func (i *Introspection) usage() string { return bearerUsage }

// Format prints whom it asks for every verb: the configuration holds a secret.
func (i *Introspection) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "auth.Introspection(%s)", address.Shown(i.cfg.URL))
}

// Close ends and awaits questions that are under way.
func (i *Introspection) Close() error {
	i.checks.close()
	if i.document != nil {
		i.document.close()
	}
	i.fetch.Close()
	return nil
}

// MaxAge is for how long an active token counts before the provider is asked again.
func (i *Introspection) MaxAge() time.Duration { return i.cfg.GoodAge }
