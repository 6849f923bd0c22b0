package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/org/zscalermcp/internal/lexical"
)

// An APIKey is a key that one caller holds: either the key itself, or its SHA-256 so that the
// configuration holds no secret.
type APIKey struct {
	Name    string            // who holds it: the principal's subject. A single key may go without and is "default"
	Key     Secret            // at least 16 bytes, 32 recommended, of the characters that a Bearer token can have
	SHA256  [sha256.Size]byte // of the key; instead of Key
	Scopes  []string          // scopes that the Principal gets; they restrict nothing by themselves
	Expires time.Time         // when the key ends; zero for never
}

// An APIKeysConfig is the argument of [NewAPIKeys].
type APIKeysConfig struct {
	Keys []APIKey
	// Path is a file of further keys, which is read again when it changes:
	//
	//	{"keys": [{"name": "ci", "sha256": "64 hexadecimal digits", "scopes": ["read"], "expires": "2027-01-01T00:00:00Z"}]}
	Path    string
	Headers []string     // Authorization or X-Api-Key, where only one is to carry the key; see [HeaderReader]. Nil means either
	Logger  *slog.Logger // told when the file cannot be read again; nil means slog.Default()
}

// APIKeys is an [Authenticator] for keys sent as `Authorization: Bearer KEY` or `X-Api-Key: KEY`.
// It keeps only the SHA-256 of each, and compares in constant time with all of them.
type APIKeys struct {
	keys    atomic.Pointer[[]heldKey]
	headers headerSet
	file    *keyFile // nil without Path
}

type heldKey struct {
	digest    [sha256.Size]byte
	principal *Principal // shared by all requests
}

var (
	_ mode         = (*APIKeys)(nil)
	_ Challenger   = (*APIKeys)(nil)
	_ HeaderReader = (*APIKeys)(nil)
	_ Reloader     = (*APIKeys)(nil)
)

const (
	minAPIKeyBytes = 16
	apiKeyMethod   = "api-key"
)

// GenerateAPIKey returns a new random key: 256 bits as 43 characters of base64url.
func GenerateAPIKey() string {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails: the process ends if the system has no randomness
	return base64.RawURLEncoding.EncodeToString(key[:])
}

// NewAPIKeys returns an authenticator for the keys of cfg. The error names every mistake: no key at all, a key
// that is too short or that a header cannot carry, a missing or repeated name, a repeated key, a bad
// scope, a file that cannot be read. It never holds a key. To replace a key, add the new one under a name of its own and give
// the old one an Expires.
func NewAPIKeys(cfg APIKeysConfig) (*APIKeys, error) {
	a := &APIKeys{}
	mistakes := configMistakes{config: "APIKeysConfig"}
	var err error
	a.headers, err = parseHeaders(cfg.Headers, fromAuthorization|fromAPIKey)
	mistakes.check("Headers", err)
	held, err := hold(cfg.Keys, len(cfg.Keys))
	if err != nil {
		mistakes.errs = append(mistakes.errs, err)
	}
	switch {
	case cfg.Path != "":
		a.file = &keyFile{path: cfg.Path, fixed: slices.Clone(cfg.Keys), log: cmp.Or(cfg.Logger, slog.Default())}
		if err != nil {
			a.file.fixed = nil // their mistakes are not those of the file
		}
		if err := a.readAtStart(); err != nil {
			mistakes.errs = append(mistakes.errs, &ConfigError{Field: "APIKeysConfig.Path", Problem: strings.TrimPrefix(err.Error(), keysPrefix), text: err.Error()})
		}
	case len(cfg.Keys) == 0:
		mistakes.errs = append(mistakes.errs, errors.New("auth: no API key; make one with GenerateAPIKey or zscaler-mcp --generate-auth-token"))
	default:
		a.use(held)
	}
	if len(mistakes.errs) > 0 {
		return nil, mistakes.err()
	}
	return a, nil
}

