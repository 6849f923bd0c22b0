package zscalertest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	tokenPath       = "/oauth2/v1/token"
	apiAudience     = "https://api.zscaler.com"
	assertionType   = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	defaultLifetime = 86399 * time.Second
	maxTokenForm    = 64 << 10
)

// allProducts are the codes of a tenant that has bought everything.
var allProducts = []string{"ZIA", "ZPA", "ZDX", "ZCC", "CLOUD_CONNECTOR", "ZIAM", "EASM", "ZINSIGHTS", "ZMS", "ZCELL"}

// A tokenIssuer makes and checks access tokens. They carry all their state, so none is kept here:
// revoking means signing with another key.
type tokenIssuer struct {
	clientID, secret string
	lifetime         time.Duration
	products         []string
	now              func() time.Time

	mu      sync.Mutex
	signing []byte
	keys    []*rsa.PublicKey
	served  int
}

func newTokenIssuer(id, secret string, opts Options) *tokenIssuer {
	i := &tokenIssuer{clientID: id, secret: secret, lifetime: opts.TokenLifetime, products: opts.Entitlements, now: opts.Clock}
	if i.lifetime <= 0 {
		i.lifetime = defaultLifetime
	}
	if i.products == nil {
		i.products = allProducts
	}
	i.products = slices.Clone(i.products)
	if opts.PublicKey != nil {
		i.addKey(opts.PublicKey)
	}
	i.revoke()
	return i
}

func (i *tokenIssuer) revoke() {
	key := make([]byte, 32)
	rand.Read(key)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.signing = key
}

func (i *tokenIssuer) addKey(key *rsa.PublicKey) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, key)
}

func (i *tokenIssuer) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.served
}

func (i *tokenIssuer) issue() (string, error) {
	info := make([]any, 0, len(i.products))
	for _, code := range i.products {
		info = append(info, object{"prd": code, "rnm": "API Administrator", "tnt": vanityDomain})
	}
	now := i.now()
	claims := jwt.MapClaims{
		"iss": "https://" + vanityDomain + ".zslogin.example.net", "sub": i.clientID, "aud": apiAudience,
		"iat": now.Unix(), "exp": now.Add(i.lifetime).Unix(), "jti": rand.Text(), "service-info": info,
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(i.signing)
}

// valid reports whether token is one of ours, current and not revoked.
func (i *tokenIssuer) valid(token string) bool {
	_, err := jwt.Parse(token, func(*jwt.Token) (any, error) {
		i.mu.Lock()
		defer i.mu.Unlock()
		return i.signing, nil
	}, jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(i.now), jwt.WithExpirationRequired())
	return err == nil
}

// verifyAssertion checks a client assertion (RFC 7523) for what the vendor's clients send: RS256,
// iss = sub = client id, one audience, exp.
func (i *tokenIssuer) verifyAssertion(assertion string) error {
	i.mu.Lock()
	keys := slices.Clone(i.keys)
	i.mu.Unlock()
	err := errors.New("no public key is registered for this API client")
	for _, key := range keys {
		_, err = jwt.Parse(assertion, func(*jwt.Token) (any, error) { return key, nil },
			jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(i.now), jwt.WithExpirationRequired(),
			jwt.WithIssuer(i.clientID), jwt.WithSubject(i.clientID), jwt.WithAudience(apiAudience))
		if err == nil {
			return nil
		}
	}
	return err
}

// An oauthError is the body of RFC 6749, section 5.2.
type oauthError struct {
	status            int
	code, description string
}

// check judges a token request by its form.
func (i *tokenIssuer) check(form url.Values) *oauthError {
	secret, assertion := form.Get("client_secret"), form.Get("client_assertion")
	switch {
	case form.Get("grant_type") != "client_credentials":
		return &oauthError{http.StatusBadRequest, "unsupported_grant_type", "grant_type must be client_credentials"}
	case form.Get("client_id") == "":
		return &oauthError{http.StatusBadRequest, "invalid_request", "client_id is required"}
	case form.Get("audience") != apiAudience:
		return &oauthError{http.StatusBadRequest, "invalid_request", "audience must be " + apiAudience}
	case secret != "" && assertion != "":
		return &oauthError{http.StatusBadRequest, "invalid_request", "send client_secret or client_assertion, not both"}
	case assertion != "" && form.Get("client_assertion_type") != assertionType:
		return &oauthError{http.StatusBadRequest, "invalid_request", "client_assertion_type must be " + assertionType}
	}
	ok := form.Get("client_id") == i.clientID
	if assertion != "" {
		ok = ok && i.verifyAssertion(assertion) == nil
	} else {
		ok = ok && subtle.ConstantTimeCompare([]byte(secret), []byte(i.secret)) == 1
	}
	if !ok {
		return &oauthError{http.StatusUnauthorized, "invalid_client", "Client authentication failed"}
	}
	return nil
}
