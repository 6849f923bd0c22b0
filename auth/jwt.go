package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/remote"
)

const jwtMethod = "jwt"

// JWT is an [Authenticator] for access tokens that are JSON Web Tokens (RFC 7519, RFC 9068) of identity providers, sent as
// `Authorization: Bearer TOKEN` and verified here. Keys are fetched when they are first needed. [JWT.Close] ends
// and awaits a fetch that is under way.
type JWT struct {
	issuers []*jwtIssuer
	parser  *jwt.Parser
	checks  *jwt.Validator
	leeway  time.Duration
	maxAge  time.Duration
	now     func() time.Time
	cache   *tokenCache
	fetch   remote.Fetcher
}

var (
	_ mode       = (*JWT)(nil)
	_ Challenger = (*JWT)(nil)
)

// NewJWT returns an authenticator for the tokens of cfg's issuers. It makes no request: what an address answers shows at the
// first token. The error names every mistake in cfg.
func NewJWT(cfg JWTConfig) (*JWT, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	j := &JWT{leeway: cfg.Leeway, maxAge: cfg.MaxAge, now: cfg.Clock, cache: newTokenCache(cfg.CacheBytes), fetch: remote.NewFetcher(cfg.HTTPClient)}
	for _, iss := range cfg.Issuers {
		issuer, err := newJWTIssuer(iss, cfg.Algorithms, j.fetch)
		if err != nil {
			return nil, err
		}
		j.issuers = append(j.issuers, issuer)
	}
	if err := j.checkNames(); err != nil {
		return nil, err
	}
	options := []jwt.ParserOption{jwt.WithLeeway(cfg.Leeway), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithTimeFunc(cfg.Clock)}
	j.checks = jwt.NewValidator(options...)
	j.parser = jwt.NewParser(jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation(), jwt.WithValidMethods(slices.Concat(asymmetric, symmetric)))
	return j, nil
}

// checkNames refuses two entries for one iss: the second would never be asked.
func (j *JWT) checkNames() error {
	var errs []error
	taken := map[string]int{}
	for i, issuer := range j.issuers {
		for _, name := range issuer.fixedNames() {
			if first, ok := taken[name]; ok && first != i {
				errs = append(errs, &ConfigError{Field: fmt.Sprintf("JWTConfig.Issuers[%d].Issuer", i), Problem: fmt.Sprintf("%s is that of Issuers[%d] too: give one entry, with the audiences of both", name, first)})
				continue
			}
			taken[name] = i
		}
	}
	return errors.Join(errs...)
}

// Authenticate implements [Authenticator]. A token of an unknown issuer is not its kind. An issuer whose keys cannot be
// had makes it answer 503: the token may be good.
func (j *JWT) Authenticate(r *http.Request) (*Principal, error) { return judgeHeaders(j, fromAny, r) }

func (j *JWT) judge(r *http.Request, c credential, now time.Time) (*Principal, error) {
	token, ok := c.bearer()
	if !ok {
		return nil, ErrNotMine
	}
	if p := j.remembered(c, now); p != nil {
		return p, nil
	}
	v, err := j.verify(r.Context(), token)
	if err != nil {
		return nil, refusalOfToken(err)
	}
	j.cache.put(token, v, j.now())
	return v.principal, nil
}

// remembered returns the caller of a token in the cache: what is there was found good to the last byte. The clock is that of the configuration.
func (j *JWT) remembered(c credential, _ time.Time) *Principal {
	token, ok := c.bearer()
	if !ok {
		return nil
	}
	return j.cache.get(token, j.now())
}

// refusalOfToken says what to answer to an error of verify.
func refusalOfToken(err error) error {
	var refusal *Error
	switch {
	case errors.Is(err, ErrNotMine):
		return err
	case errors.As(err, &refusal):
		return refusal
	case errors.Is(err, errNoKeys):
		return unavailable(err, remote.Retry)
	}
	return invalidCredential(err)
}

// Verify judges a token that came on another way than in a request, such as the ID token in the answer of a token endpoint. Its errors are those
// of Authenticate.
func (j *JWT) Verify(ctx context.Context, token string) (*Principal, error) {
	v, err := j.verify(ctx, token)
	if err != nil {
		return nil, refusalOfToken(err)
	}
	return v.principal, nil
}

