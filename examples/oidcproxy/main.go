// Oidcproxy lets any MCP client register itself and sign its user in at the company's identity provider. The provider here is one for tests that runs in
// this process, in front of a simulated tenant; a real one differs in address, client id and secret.
//
//	go run ./examples/oidcproxy          # then add the printed address to an MCP client
//	go run ./examples/oidcproxy -once    # walks through the flow by itself, and ends
//	go run ./examples/oidcproxy -idp     # the identity provider alone, to try the binary with; -origin is the binary's public address
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
)

func main() {
	once := flag.Bool("once", false, "walk through the flow and end")
	alone := flag.Bool("idp", false, "serve the identity provider alone, and print what the binary needs")
	origin := flag.String("origin", "http://127.0.0.1:8000", "with -idp: under which clients will reach the binary")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	serve := func(ctx context.Context) error { return listen(ctx, os.Stdout, "127.0.0.1:8000") }
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
