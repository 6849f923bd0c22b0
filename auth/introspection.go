package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// An IntrospectionConfig is the argument of [NewIntrospection].
type IntrospectionConfig struct {
	URL          string   // introspection endpoint of the identity provider
	ClientID     string   // as whom the server asks
	ClientSecret Secret   // its secret
	Issuer       string   // exact iss of the tokens; also the Issuer of the Principal, where an answer names none
	Audiences    []string // accepted aud, compared exactly
	ClientIDs    []string // accepted client_id. One of Audiences and ClientIDs is needed, or any token of the provider would do

	RequiredScopes []string      // scopes without which the answer is 403
	SubjectClaim   string        // member that identifies the caller; "" means sub, or client_id without it
	GoodAge        time.Duration // for which an active token is not asked about again, 5 minutes at most; 0 means 30 s
	BadAge         time.Duration // the same for an inactive one, 10 s at most; 0 means 5 s
	MaxEntries     int           // remembered tokens; 0 means 10 000
	HTTPClient     *http.Client  // its redirect policy is not used; nil honours the proxy environment
	Logger         *slog.Logger  // told when the provider refuses the server's own credentials; nil means slog.Default()
}

const (
	introspectionMethod  = "introspection"
	introspectionGoodAge = 30 * time.Second
	introspectionBadAge  = 5 * time.Second
	introspectionEntries = 10_000
	introspectionAtOnce  = 32
)

// Introspection is an [Authenticator] that asks the identity provider about each Bearer token (RFC 7662), for providers whose tokens say
// nothing by themselves. Answers are remembered for a moment. [Introspection.Close] ends and awaits questions that are
// under way.
type Introspection struct {
	cfg     IntrospectionConfig
	fetch   fetcher
	hash    *keyedHash
	good    *boundedCache[introspected]
	bad     *boundedCache[time.Time]
	flights singleflight.Group
	slots   chan struct{}

	life    context.Context
	end     context.CancelFunc
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

type introspected struct {
	principal *Principal
	until     time.Time
}

var (
	_ Authenticator = (*Introspection)(nil)
	_ Challenger    = (*Introspection)(nil)
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
	i := &Introspection{
		cfg: cfg, fetch: newFetcher(cfg.HTTPClient), hash: newKeyedHash(), slots: make(chan struct{}, introspectionAtOnce),
		good: newBoundedCache[introspected](2 * int64(cfg.MaxEntries)), bad: newBoundedCache[time.Time](2 * int64(cfg.MaxEntries)),
	}
	i.life, i.end = context.WithCancel(context.Background())
	return i, nil
}

func (cfg *IntrospectionConfig) check() error {
	var errs []error
	add := func(field, problem string) {
		errs = append(errs, fmt.Errorf("auth: IntrospectionConfig.%s %s", field, problem))
	}
	if err := checkURL(cfg.URL); err != nil {
		add("URL", err.Error())
	}
	if cfg.ClientID == "" || cfg.ClientSecret == "" {
		add("ClientID and ClientSecret", "are needed: the identity provider answers only those it knows")
	}
	if cfg.Issuer == "" {
		add("Issuer", "is empty: give the exact iss of the tokens")
	}
	if len(cfg.Audiences)+len(cfg.ClientIDs) == 0 || slices.Contains(cfg.Audiences, "") || slices.Contains(cfg.ClientIDs, "") {
		add("Audiences", "and ClientIDs are both empty, or have an empty entry: name what tokens for this server are for")
	}
	if cfg.GoodAge < 0 || cfg.GoodAge > 5*time.Minute {
		add("GoodAge", "must be 0 to 5 minutes")
	}
	if cfg.BadAge < 0 || cfg.BadAge > 10*time.Second {
		add("BadAge", "must be 0 to 10 seconds (R137)")
	}
	if cfg.MaxEntries < 0 {
		add("MaxEntries", "is negative")
	}
	for _, scope := range cfg.RequiredScopes {
		if !isScope(scope) {
			add("RequiredScopes", fmt.Sprintf("has %q, which is no scope-token", scope))
		}
	}
	return errors.Join(errs...)
}

// Authenticate implements [Authenticator]. Every Bearer token is its kind.
func (i *Introspection) Authenticate(r *http.Request) (*Principal, error) {
	cred, malformed := fromAny.read(r.Header)
	if malformed != nil {
		return nil, malformed
	}
	token, ok := cred.bearer()
	if !ok {
		return nil, ErrNotMine
	}
	key := i.hash.sum(token)
	if p, err := i.known(key); p != nil || err != nil {
		return p, err
	}
	select {
	case done := <-i.flights.DoChan(string(key[:]), func() (any, error) { return i.judge(key, token) }):
		if done.Err != nil {
			return nil, done.Err
		}
		return done.Val.(*Principal), nil
	case <-r.Context().Done():
		return nil, unavailable(r.Context().Err(), time.Second)
	}
}

func (i *Introspection) known(key cacheKey) (*Principal, error) {
	now := time.Now()
	if held, ok := i.good.get(key); ok && now.Before(held.until) {
		return held.principal, nil
	}
	if until, ok := i.bad.get(key); ok && now.Before(until) {
		return nil, invalidCredential(errInactive)
	}
	return nil, nil
}

var errInactive = errors.New("the token is not active, or not for this server")

// judge asks about a token. It runs once at a time for one token.
func (i *Introspection) judge(key cacheKey, token string) (*Principal, error) {
	i.mu.Lock()
	if i.closed {
		i.mu.Unlock()
		return nil, unavailable(errors.New("the authenticator is closed"), 0)
	}
	i.running.Add(1)
	i.mu.Unlock()
	defer i.running.Done()
	select {
	case i.slots <- struct{}{}:
		defer func() { <-i.slots }()
	default:
		return nil, unavailable(errors.New("too many introspections at once"), time.Second)
	}
	claims, err := i.ask(i.life, token)
	if err != nil {
		return nil, unavailable(err, 5*time.Second)
	}
	p, until, err := i.principal(claims, time.Now())
	if err != nil {
		var refusal *Error
		if errors.As(err, &refusal) {
			return nil, refusal
		}
		i.bad.put(key, time.Now().Add(i.cfg.BadAge), 1)
		return nil, invalidCredential(err)
	}
	i.good.put(key, introspected{p, until}, 1)
	return p, nil
}

// Challenges implements [Challenger] with a plain Bearer challenge.
func (i *Introspection) Challenges(e *Error) []string { return []string{bearerChallenge(e)} }

func (i *Introspection) mode() string { return introspectionMethod }

// opaqueBearer tells AnyOf that every Bearer token is taken.
func (i *Introspection) opaqueBearer() bool { return true }

// Close ends and awaits questions that are under way.
func (i *Introspection) Close() error {
	i.mu.Lock()
	i.closed = true
	i.mu.Unlock()
	i.end()
	i.running.Wait()
	i.fetch.close()
	return nil
}
