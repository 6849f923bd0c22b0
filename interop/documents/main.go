// Command documents serves the product as an authorization server, with a client that is named by the address of its metadata, in front of a simulated
// tenant. The binary reads no documents from loopback, and must not: here the library is told to find the host of the one document in this process. It
// listens on loopback and logs "listening" with its URL, as JSON on standard error, until it is killed. OIDC_SECRET is its secret at the identity provider.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// settings are the arguments.
type settings struct {
	issuer, client, scope string
	secret                auth.Secret
	port                  int
	mode                  oidcproxy.DocumentMode
}

func main() {
	s := settings{secret: auth.Secret(os.Getenv("OIDC_SECRET"))}
	flag.StringVar(&s.issuer, "issuer", "", "issuer of the identity provider")
	flag.StringVar(&s.client, "client", "", "id of the application there")
	flag.StringVar(&s.scope, "scope", "zscaler:read", "scope of all tokens")
	flag.IntVar(&s.port, "port", 0, "port that the application's redirect URI has")
	flag.StringVar((*string)(&s.mode), "documents", string(oidcproxy.DocumentsOn), "whether documents are read: on or off")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if err := serve(ctx, logger, s); err != nil {
		logger.Error("documents ended", "error", err)
		os.Exit(1)
	}
}

// serve serves until ctx ends.
func serve(ctx context.Context, logger *slog.Logger, s settings) (err error) {
	pub, err := publish()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pub.close()) }()
	tenant := zscalertest.NewTenant(zscalertest.Options{})
	defer tenant.Close()
	address := fmt.Sprintf("127.0.0.1:%d", s.port)
	proxy, err := oidcproxy.New(ctx, oidcproxy.Config{
		Upstream:          oidcproxy.Upstream{Issuer: s.issuer, ClientID: s.client, ClientSecret: s.secret},
		ResourceURL:       "http://" + address + "/mcp",
		Scopes:            []oidcproxy.Scope{{Name: s.scope, Description: "See the settings of the tenant"}},
		RequiredScopes:    []string{s.scope},
		MetadataDocuments: oidcproxy.MetadataDocuments{Mode: s.mode, Fetch: pub.fetching()},
		Logger:            logger,
	})
	if err != nil {
		return err
	}
	srv, err := zscalermcp.New(
		zscalermcp.WithAuth(proxy), zscalermcp.WithLogger(logger), zscalermcp.WithListen(address), zscalermcp.WithEnv(nil),
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID, ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
		}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
	)
	if err != nil {
		return errors.Join(err, proxy.Close())
	}
	return srv.Run(ctx)
}