// verify judges a token. What is cheap comes first (R157): form, issuer, algorithm, claims, then the key and the signature. If the
// signature is not one of the key that we know, the issuer may have put another in its place.
func (j *JWT) verify(ctx context.Context, token string) (*verified, error) {
	header, err := jwsHeader(token)
	if err != nil {
		return nil, err
	}
	if err := checkHeader(header); err != nil {
		return nil, err
	}
	v := &verified{}
	err = j.verifyWith(ctx, token, v)
	if errors.Is(err, jwt.ErrTokenSignatureInvalid) && v.keys.mayChange() {
		if again := j.verifyWith(ctx, token, v); !errors.Is(again, errUnknownKey) && !errors.Is(again, errNoKeys) {
			err = again
		}
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// verifyWith fills v in. What it finds there is the key of an attempt that failed.
func (j *JWT) verifyWith(ctx context.Context, token string, v *verified) error {
	claims := jwtClaims{}
	var issuer *jwtIssuer
	var reason error // of ours, which the library wraps in words of its own
	_, err := j.parser.ParseWithClaims(token, &claims, func(t *jwt.Token) (public any, _ error) {
		if issuer, reason = j.issuerOf(ctx, claims); reason == nil {
			reason = j.check(issuer, t, claims)
		}
		if reason == nil {
			v.keys = issuer.keys
			public, v.key, reason = issuer.key(ctx, t, claims, v.key)
		}
		return public, reason
	})
	if err = cmp.Or(reason, err); err != nil {
		return err
	}
	v.expires, v.bytes = j.ends(claims), verifiedOverhead+claims.size()
	v.principal, err = issuer.principal(claims, j.ends(claims).Add(j.leeway))
	return err
}

// verifiedOverhead is what a cached token costs beside its text and claims: the entry, its place in the map, the principal.
const verifiedOverhead = 640

// ends is until when a token that was found good stays so. What the leeway adds to that is judged anew each time.
func (j *JWT) ends(claims jwtClaims) time.Time {
	exp, _ := claims.date("exp") // check has seen both
	if issued, _ := claims.date("iat"); j.maxAge > 0 && issued.Add(j.maxAge).Before(exp.Time) {
		return issued.Add(j.maxAge)
	}
	return exp.Time
}

// issuerOf finds the issuer that the token names.
func (j *JWT) issuerOf(ctx context.Context, claims jwtClaims) (*jwtIssuer, error) {
	name, err := claims.text("iss")
	if err != nil || name == "" {
		return nil, fmt.Errorf("iss: %w", errClaimType)
	}
	var failure error
	for _, issuer := range j.issuers {
		known, err := issuer.issued(ctx, name, claims)
		if known {
			return issuer, nil
		}
		failure = errors.Join(failure, err)
	}
	if failure != nil { // one of the issuers does not tell its name at the moment
		return nil, errors.Join(errNoKeys, failure)
	}
	var accepted []string
	for _, issuer := range j.issuers {
		accepted = append(accepted, issuer.name())
	}
	return nil, fmt.Errorf("%w: it is %q; accepted: %q", errForeign, lexical.Plain(name), accepted)
}

// errForeign is an [ErrNotMine]: another mode may know the issuer of the token.
var errForeign = fmt.Errorf("the token is of another issuer (%w)", ErrNotMine)

// check judges everything but the signature.
func (j *JWT) check(issuer *jwtIssuer, t *jwt.Token, claims jwtClaims) error {
	if !slices.Contains(issuer.algorithms, t.Method.Alg()) {
		return fmt.Errorf("the algorithm %s is not accepted from this issuer; accepted: %q", lexical.Plain(t.Method.Alg()), issuer.algorithms)
	}
	if typ, _ := t.Header["typ"].(string); !issuer.isMyKind(typ, claims) {
		return errKind
	}
	if err := j.checks.Validate(claims); err != nil {
		return explainDates(err, claims)
	}
	if j.maxAge > 0 {
		issued, err := claims.date("iat")
		if err != nil || issued == nil || j.now().Sub(issued.Time) > j.maxAge+j.leeway {
			return errors.New("the token is too old, or does not say how old it is")
		}
	}
	return issuer.check(claims)
}

// explainDates adds the dates of the token, which tell an old token from a clock that is wrong.
func explainDates(err error, claims jwtClaims) error {
	for _, name := range []string{"exp", "nbf", "iat"} {
		if date, dateErr := claims.date(name); dateErr == nil && date != nil {
			err = fmt.Errorf("%w; %s is %s", err, name, date.UTC().Format(time.RFC3339))
		}
	}
	return err
}

// Challenges implements [Challenger] with a plain Bearer challenge. Where more scopes are asked for it names those of a lone issuer's
// RequiredScopes too, since a token without them is of no use.
func (j *JWT) Challenges(_ *http.Request, e *Error) []string {
	var always []string
	if len(j.issuers) == 1 && len(e.Scopes) > 0 {
		always = j.issuers[0].RequiredScopes
	}
	return []string{bearerChallenge(e, "", always)}
}

// Issuers returns the exact iss of the issuers, for one of many tenants that of each tenant. One that only a discovery document tells
// is asked for within ctx; without an answer the address of the document stands in for it.
func (j *JWT) Issuers(ctx context.Context) []string {
	names := make([]string, 0, len(j.issuers))
	for _, issuer := range j.issuers {
		names = append(names, issuer.names(ctx)...)
	}
	return names
}

// isCertain reports whether every issuer has told its exact name.
func (j *JWT) isCertain() bool {
	return !slices.ContainsFunc(j.issuers, func(issuer *jwtIssuer) bool { return issuer.Issuer == "" && !issuer.document.isRead() })
}

func (j *JWT) mode() string { return jwtMethod }

// usage is what a request without a credential is told.
func (j *JWT) usage() string { return bearerUsage }

// Format prints the number of issuers for every verb: one of them may have a secret.
func (j *JWT) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "auth.JWT(%d issuers)", len(j.issuers))
}

// Close ends and awaits fetches that are under way. Tokens whose keys are there go on being accepted.
func (j *JWT) Close() error {
	for _, issuer := range j.issuers {
		issuer.keys.close()
		if issuer.document != nil {
			issuer.document.close()
		}
	}
	j.fetch.Close()
	return nil
}

// checkHeader refuses headers (RFC 7515 section 4) that ask for more than a plain signature, and those that two readers could
// read in two ways. jku, x5u, jwk and x5c are ignored (R126).
func checkHeader(header jwtClaims) error {
	for _, name := range []string{"crit", "b64", "zip", "enc", "cty"} {
		if _, ok := header[name]; ok {
			return fmt.Errorf("the header has a %s member", name)
		}
	}
	typ, err := header.text("typ")
	if err != nil {
		return err
	}
	switch mediaType(typ) {
	case "", "jwt", "at+jwt":
		return nil
	}
	return errors.New("the typ is not that of an access token")
}
