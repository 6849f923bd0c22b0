package zscalertest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Values of the seeded company. They are the same in every tenant.
const (
	clientID      = "h4k2v9d8s1q7x"
	vanityDomain  = "acme"
	customerID    = "288341529047105536"
	microtenantID = "288341529047139712"

	zcellCustomerID = "288341529047105600"
)

// Options change how a tenant behaves. The zero value is a seeded tenant with every product.
type Options struct {
	// TokenLifetime is how long an access token is valid, in whole seconds. Default: 86399 s, as recorded.
	TokenLifetime time.Duration
	// Entitlements are the product codes (such as "ZIA" and "ZPA") in the service-info claim of access
	// tokens. Nil means all; an empty list means none. The gateway itself does not enforce them.
	Entitlements []string
	// PublicKey verifies private_key_jwt assertions; AddPublicKey adds further ones.
	PublicKey *rsa.PublicKey
	// Empty leaves out every seeded object that an administrator could have made or enrolled.
	Empty bool
	// EditLockDelay is how long the gateway blocks before it answers with an edit lock. The real
	// one blocks for about 30 s; the default is not at all.
	EditLockDelay time.Duration
	// Clock tells the time for tokens, timestamps and default time ranges. Default: time.Now.
	Clock func() time.Time
	// BaseURL says where the caller serves Handler, without a final slash. With it NewTenant starts no server.
	BaseURL string
}

// A Tenant is a simulated Zscaler tenant. Make one with NewTenant and end it with Close.
type Tenant struct {
	ClientID     string // client id of the API client
	ClientSecret string // its secret, different in each tenant; never formatted or logged with the tenant
	VanityDomain string // first label of the tenant's own host names
	CustomerID   string // ZPA and ZMS customer id, above 2^53
	// ZCellCustomerID is the customer id of Zscaler Cellular, which counts its customers apart.
	ZCellCustomerID string
	MicrotenantID   string // a ZPA microtenant with objects and policies of its own

	opts   Options
	tokens *tokenIssuer
	faults *faultList
	log    *recorder
	mux    *http.ServeMux
	server *httptest.Server
	closed chan struct{}
	once   sync.Once

	mu sync.Mutex // guards the state of every service
}

// NewTenant starts a tenant on a loopback port. Like httptest.NewServer it panics when it cannot listen.
func NewTenant(opts Options) *Tenant {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	t := &Tenant{
		ClientID: clientID, ClientSecret: newSecret(), VanityDomain: vanityDomain,
		CustomerID: customerID, ZCellCustomerID: zcellCustomerID, MicrotenantID: microtenantID,
		opts: opts, faults: &faultList{}, log: &recorder{}, mux: http.NewServeMux(), closed: make(chan struct{}),
	}
	t.tokens = newTokenIssuer(t.ClientID, t.ClientSecret, opts)
	t.register(newZIA(opts).routes())
	t.register(newZPA(opts).routes())
	t.register(newZID(opts).routes())
	t.register(newZDX(opts).routes())
	t.register(newZMS(opts).routes())
	t.register(newZTW(opts).routes())
	t.register(newZCC(opts).routes())
	t.register(newZINS(opts).routes())
	t.register(newZEASM(opts).routes())
	t.register(newZCell(opts).routes())
	if opts.BaseURL == "" {
		t.server = httptest.NewServer(t.Handler())
	}
	return t
}

func newSecret() string {
	raw := make([]byte, 24)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}

// TokenURL is the address of the OAuth token endpoint.
func (t *Tenant) TokenURL() string { return t.GatewayURL() + tokenPath }

// GatewayURL is the address of the API gateway, without a final slash.
func (t *Tenant) GatewayURL() string {
	if t.server == nil {
		return strings.TrimSuffix(t.opts.BaseURL, "/")
	}
	return t.server.URL
}

// Handler returns the token endpoint and the gateway as one handler, for those who serve it themselves.
func (t *Tenant) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == tokenPath {
			t.serveToken(w, r)
			return
		}
		t.serveGateway(w, r)
	})
}

// Close ends every delayed answer, stops the server and waits for requests in flight. It may be called twice.
func (t *Tenant) Close() {
	t.once.Do(func() { close(t.closed) })
	if t.server != nil {
		t.server.Close()
	}
}

// Revoke makes every access token issued so far invalid at the gateway.
func (t *Tenant) Revoke() { t.tokens.revoke() }

// AddClient adds an API client with these product codes as its entitlements, or replaces one of this id. Without a code it is
// entitled to everything.
func (t *Tenant) AddClient(clientID, secret string, products ...string) {
	t.tokens.addClient(clientID, secret, products)
}

// AddPublicKey accepts private_key_jwt assertions signed with the private half of key (RS256) from now on.
func (t *Tenant) AddPublicKey(key *rsa.PublicKey) { t.tokens.addKey(key) }

// TokenRequests counts the requests that the token endpoint has answered. It records nothing else of
// them, since they carry credentials.
func (t *Tenant) TokenRequests() int { return t.tokens.count() }

// Requests returns the latest gateway requests (at most 512), oldest first, including refused ones.
func (t *Tenant) Requests() []Request { return t.log.all() }

// String describes the tenant without its secret.
func (t *Tenant) String() string {
	return fmt.Sprintf("zscalertest.Tenant{%s at %s}", t.VanityDomain, t.GatewayURL())
}

// Format writes String for every verb, so that no format prints the secret.
func (t *Tenant) Format(s fmt.State, _ rune) { fmt.Fprint(s, t.String()) }

// LogValue is String: a log never holds the secret.
func (t *Tenant) LogValue() slog.Value { return slog.StringValue(t.String()) }
