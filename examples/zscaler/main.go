// Zscaler lets each caller bring an API client of their own: the server checks it at OneAPI, and its tools act
// with the caller's rights, under the caller's name in the tenant's audit log. It serves a simulated tenant.
//
//	go run ./examples/zscaler
package main

import (
	"context"
	"errors"
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

func run(ctx context.Context, out io.Writer, address string) (err error) {
	tenant := zscalertest.NewTenant(zscalertest.Options{}) // stands for a real tenant
	defer tenant.Close()
	credentials := zscaler.Credentials{VanityDomain: tenant.VanityDomain, CustomerID: tenant.CustomerID} // no API client of its own
	endpoints := zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}

	client, err := zscaler.New(zscaler.Config{Credentials: credentials, Endpoints: endpoints, CallersOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	callers, err := auth.NewZscaler(auth.ZscalerConfig{Verify: zscalermcp.VerifyCallers(client)})
	if err != nil {
		return err
	}
	srv, err := zscalermcp.New(
		zscalermcp.WithAuth(callers), zscalermcp.WithCallerCredentials(),
		zscalermcp.WithCredentials(credentials), zscalermcp.WithEndpoints(endpoints),
		zscalermcp.WithListen(address), zscalermcp.WithLogger(slog.Default()), zscalermcp.WithEnv(nil),
	)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, try, tenant.ClientID, tenant.ClientSecret, address)
	return srv.Run(ctx)
}

const try = `An API client of the tenant:
  curl -u %s:%s http://%s/mcp -H 'Content-Type: application/json' \
    -H 'Mcp-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: zia_list_rule_labels' \
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"zia_list_rule_labels","arguments":{},
    "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'
`
