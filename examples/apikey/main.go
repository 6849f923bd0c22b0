// Apikey gives two teams a key each, and lets a policy decide what each key may do. It serves a simulated
// tenant, prints what to try, and serves until Ctrl-C.
//
//	go run ./examples/apikey
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
	reader, admin := auth.GenerateAPIKey(), auth.GenerateAPIKey() // a real service keeps them in its secret store
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{
		{Name: "dashboards", Key: auth.Secret(reader), Scopes: []string{"zscaler:read"}},
		{Name: "operators", Key: auth.Secret(admin), Scopes: []string{"zscaler:write"}},
	}})
	if err != nil {
		return err
	}
	policy, err := auth.NewScopePolicy(auth.ScopePolicyConfig{
		Rules: []auth.ScopeRule{
			{Scope: "zscaler:read", Effects: []string{"read"}},
			{Scope: "zscaler:write", Effects: []string{"create", "update", "delete"}},
		},
		Implies: map[string][]string{"zscaler:write": {"zscaler:read"}},
	})
	if err != nil {
		return err
	}
	srv, err := zscalermcp.New(
		zscalermcp.WithAuth(keys), zscalermcp.WithPolicy(policy),
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
			ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
		}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
		zscalermcp.WithToolsets("zia_rule_labels"), zscalermcp.WithWriteTools("zia_*_rule_label"),
		zscalermcp.WithListen(address), zscalermcp.WithLogger(slog.Default()), zscalermcp.WithEnv(nil),
	)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, try, "reads", reader, address)
	fmt.Fprintf(out, try, "also writes", admin, address)
	return srv.Run(ctx)
}

const try = `This key %s:
  KEY=%s
  curl http://%s/mcp -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \
    -H 'Mcp-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/list' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list",
    "params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'
`
