package authtest

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Paths of a provider, below its issuer.
const (
	DiscoveryPath     = "/.well-known/openid-configuration"
	MetadataPath      = "/.well-known/oauth-authorization-server"
	JWKSPath          = "/jwks"
	IntrospectionPath = "/introspect"
	AuthorizePath     = "/authorize"
	TokenPath         = "/token"
	UserInfoPath      = "/userinfo"
	RevocationPath    = "/revoke"
)

// Options change a [Provider]. The zero value is usable.
type Options struct {
	Algorithm    string           // that tokens are signed with: RS256 (default), PS256, ES256 or EdDSA
	ClientID     string           // that may introspect; default "resource-server"
	ClientSecret string           // of ClientID; default a random one, see Provider.ClientSecret
	Clock        func() time.Time // default time.Now
	BaseURL      string           // issuer, for those who serve Handler themselves; no server is then started

	NoPKCE            bool // the authorization endpoint does not demand a challenge
	NoIssParameter    bool // its answers have no iss (RFC 9207)
	AlwaysRefresh     bool // a refresh token without offline_access too
	KeepRefreshTokens bool // a refresh token stays the same
}

// A Provider is an OpenID Connect provider for tests. It is safe for concurrent use.
type Provider struct {
	ClientID     string // for introspection
	ClientSecret string // never printed with the provider

	opts   Options
	server *httptest.Server
	base   string

	mu       sync.Mutex
	keys     []*signingKey // the last one signs
	requests map[string]int
	failing  int // status; 0 is none
	revoked  map[string]bool
	opaque   map[string]map[string]any // claims of opaque tokens

	clients       map[string]Client
	user          User // who is signed in at the browser
	users         map[string]User
	disabled      map[string]bool
	codes         map[string]signIn
	accessTokens  map[string]signIn
	refreshTokens map[string]signIn
	tampering     Tampering
	failingPaths  map[string]int
}

// NewProvider starts a provider on a loopback port, or none with Options.BaseURL. Like httptest.NewServer it panics when it cannot; so it does
// for an unknown algorithm. End it with Close.
func NewProvider(opts Options) *Provider {
	if opts.Algorithm == "" {
		opts.Algorithm = "RS256"
	}
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.ClientID == "" {
		opts.ClientID = "resource-server"
	}
	if opts.ClientSecret == "" {
		opts.ClientSecret = randomText()
	}
	p := &Provider{
		ClientID: opts.ClientID, ClientSecret: opts.ClientSecret, opts: opts, base: strings.TrimSuffix(opts.BaseURL, "/"),
		requests: map[string]int{}, revoked: map[string]bool{}, opaque: map[string]map[string]any{},
		clients: map[string]Client{}, user: defaultUser, users: map[string]User{}, disabled: map[string]bool{}, codes: map[string]signIn{},
		accessTokens: map[string]signIn{}, refreshTokens: map[string]signIn{}, failingPaths: map[string]int{},
	}
	p.keys = []*signingKey{newSigningKey(opts.Algorithm)}
	if p.base == "" {
		p.server = httptest.NewServer(p.Handler())
		p.base = p.server.URL
	}
	return p
}

// Issuer is the iss of the provider's tokens, without a slash at its end.
func (p *Provider) Issuer() string { return p.base }

// DiscoveryURL is the address of the discovery document.
func (p *Provider) DiscoveryURL() string { return p.base + DiscoveryPath }

// JWKSURL is the address of the key set.
func (p *Provider) JWKSURL() string { return p.base + JWKSPath }

// IntrospectionURL is the address of the introspection endpoint (RFC 7662).
func (p *Provider) IntrospectionURL() string { return p.base + IntrospectionPath }

// Close stops the server.
func (p *Provider) Close() {
	if p.server != nil {
		p.server.Close()
	}
}

// Rotate makes a new key sign from now on. The old ones stay published until Retire.
func (p *Provider) Rotate() {
	key := newSigningKey(p.opts.Algorithm)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = append(p.keys, key)
}

// Retire publishes the key that signs only.
func (p *Provider) Retire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = p.keys[len(p.keys)-1:]
}

// Fail makes every endpoint answer with status until Fail(0).
func (p *Provider) Fail(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failing = status
}

// Requests counts the requests for a path, such as JWKSPath.
func (p *Provider) Requests(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests[path]
}

// Client is an HTTP client that reaches the provider without a network: requests for its addresses are answered in process, and all others
// fail. It works inside testing/synctest.
func (p *Provider) Client() *http.Client { return &http.Client{Transport: inProcess{p}} }

type inProcess struct{ p *Provider }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(r.URL.String(), t.p.base+"/") {
		return nil, fmt.Errorf("authtest: no provider at %s", r.URL.Host)
	}
	w := httptest.NewRecorder()
	w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat)) // as every server does
	if r.Body == nil {
		r.Body = http.NoBody
	}
	t.p.Handler().ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// Handler is the provider as a handler, for those who serve it themselves.
func (p *Provider) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix("http://"+r.Host+r.URL.Path, "http://"+strings.TrimPrefix(strings.TrimPrefix(p.base, "http://"), "https://"))
		p.mu.Lock()
		p.requests[path]++
		status := p.failing
		if status == 0 {
			status = p.failingPaths[path]
		}
		p.mu.Unlock()
		if status != 0 {
			http.Error(w, "failing", status)
			return
		}
		switch path {
		case DiscoveryPath, MetadataPath:
			p.writeJSON(w, p.metadata())
		case JWKSPath:
			p.writeJSON(w, p.keySet())
		case IntrospectionPath:
			p.introspect(w, r)
		case AuthorizePath:
			p.authorize(w, r)
		case TokenPath:
			p.tokens(w, r)
		case UserInfoPath:
			p.userInfo(w, r)
		case RevocationPath:
			p.revoke(w, r)
		default:
			http.NotFound(w, r)
		}
	})
}

func (p *Provider) metadata() map[string]any {
	document := map[string]any{
		"issuer": p.base, "jwks_uri": p.JWKSURL(), "introspection_endpoint": p.IntrospectionURL(), "userinfo_endpoint": p.base + UserInfoPath,
		"authorization_endpoint": p.base + AuthorizePath, "token_endpoint": p.base + TokenPath, "revocation_endpoint": p.base + RevocationPath,
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post", "none"},
		"id_token_signing_alg_values_supported": []string{p.opts.Algorithm}, "code_challenge_methods_supported": []string{"S256"},
		"authorization_response_iss_parameter_supported": !p.opts.NoIssParameter,
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tampering.Metadata != nil {
		p.tampering.Metadata(document)
	}
	return document
}

func (p *Provider) writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // the client may be gone
}

// Format prints the issuer for every verb: a provider holds a secret.
func (p *Provider) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "authtest.Provider("+p.base+")")
}

// LogValue is the issuer.
func (p *Provider) LogValue() slog.Value { return slog.StringValue(p.base) }
