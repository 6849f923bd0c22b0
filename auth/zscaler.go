package auth

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/org/zscalermcp/internal/bounded"
	"github.com/org/zscalermcp/internal/remote"
)

// A ZscalerConfig is the argument of [NewZscaler]. Only Verify is required.
type ZscalerConfig struct {
	// Verify checks a client id and secret at OneAPI's token endpoint, within ctx. Its error wraps [ErrWrongCredentials]
	// when they were refused; any other says that the endpoint could not be asked, and is answered with 503.
	Verify func(ctx context.Context, clientID string, secret Secret) (ZscalerGrant, error)
	// Headers restricts where the credential is read: Authorization (Basic), or X-Zscaler-Client-ID for the pair of
	// headers. Nil means either, see [HeaderReader].
	Headers []string
	Proxies Proxies // that are believed about the address of a caller, by which wrong credentials are throttled

	MaxAge     time.Duration // longest time until a pair is checked again; 0 means one hour, the most
	FailureAge time.Duration // how long a wrong pair is remembered, 30 s to 60 s; 0 means 30 s
	MaxEntries int           // remembered pairs; 0 means 4096
}

// A ZscalerGrant is what OneAPI gives for a client id and secret.
type ZscalerGrant struct {
	Expires    time.Time // when the access token ends; zero if that is not known
	Attachment any       // becomes that of the Principal; with a method Revoked() bool it can ask to be checked anew
}

// ErrWrongCredentials is wrapped by the error of ZscalerConfig.Verify for credentials that OneAPI refuses.
var ErrWrongCredentials = errors.New("auth: OneAPI refuses the credentials")

const (
	zscalerMethod        = "zscaler"
	zscalerMaxAge        = time.Hour
	zscalerFailureAge    = 30 * time.Second
	zscalerEntries       = 4096
	zscalerVerifyTimeout = 30 * time.Second
	zscalerMargin        = time.Minute // before the token ends, or a tenth of its life
)

var zscalerLimits = limits{perSecond: 20, atOnce: 16, freeFailures: 20}

// Zscaler is an [Authenticator] for callers with an API client of their own at OneAPI: `Authorization: Basic` with client id and
// secret (RFC 7617), or the headers X-Zscaler-Client-ID and X-Zscaler-Client-Secret. A pair is checked once, and
// remembered as a keyed hash until its token ends, for an hour at most. Wrong pairs are throttled by address and client
// id, with callers who are known never waiting. [Zscaler.Close] ends and awaits checks that are under way.
type Zscaler struct {
	cfg     ZscalerConfig
	headers headerSet
	checks  *checks
}

var (
	_ mode         = (*Zscaler)(nil)
	_ Challenger   = (*Zscaler)(nil)
	_ HeaderReader = (*Zscaler)(nil)
)

