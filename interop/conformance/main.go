// Command conformance serves the tools, prompts and resources that the MCP conformance suite asks for,
// behind this project's authentication and HTTP stack, so that the suite judges that stack. It takes
// its API key from ZSCALER_MCP_AUTH_API_KEY, listens on loopback, and logs "listening" with its URL.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport"
)

const (
	keyVariable = "ZSCALER_MCP_AUTH_API_KEY"
	path        = "/mcp"
	grace       = 10 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := serve(ctx, logger, auth.Secret(os.Getenv(keyVariable))); err != nil {
		logger.Error("the fixture server failed", "error", err)
		os.Exit(1)
	}
}

// serve serves until ctx ends, and then drains.
func serve(ctx context.Context, logger *slog.Logger, key auth.Secret) error {
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "suite", Key: key}}})
	if err != nil {
		return fmt.Errorf("%s: %w", keyVariable, err)
	}
	endpoint, err := transport.New(transport.Config{Server: newServer(logger), Auth: keys, Logger: logger})
	if err != nil {
		return err
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle(path, endpoint)
	logger.Info("listening", "url", "http://"+ln.Addr().String()+path)
	hs := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	return transport.Serve(ctx, hs, ln, endpoint, grace)
}
