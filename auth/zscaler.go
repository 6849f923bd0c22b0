package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
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
	Expires    time.Time // when the access token ends
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
	zscalerAtOnce        = 16          // checks in flight
)

// Zscaler is an [Authenticator] for callers with an API client of their own at OneAPI: `Authorization: Basic` with client id and
// secret (RFC 7617), or the headers X-Zscaler-Client-ID and X-Zscaler-Client-Secret. A pair is checked once, and
// remembered as a keyed hash until its token ends, for an hour at most. Wrong pairs are throttled by address and client
// id, with callers who are known never waiting. [Zscaler.Close] ends and awaits checks that are under way.
type Zscaler struct {
	cfg     ZscalerConfig
	headers headerSet
	hash    *keyedHash
	good    *boundedCache[*zscalerEntry]
	bad     *boundedCache[time.Time] // until when
	flights singleflight.Group
	limits  zscalerLimits

	life    context.Context // ends with Close
	end     context.CancelFunc
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

type zscalerEntry struct {
	principal *Principal
	until     time.Time
}

var (
	_ Authenticator = (*Zscaler)(nil)
	_ Challenger    = (*Zscaler)(nil)
	_ HeaderReader  = (*Zscaler)(nil)
)

// NewZscaler returns an authenticator for OneAPI credentials. It makes no request. The error names every mistake in cfg.
func NewZscaler(cfg ZscalerConfig) (*Zscaler, error) {
	var errs []error
	if cfg.Verify == nil {
		errs = append(errs, errors.New("auth: ZscalerConfig.Verify is missing: use zscalermcp.VerifyCallers"))
	}
	set, err := parseHeaders(cfg.Headers, fromAuthorization|fromPair)
	errs = append(errs, err)
	if cfg.MaxAge < 0 || cfg.MaxAge > zscalerMaxAge {
		errs = append(errs, fmt.Errorf("auth: ZscalerConfig.MaxAge must be 0 to %s", zscalerMaxAge))
	}
	if cfg.FailureAge != 0 && (cfg.FailureAge < zscalerFailureAge || cfg.FailureAge > 2*zscalerFailureAge) {
		errs = append(errs, fmt.Errorf("auth: ZscalerConfig.FailureAge must be %s to %s", zscalerFailureAge, 2*zscalerFailureAge))
	}
	if cfg.MaxEntries < 0 {
		errs = append(errs, errors.New("auth: ZscalerConfig.MaxEntries is negative"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	setDefault(&cfg.MaxAge, zscalerMaxAge)
	setDefault(&cfg.FailureAge, zscalerFailureAge)
	setDefault(&cfg.MaxEntries, zscalerEntries)
	z := &Zscaler{
		cfg: cfg, headers: set, hash: newKeyedHash(), limits: newZscalerLimits(),
		good: newBoundedCache[*zscalerEntry](2 * int64(cfg.MaxEntries)), bad: newBoundedCache[time.Time](2 * int64(cfg.MaxEntries)),
	}
	z.life, z.end = context.WithCancel(context.Background())
	return z, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Authenticate implements [Authenticator].
func (z *Zscaler) Authenticate(r *http.Request) (*Principal, error) {
	cred, malformed := z.headers.read(r.Header)
	if malformed != nil {
		return nil, malformed
	}
	id, secret, err := pairOf(cred)
	if err != nil {
		return nil, err
	}
	key := z.hash.sum(id, secret)
	if p, err := z.known(key); p != nil || err != nil {
		return p, err
	}
	address := ClientAddr(r, z.cfg.Proxies)
	select {
	case done := <-z.flights.DoChan(string(key[:]), func() (any, error) { return z.check(key, id, secret, sourceOf(address)) }):
		if done.Err != nil {
			return nil, done.Err
		}
		return done.Val.(*Principal), nil
	case <-r.Context().Done():
		return nil, unavailable(r.Context().Err(), time.Second)
	}
}

// known answers from memory; neither a principal nor an error means that OneAPI must be asked.
func (z *Zscaler) known(key cacheKey) (*Principal, error) {
	now := time.Now()
	if entry, ok := z.good.get(key); ok {
		revocable, can := entry.principal.attachment.(interface{ Revoked() bool })
		if now.Before(entry.until) && !(can && revocable.Revoked()) {
			return entry.principal, nil
		}
		z.good.drop(key)
	}
	if until, ok := z.bad.get(key); ok {
		if now.Before(until) {
			return nil, invalidCredential(ErrWrongCredentials)
		}
		z.bad.drop(key)
	}
	return nil, nil
}

// check asks OneAPI. It runs once at a time for one pair, and goes on when who asked has gone.
func (z *Zscaler) check(key cacheKey, id, secret, source string) (*Principal, error) {
	if p, err := z.known(key); p != nil || err != nil { // another check has ended between look-up and this one
		return p, err
	}
	if !z.begin() {
		return nil, unavailable(errors.New("the authenticator is closed"), 0)
	}
	defer z.running.Done()
	leave, refused := z.limits.enter(source, id)
	if refused != nil {
		return nil, refused
	}
	defer leave()
	ctx, cancel := context.WithTimeout(z.life, zscalerVerifyTimeout)
	defer cancel()
	grant, err := z.cfg.Verify(ctx, id, Secret(secret))
	now := time.Now()
	switch {
	case errors.Is(err, ErrWrongCredentials):
		z.bad.put(key, now.Add(z.cfg.FailureAge), 1)
		z.limits.failed(source, id, now)
		return nil, invalidCredential(err)
	case err != nil:
		return nil, unavailable(err, 5*time.Second)
	}
	z.limits.succeeded(source, id)
	return z.admit(key, id, grant, now), nil
}

// admit remembers a good pair.
func (z *Zscaler) admit(key cacheKey, id string, grant ZscalerGrant, now time.Time) *Principal {
	life := grant.Expires.Sub(now)
	ends := now.Add(life - min(zscalerMargin, life/10))
	p := &Principal{
		Issuer: zscalerMethod, Subject: id, ClientID: id, Method: zscalerMethod, Expires: ends, attachment: grant.Attachment,
	}
	p.named()
	until := now.Add(z.cfg.MaxAge)
	if ends.Before(until) {
		until = ends
	}
	z.good.put(key, &zscalerEntry{p, until}, 1)
	return p
}

func (z *Zscaler) begin() bool {
	z.mu.Lock()
	defer z.mu.Unlock()
	if !z.closed {
		z.running.Add(1)
	}
	return !z.closed
}

// unavailable is the answer when nobody can tell whether a credential is good.
func unavailable(cause error, again time.Duration) *Error {
	return &Error{Status: http.StatusServiceUnavailable, Code: "temporarily_unavailable", RetryAfter: again, Err: cause,
		Description: "The credential cannot be checked at the moment; try again."}
}

// Challenges implements [Challenger] with a Basic challenge (RFC 7617 section 2) and no hint of OAuth (R136).
func (z *Zscaler) Challenges(*Error) []string {
	return []string{Challenge("Basic", "realm", defaultRealm, "charset", "UTF-8")}
}

// usage is what a request without a credential is told.
func (z *Zscaler) usage() string {
	return "Send the client id and secret of a OneAPI client: as Basic authentication, or in the headers X-Zscaler-Client-ID and X-Zscaler-Client-Secret."
}

func (z *Zscaler) mode() string { return zscalerMethod }

// CredentialHeaders implements [HeaderReader].
func (z *Zscaler) CredentialHeaders() []string { return z.headers.names() }

// Close ends and awaits checks that are under way. Pairs that are known go on being accepted until they must be checked.
func (z *Zscaler) Close() error {
	z.mu.Lock()
	z.closed = true
	z.mu.Unlock()
	z.end()
	z.running.Wait()
	return nil
}
