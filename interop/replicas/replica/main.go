// Command replica is one of several processes that are one authorization server together, with an endpoint behind it that says who called. It takes its
// secrets from the environment, listens on loopback, and logs "listening" with its URL, as JSON on standard error, until its standard input ends.
package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/redisstore"
)

// Secrets of the environment.
const (
	secretVariable = "REPLICA_CLIENT_SECRET" // of the application at the identity provider
	keysVariable   = "REPLICA_MASTER_KEYS"
	storeVariable  = "REPLICA_STORE_URL"
)

type settings struct {
	resource, idp          string
	documents, documentsCA string
	off, timeout           time.Duration
	lifetimes              oidcproxy.Lifetimes
	offline                bool
}

func main() {
	var s settings
	flag.StringVar(&s.resource, "resource", "", "URL of the endpoint, as its clients know it")
	flag.StringVar(&s.idp, "idp", "", "issuer of the identity provider")
	flag.StringVar(&s.documents, "documents", "", "address and port at which every metadata document is")
	flag.StringVar(&s.documentsCA, "documents-ca", "", "file with the certificate that the documents' server is trusted by")
	flag.DurationVar(&s.off, "clock", 0, "how far the clock of this machine is wrong")
	flag.DurationVar(&s.timeout, "store-timeout", 0, "longest wait for a command of the store")
	flag.DurationVar(&s.lifetimes.ReuseGrace, "grace", 0, "for which a retired refresh token has an answer")
	flag.DurationVar(&s.lifetimes.Code, "code", 0, "life of a code")
	flag.BoolVar(&s.offline, "offline", true, "ask the identity provider for a refresh token")
	flag.Parse()
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := serve(s, logger); err != nil {
		logger.Error("the replica failed", "error", err)
		os.Exit(1)
	}
}

// serve serves until standard input ends.
func serve(s settings, logger *slog.Logger) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	shared, err := redisstore.New(ctx, redisstore.Config{URL: redisstore.Secret(os.Getenv(storeVariable)), Timeout: s.timeout, Logger: logger})
	if err != nil {
		return err
	}
	defer func() { _ = shared.Close() }()
	cfg, err := s.config(shared, logger)
	if err != nil {
		return err
	}
	p, err := oidcproxy.New(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }()
	handler, err := mount(p, logger)
	if err != nil {
		return err
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	hs := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn)}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = hs.Close()
	}()
	logger.Info("listening", "url", "http://"+ln.Addr().String())
	if err := hs.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s settings) config(shared store.Store, logger *slog.Logger) (oidcproxy.Config, error) {
	keys, err := store.ParseKeys(os.Getenv(keysVariable))
	if err != nil {
		return oidcproxy.Config{}, err
	}
	ring, err := store.NewKeyring(keys...)
	if err != nil {
		return oidcproxy.Config{}, err
	}
	off := oidcproxy.Rate{PerSecond: -1} // all requests come from one address
	cfg := oidcproxy.Config{
		Upstream:    oidcproxy.Upstream{Issuer: s.idp, ClientID: "proxy", ClientSecret: auth.Secret(os.Getenv(secretVariable))},
		ResourceURL: s.resource, Keys: ring, Store: shared, Logger: logger, Lifetimes: s.lifetimes,
		Scopes:     []oidcproxy.Scope{{Name: "mcp:read", Description: "See settings"}},
		RateLimits: oidcproxy.RateLimits{Register: off, Authorize: off, Consent: off, Callback: off, Token: off, Revoke: off, Document: off},
		Limits:     oidcproxy.Limits{SignInsPerAddress: 10_000},
		Clock:      func() time.Time { return time.Now().Add(s.off) },
	}
	if !s.offline {
		cfg.Upstream.Scopes = []string{"openid", "profile", "email"}
	}
	cfg.MetadataDocuments.Fetch, err = s.fetching()
	return cfg, err
}

// fetching makes every host of a metadata document the one server of the driver's.
func (s settings) fetching() (safefetch.Config, error) {
	if s.documents == "" {
		return safefetch.Config{}, nil
	}
	certificate, err := os.ReadFile(s.documentsCA)
	if err != nil {
		return safefetch.Config{}, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	return safefetch.Config{Resolver: everywhere{}, RootCAs: roots, Dial: func(ctx context.Context, network string, _ netip.AddrPort) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, s.documents)
	}}, nil
}

// everywhere finds every name at a public address, which nothing is sent to.
type everywhere struct{}

func (everywhere) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("8.8.8.8")}, nil
}

// mount serves the routes of the authorization server, and the endpoint.
func mount(p *oidcproxy.Provider, logger *slog.Logger) (http.Handler, error) {
	mux := http.NewServeMux()
	for _, route := range p.Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _ := auth.PrincipalFromContext(r.Context())
		_ = json.NewEncoder(w).Encode(map[string]any{"sub": who.Subject, "client": who.ClientID}) // the client may be gone
	})
	at, err := url.Parse(p.Resource())
	if err != nil {
		return nil, err
	}
	mux.Handle(at.Path, auth.Middleware(p, auth.MiddlewareConfig{Logger: logger})(endpoint))
	return mux, nil
}
