package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// listen is run at an address.
func listen(ctx context.Context, out io.Writer, address string) error {
	held, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return run(ctx, out, held)
}

// run serves where held listens: nothing else that is started here can get its port.
func run(ctx context.Context, out io.Writer, held net.Listener) error {
	defer func() { _ = held.Close() }()
	tenant := zscalertest.NewTenant(zscalertest.Options{}) // stands for a real tenant
	defer tenant.Close()
	address := held.Addr().String()
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
	if err := held.Close(); err != nil {
		return errors.Join(err, srv.Close(ctx))
	}
	return srv.Run(ctx)
}
