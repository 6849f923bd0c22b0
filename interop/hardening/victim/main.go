// Command victim is the product with tools that do what tools must not do, in front of a simulated tenant that can be told to fail. The driver beside it starts
// it and disturbs it. It listens on loopback, takes its API key from ZSCALER_MCP_AUTH_API_KEY and its
// limits from ZSCALER_MCP_LIMITS, logs "listening" with its URL, and tells the driver on a loopback
// address of its own, which is not the product's, how much of what it holds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

const keyVariable = "ZSCALER_MCP_AUTH_API_KEY"

func main() {
	callers := flag.Int("callers", 1, "so many callers: the key of the second one is that of the environment with -1 behind it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := serve(ctx, logger, *callers); err != nil {
		logger.Error("the victim has failed", "error", err)
		os.Exit(1) //nolint:gocritic // stop does nothing that the end of the process does not
	}
}

// serve serves until ctx ends, and then drains, as the binary does.
func serve(ctx context.Context, logger *slog.Logger, callers int) (err error) {
	keys, err := keysOf(callers)
	if err != nil {
		return err
	}
	tenant := zscalertest.NewTenant(zscalertest.Options{})
	defer tenant.Close()
	work := newLedger(os.Stdout)
	toTenant := &http.Transport{MaxIdleConnsPerHost: 16} // like the product's; the gauges do not count what is idle in it
	srv, err := zscalermcp.New(
		zscalermcp.WithEnv(os.LookupEnv), zscalermcp.WithLogger(logger), zscalermcp.WithListen("127.0.0.1:0"), zscalermcp.WithAuth(keys),
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
			ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
		}),
		zscalermcp.WithHTTPClient(&http.Client{Transport: toTenant}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
		zscalermcp.WithTools(work.tools()), zscalermcp.WithWriteTools("zia_delete_*"),
	)
	if err != nil {
		return err
	}
	gauges, err := startGauges(ctx, gaugeOf{tenant, toTenant, work})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, gauges.Close()) }()
	logger.Info("gauges", "url", "http://"+gauges.Addr)
	return srv.Run(ctx)
}

// keysOf are the callers, all of one key, as the driver knows them.
func keysOf(callers int) (*auth.APIKeys, error) {
	key := os.Getenv(keyVariable)
	if key == "" {
		return nil, fmt.Errorf("%s is missing", keyVariable)
	}
	all := []auth.APIKey{{Name: "caller-0", Key: auth.Secret(key)}}
	for i := 1; i < callers; i++ {
		all = append(all, auth.APIKey{Name: fmt.Sprintf("caller-%d", i), Key: auth.Secret(fmt.Sprintf("%s-%d", key, i))})
	}
	return auth.NewAPIKeys(auth.APIKeysConfig{Keys: all})
}
