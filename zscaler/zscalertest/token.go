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
	clientID string // of the client that may use assertions
	lifetime time.Duration
	now      func() time.Time

	mu      sync.Mutex
	clients map[string]apiClient // by id
	signing []byte
	keys    []*rsa.PublicKey
	served  int
}

func newTokenIssuer(id, secret string, opts Options) *tokenIssuer {
	i := &tokenIssuer{clientID: id, lifetime: opts.TokenLifetime, now: opts.Clock, clients: map[string]apiClient{}}
	if i.lifetime <= 0 {
		i.lifetime = defaultLifetime
	}
	i.addClient(id, secret, opts.Entitlements)
	if opts.PublicKey != nil {
		i.addKey(opts.PublicKey)
	}
	i.revoke()
	return i
}

// An apiClient is an API client of ZIdentity.
type apiClient struct {
	secret   string
	products []string
}

// addClient adds or replaces a client; nil products mean all.
func (i *tokenIssuer) addClient(id, secret string, products []string) {
	if products == nil {
		products = allProducts
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.clients[id] = apiClient{secret, slices.Clone(products)}
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

func (i *tokenIssuer) issue(clientID string) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	info := []any{}
	for _, code := range i.clients[clientID].products {
		info = append(info, object{"prd": code, "rnm": "API Administrator", "tnt": vanityDomain})
	}
	now := i.now()
	claims := jwt.MapClaims{
		"iss": "https://" + vanityDomain + ".zslogin.example.net", "sub": clientID, "aud": apiAudience,
		"iat": now.Unix(), "exp": now.Add(i.lifetime).Unix(), "jti": rand.Text(), "service-info": info,
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(i.signing)
}

// owner returns the client whose token this is, or "" if it is none of ours, not current, or revoked.
func (i *tokenIssuer) owner(token string) string {
	parsed, err := jwt.Parse(token, func(*jwt.Token) (any, error) {
		i.mu.Lock()
		defer i.mu.Unlock()
		return i.signing, nil
	}, jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(i.now), jwt.WithExpirationRequired())
	if err != nil {
		return ""
	}
	owner, _ := parsed.Claims.GetSubject()
	return owner
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
	i.mu.Lock()
	client, ok := i.clients[form.Get("client_id")]
	i.mu.Unlock()
	if assertion != "" {
		ok = ok && form.Get("client_id") == i.clientID && i.verifyAssertion(assertion) == nil
	} else {
		ok = ok && subtle.ConstantTimeCompare([]byte(secret), []byte(client.secret)) == 1
	}
	if !ok {
		return &oauthError{http.StatusUnauthorized, "invalid_client", "Client authentication failed"}
	}
	return nil
}
