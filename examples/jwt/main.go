// Jwt admits the access tokens of an identity provider, verified by its published keys. The provider here is
// one for tests that runs in this process, in front of a simulated tenant; a real one differs in the address only.
//
//	go run ./examples/jwt
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, "127.0.0.1:8000"); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, address string) error {
	tenant := zscalertest.NewTenant(zscalertest.Options{}) // stands for a real tenant
	defer tenant.Close()
	idp := authtest.NewProvider(authtest.Options{}) // stands for Entra ID, Okta, Keycloak, …
	defer idp.Close()
	resource := "http://" + address + "/mcp"

	tokens, err := auth.NewJWT(auth.JWTConfig{Issuers: []auth.JWTIssuer{ // presets: auth.EntraID, auth.Okta, …
		{Issuer: idp.Issuer(), JWKSURL: idp.JWKSURL(), Audiences: []string{resource}, RequiredScopes: []string{"zscaler:read"}},
	}})
	if err != nil {
		return err
	}
	srv, err := zscalermcp.New(
		zscalermcp.WithAuth(tokens), zscalermcp.WithPublicURL(resource),
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
			ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
		}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
		zscalermcp.WithListen(address), zscalermcp.WithLogger(slog.Default()), zscalermcp.WithEnv(nil),
	)
	if err != nil {
		return err
	}
	token := idp.Mint(map[string]any{"sub": "alice", "aud": resource, "scope": "zscaler:read"}) // what a client gets at sign-in
	fmt.Fprintf(out, try, token, resource)
	return srv.Run(ctx)
}

const try = `A token that the identity provider has issued for this server:
  TOKEN=%s
  curl %s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -H 'Mcp-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/list' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list",
    "params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'
`
