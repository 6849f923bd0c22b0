// Stdio serves one local client over a pipe, as desktop clients start their servers. The operating system
// isolates the pipe, so nobody authenticates.
//
//	claude mcp add zscaler -e ZSCALER_VANITY_DOMAIN=… -e ZSCALER_CLIENT_ID=… -e ZSCALER_CLIENT_SECRET=… -- go run ./examples/stdio
package main

import (
	"context"
	"log"
	"log/slog"
	"os"
	"os/signal"

	"github.com/org/zscalermcp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err) // to stderr: stdout is the protocol's
	}
}

// run takes the OneAPI credentials from the environment.
func run(ctx context.Context) error {
	srv, err := zscalermcp.New(zscalermcp.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
	if err != nil {
		return err
	}
	defer func() { _ = srv.Close(context.WithoutCancel(ctx)) }() // ServeStdio has waited for the calls
	return srv.ServeStdio(ctx, os.Stdin, os.Stdout)
}
