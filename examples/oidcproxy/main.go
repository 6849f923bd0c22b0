// Oidcproxy lets any MCP client register itself and sign its user in at the company's identity provider. The provider here is one for tests that runs in
// this process, in front of a simulated tenant; a real one differs in address, client id and secret.
//
//	go run ./examples/oidcproxy          # then add the printed address to an MCP client
//	go run ./examples/oidcproxy -once    # walks through the flow by itself, and ends
//	go run ./examples/oidcproxy -idp     # the identity provider alone, to try the binary with; -origin is the binary's public address
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func main() {
	once := flag.Bool("once", false, "walk through the flow and end")
	alone := flag.Bool("idp", false, "serve the identity provider alone, and print what the binary needs")
	origin := flag.String("origin", "http://127.0.0.1:8000", "with -idp: under which clients will reach the binary")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	serve := func(ctx context.Context) error { return run(ctx, os.Stdout, "127.0.0.1:8000") }
	switch {
	case *once:
		serve = func(ctx context.Context) error { return walk(ctx, os.Stdout) }
	case *alone:
		serve = func(ctx context.Context) error { return provide(ctx, os.Stdout, *origin) }
	}
	if err := serve(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, address string) error {
	tenant := zscalertest.NewTenant(zscalertest.Options{}) // stands for a real tenant
	defer tenant.Close()
	origin := "http://" + address
	idp := newProvider(origin) // stands for Entra ID, Okta, Keycloak, …
	defer idp.Close()

	proxy, err := oidcproxy.New(ctx, oidcproxy.Config{
		Upstream:    oidcproxy.Upstream{Issuer: idp.Issuer(), ClientID: "mcp", ClientSecret: secret},
		ResourceURL: origin + "/mcp", Name: "Example MCP server", Logger: slog.Default(),
		Scopes:      []oidcproxy.Scope{{Name: "zscaler:read", Description: "See the settings of the Zscaler tenant"}},
		GrantScopes: scopesOf,
	})
	if err != nil {
		return err
	}
	policy, err := auth.NewScopePolicy(auth.ScopePolicyConfig{Rules: []auth.ScopeRule{{Scope: "zscaler:read", Effects: []string{"read"}}}})
	if err != nil {
		return errors.Join(err, proxy.Close())
	}
	srv, err := zscalermcp.New(
		zscalermcp.WithAuth(proxy), zscalermcp.WithPolicy(policy), zscalermcp.WithCredentials(credentials(tenant)),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
		zscalermcp.WithListen(address), zscalermcp.WithLogger(slog.Default()), zscalermcp.WithEnv(nil),
	)
	if err != nil {
		return errors.Join(err, proxy.Close())
	}
	fmt.Fprintf(out, "Add this to an MCP client, which then opens a browser:\n  %s/mcp\n", origin)
	return srv.Run(ctx)
}