// NewZscaler returns an authenticator for OneAPI credentials. It makes no request. The error names every mistake in cfg.
func NewZscaler(cfg ZscalerConfig) (*Zscaler, error) {
	m := configMistakes{config: "ZscalerConfig"}
	if cfg.Verify == nil {
		m.add("Verify", "is missing: use zscalermcp.VerifyCallers")
	}
	set, err := parseHeaders(cfg.Headers, fromAuthorization|fromPair)
	m.check("Headers", err)
	if cfg.MaxAge < 0 || cfg.MaxAge > zscalerMaxAge {
		m.add("MaxAge", "must be 0 to %s", zscalerMaxAge)
	}
	if cfg.FailureAge != 0 && (cfg.FailureAge < zscalerFailureAge || cfg.FailureAge > 2*zscalerFailureAge) {
		m.add("FailureAge", "must be %s to %s", zscalerFailureAge, 2*zscalerFailureAge)
	}
	if cfg.MaxEntries < 0 {
		m.add("MaxEntries", "is negative")
	}
	m.errs = append(m.errs, cfg.Proxies.Validate())
	if err := m.err(); err != nil {
		return nil, err
	}
	setDefault(&cfg.MaxAge, zscalerMaxAge)
	setDefault(&cfg.FailureAge, zscalerFailureAge)
	setDefault(&cfg.MaxEntries, zscalerEntries)
	cfg.Proxies = cfg.Proxies.clone()
	return &Zscaler{cfg: cfg, headers: set, checks: newChecks(cfg.MaxEntries, cfg.FailureAge, newAttempts(zscalerLimits))}, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Authenticate implements [Authenticator].
func (z *Zscaler) Authenticate(r *http.Request) (*Principal, error) {
	return judgeHeaders(z, z.headers, r)
}

func (z *Zscaler) judge(r *http.Request, c credential, now time.Time) (*Principal, error) {
	if c = c.within(z.headers); !c.isPair() {
		return nil, ErrNotMine
	}
	key := z.key(c)
	if p, err := z.checks.remembered(key, now); p != nil || err != nil {
		return p, err
	}
	id, secret, err := pairOf(c)
	if err != nil {
		return nil, err
	}
	return z.checks.await(r.Context(), key, attemptOf(r, z.cfg.Proxies, id), func(ctx context.Context) (verdict, *Error) {
		return z.verify(ctx, id, Secret(secret))
	})
}

// remembered returns the caller of a pair that was found good.
func (z *Zscaler) remembered(c credential, now time.Time) *Principal {
	if c = c.within(z.headers); !c.isPair() {
		return nil
	}
	p, _ := z.checks.remembered(z.key(c), now)
	return p
}

// key is what a credential is remembered by, as it was sent.
func (z *Zscaler) key(c credential) bounded.Key {
	if c.from == fromPair {
		return z.checks.hash.Sum("pair", c.id, c.secret)
	}
	return z.checks.hash.Sum("basic", c.token)
}

// verify asks OneAPI.
func (z *Zscaler) verify(ctx context.Context, id string, secret Secret) (verdict, *Error) {
	ctx, cancel := context.WithTimeout(ctx, zscalerVerifyTimeout)
	defer cancel()
	grant, err := z.cfg.Verify(ctx, id, secret)
	switch {
	case errors.Is(err, ErrWrongCredentials):
		return verdict{}, invalidCredential(err)
	case err != nil:
		return verdict{}, unavailable(err, remote.Retry)
	}
	return z.admit(id, grant, time.Now()), nil
}

// admit is until when a good pair is remembered. Streams end by then too: the caller's next request is checked.
func (z *Zscaler) admit(id string, grant ZscalerGrant, now time.Time) verdict {
	until := now.Add(z.cfg.MaxAge)
	if !grant.Expires.IsZero() {
		if end := grant.Expires.Add(-min(zscalerMargin, grant.Expires.Sub(now)/10)); end.Before(until) {
			until = end
		}
	}
	p := &Principal{
		Issuer: zscalerMethod, Subject: id, ClientID: id, Method: zscalerMethod, Expires: until, attachment: grant.Attachment,
	}
	return verdict{principal: p.named(), until: until}
}

// Challenges implements [Challenger] with a Basic challenge (RFC 7617 section 2) and no hint of OAuth (R136).
func (z *Zscaler) Challenges(*http.Request, *Error) []string {
	return []string{Challenge("Basic", "realm", defaultRealm, "charset", "UTF-8")}
}

// usage is what a request without a credential is told.
func (z *Zscaler) usage() string {
	const text, basic, pair = "Send the client id and secret of a OneAPI client: ", "as Basic authentication", "in the headers X-Zscaler-Client-ID and X-Zscaler-Client-Secret"
	switch z.headers & (fromAuthorization | fromPair) {
	case fromAuthorization:
		return text + basic + "."
	case fromPair:
		return text + pair + "."
	}
	return text + basic + ", or " + pair + "."
}

func (z *Zscaler) mode() string { return zscalerMethod }

// takes tells that every client id and secret is taken.
func (z *Zscaler) takes() form { return basicPair }

// CredentialHeaders implements [HeaderReader].
func (z *Zscaler) CredentialHeaders() []string { return z.headers.names() }

// Close ends and awaits checks that are under way. Pairs that are known go on being accepted until they must be checked.
func (z *Zscaler) Close() error {
	z.checks.close()
	return nil
}

// MaxAge is for how long an accepted pair counts at most before OneAPI is asked again.
func (z *Zscaler) MaxAge() time.Duration { return z.cfg.MaxAge }