// ReplaceKeys replaces the keys of APIKeysConfig.Keys; those of the file at Path stay. Requests that come later are judged by the new ones. After an error, which
// names every mistake as that of [NewAPIKeys] does, all keys stay as they were. It is safe for concurrent use.
func (a *APIKeys) ReplaceKeys(keys ...APIKey) error {
	if a.file != nil {
		return a.replaceFixed(keys)
	}
	if len(keys) == 0 {
		return errors.New("auth: no API key; make one with GenerateAPIKey or zscaler-mcp --generate-auth-token")
	}
	held, err := hold(keys, len(keys))
	if err != nil {
		return err
	}
	a.use(held)
	return nil
}

// errGone is what open streams of a key hear that is no longer held.
var errGone = errors.New("the API key is no longer held")

// unexpired is an error once the key of p has ended.
func (p *Principal) unexpired(now time.Time) error {
	if !p.Expires.IsZero() && !now.Before(p.Expires) {
		return fmt.Errorf("API key %q %w", p.Subject, errExpired)
	}
	return nil
}

// use takes these keys for the requests to come. Open streams of others, and of those that have a nearer end now, end when they ask.
func (a *APIKeys) use(held []heldKey) {
	for i := range held {
		digest, subject := held[i].digest, held[i].principal.Subject
		held[i].principal = held[i].principal.WithCheck(func(context.Context) error {
			if a.file != nil {
				a.refresh(time.Now())
			}
			for _, key := range *a.keys.Load() {
				if key.digest == digest && key.principal.Subject == subject {
					return key.principal.unexpired(time.Now())
				}
			}
			return errGone
		})
	}
	a.keys.Store(&held)
}

// hold checks keys and turns them into what is kept of them. The first ones are fixed, the others are from a file.
func hold(keys []APIKey, fixed int) ([]heldKey, error) {
	held := make([]heldKey, 0, len(keys))
	var mistakes []error
	for i, key := range keys {
		if key.Name == "" && len(keys) == 1 {
			key.Name = "default"
		}
		next := key.held()
		for _, err := range append(key.mistakes(), clash(held, next, fixed)) {
			if err != nil {
				mistakes = append(mistakes, &ConfigError{
					Field: "APIKeysConfig.Keys", Problem: err.Error(), text: fmt.Sprintf("auth: %s (%q): %s", placeOf(i, fixed), key.Name, err),
				})
			}
		}
		held = append(held, next)
	}
	return held, errors.Join(mistakes...)
}

func (k *APIKey) held() heldKey {
	digest := k.SHA256
	if k.Key != "" {
		digest = sha256.Sum256([]byte(k.Key))
	}
	return heldKey{digest, (&Principal{
		Issuer: apiKeyMethod, Subject: k.Name, ClientID: k.Name, Method: apiKeyMethod,
		Scopes: slices.Clone(k.Scopes), Expires: k.Expires,
	}).named()}
}

func (k *APIKey) mistakes() []error {
	var errs []error
	if k.Name == "" || len(k.Name) > 128 || strings.ContainsFunc(k.Name, func(c rune) bool { return !unicode.IsPrint(c) }) {
		errs = append(errs, errors.New("the name must be 1 to 128 bytes of printable text"))
	}
	if i := slices.IndexFunc(k.Scopes, func(s string) bool { return !lexical.IsScope(s) }); i >= 0 {
		errs = append(errs, fmt.Errorf("scope %d is not a scope-token (RFC 6749 section 3.3)", i+1))
	}
	hashed := k.SHA256 != [sha256.Size]byte{}
	switch {
	case k.Key == "" && !hashed:
		errs = append(errs, errors.New("the key is empty; make one with GenerateAPIKey or zscaler-mcp --generate-auth-token"))
	case k.Key != "" && hashed:
		errs = append(errs, errors.New("set Key or SHA256, not both"))
	case k.SHA256 == sha256.Sum256(nil):
		errs = append(errs, errors.New("the SHA-256 is that of nothing: was the key empty?"))
	case hashed:
	case len(k.Key) < minAPIKeyBytes:
		errs = append(errs, fmt.Errorf("the key has %d bytes, but needs %d; make one with GenerateAPIKey or zscaler-mcp --generate-auth-token", len(k.Key), minAPIKeyBytes))
	case len(k.Key) > maxCredential-len("Bearer "):
		errs = append(errs, errors.New("the key is longer than a request can carry"))
	case looksLikeJWS(string(k.Key)):
		errs = append(errs, errors.New("the key has the form of a JSON Web Token, which is another kind of credential; make one with GenerateAPIKey or zscaler-mcp --generate-auth-token"))
	case !isToken68(string(k.Key)):
		errs = append(errs, errors.New("the key has characters that a Bearer token cannot carry (RFC 6750 section 2.1); make one with GenerateAPIKey or zscaler-mcp --generate-auth-token"))
	}
	return errs
}

