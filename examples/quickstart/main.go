// Quickstart starts a simulated Zscaler tenant and an MCP server in front of it on loopback, takes a tour
// of it as an MCP client, prints a client configuration, and keeps serving until Ctrl-C.
//
//	go run ./examples/quickstart        # tour, then serve
//	go run ./examples/quickstart -once  # tour, then exit
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log"
	"os"
	"os/signal"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func main() {
	once := flag.Bool("once", false, "exit after the tour")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *once); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, once bool) (err error) {
	tenant := zscalertest.NewTenant(zscalertest.Options{}) // stands for a real tenant
	defer tenant.Close()

	key := auth.GenerateAPIKey()
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "quickstart", Key: auth.Secret(key)}}})
	if err != nil {
		return err
	}
	srv, err := zscalermcp.New(
		zscalermcp.WithAuth(keys),
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
			ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
		}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
		zscalermcp.WithWriteTools("zia_*_rule_label"), // everything else stays read-only
		zscalermcp.WithEnv(nil),
	)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeServer(srv)) }()
	address, stop, err := serve(srv)
	if err != nil {
		return err
	}
	defer stop()

	if err := tour(ctx, out, address, key); err != nil || once {
		return err
	}
	printClients(out, address, key)
	<-ctx.Done()
	return nil
}
