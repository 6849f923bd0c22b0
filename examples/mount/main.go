// Mount adds the MCP endpoint to a service that has routes of its own already.
//
//	export ZSCALER_VANITY_DOMAIN=… ZSCALER_CLIENT_ID=… ZSCALER_CLIENT_SECRET=… ZSCALER_CUSTOMER_ID=…
//	export MCP_KEY=$(openssl rand -base64 32)
//	go run ./examples/mount
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	mux := http.NewServeMux() // the service's own
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "the service") })

	srv, err := newMCP()
	if err != nil {
		return err
	}
	if err := srv.Mount(mux); err != nil { // adds /tools/mcp, /tools/mcp/ and /mcp-ready
		return err
	}
	hs := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	hs.RegisterOnShutdown(srv.Drain) // ends long streams, so that Shutdown does not wait for them
	ln, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(transport.BoundWrites(ln, 30*time.Second)) }() // ends connections whose peer takes no answer
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(hs.Shutdown(closing), srv.Close(closing))
}

// newMCP reads the OneAPI credentials from the environment, as the binary does.
func newMCP() (*zscalermcp.Server, error) {
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "agents", Key: auth.Secret(os.Getenv("MCP_KEY"))}}})
	if err != nil {
		return nil, err
	}
	return zscalermcp.New(
		zscalermcp.WithAuth(keys),
		zscalermcp.WithPublicURL("https://svc.example.com/tools/mcp"),
		zscalermcp.WithHealth("/mcp-ready"),
		zscalermcp.WithLogger(slog.Default()),
	)
}