// clash compares with the keys before it. Digests that no key set are equal, and named as empty already.
func clash(earlier []heldKey, held heldKey, fixed int) error {
	for i, other := range earlier {
		if other.principal.Subject == held.principal.Subject && held.principal.Subject != "" {
			return fmt.Errorf("the name is that of %s too", placeOf(i, fixed))
		}
		if other.digest == held.digest && held.digest != [sha256.Size]byte{} {
			return fmt.Errorf("the key is that of %s too", placeOf(i, fixed))
		}
	}
	return nil
}

// placeOf is how errors call a key.
func placeOf(i, fixed int) string {
	if i < fixed {
		return fmt.Sprintf("API key %d", i+1)
	}
	return fmt.Sprintf("key %d of the file", i-fixed+1)
}

// Authenticate implements [Authenticator]. A key that is wrong and one that has expired get one
// answer: who tries keys must not learn which of them were good once.
func (a *APIKeys) Authenticate(r *http.Request) (*Principal, error) {
	return judgeHeaders(a, a.headers, r)
}

func (a *APIKeys) judge(_ *http.Request, c credential, now time.Time) (*Principal, error) {
	c = c.within(a.headers)
	key, ok := c.bearer()
	if !ok {
		key = c.apiKey
	}
	if key == "" || looksLikeJWS(key) {
		return nil, ErrNotMine
	}
	if a.file != nil {
		a.refresh(now)
	}
	p := a.find(key)
	if p == nil {
		return nil, invalidCredential(errors.New("no such API key"))
	}
	if err := p.unexpired(now); err != nil {
		return nil, invalidCredential(err)
	}
	return p, nil
}

// find compares key with every held one, so that its time tells nothing of which matched.
func (a *APIKeys) find(key string) *Principal {
	digest, match, keys := sha256.Sum256([]byte(key)), -1, *a.keys.Load()
	for i := range keys {
		equal := subtle.ConstantTimeCompare(digest[:], keys[i].digest[:])
		match = subtle.ConstantTimeSelect(equal, i, match)
	}
	if match < 0 {
		return nil
	}
	return keys[match].principal
}

// Challenges implements [Challenger] with a plain Bearer challenge: there is no metadata to point to.
func (a *APIKeys) Challenges(_ *http.Request, e *Error) []string {
	return []string{bearerChallenge(e, "", nil)}
}

// CredentialHeaders implements [HeaderReader].
func (a *APIKeys) CredentialHeaders() []string { return a.headers.names() }

func (a *APIKeys) mode() string { return apiKeyMethod }

// takes tells that every Bearer token but a JWT is taken for a key, in the headers that are read.
func (a *APIKeys) takes() form {
	var all form
	if a.headers&fromAuthorization != 0 {
		all |= opaqueBearer
	}
	if a.headers&fromAPIKey != 0 {
		all |= headerKey
	}
	return all
}

// usage is what a request without a credential is told.
func (a *APIKeys) usage() string {
	switch a.headers & (fromAuthorization | fromAPIKey) {
	case fromAuthorization:
		return "Send the API key: Authorization: Bearer KEY."
	case fromAPIKey:
		return "Send the API key: X-Api-Key: KEY."
	}
	return "Send the API key: Authorization: Bearer KEY, or X-Api-Key: KEY."
}
