package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/store/redisstore"
)

// openStore returns the store that replicas share, nil if no variable names one. It asks nobody yet.
func (p *program) openStore(ctx context.Context, logger *slog.Logger) (*redisstore.Store, error) {
	address, err := zscalermcp.StoreURL(p.lookup)
	if err != nil || address == "" {
		return nil, err
	}
	redisstore.Quiet() // stderr is for the log
	shared, err := redisstore.New(ctx, redisstore.Config{URL: redisstore.Secret(address), Lazy: true, Logger: logger})
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), "redisstore.Config.URL", "ZSCALER_MCP_STORE_URL"))
	}
	return shared, nil
}

// reach asks the store whether it can do what is needed. One that is another than was meant keeps the server from starting; one that does not answer is
// warned of, since it will be asked when it is needed.
func reach(ctx context.Context, shared *redisstore.Store, logger *slog.Logger) error {
	if shared == nil {
		return nil
	}
	err := shared.Check(ctx)
	if errors.Is(err, redisstore.ErrUnavailable) {
		logger.WarnContext(ctx, "the store of ZSCALER_MCP_STORE_URL does not answer: until it does, confirmed deletions fail, and in mode authorization-server sign-ins, refreshes and calls are answered with 503", "error", err)
		return nil
	}
	if err != nil {
		return errors.New("ZSCALER_MCP_STORE_URL: " + err.Error())
	}
	return nil
}
