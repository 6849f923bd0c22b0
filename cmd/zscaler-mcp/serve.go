package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/store/redisstore"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// program is one run of the command with its variables resolved.
type program struct {
	lookup zscalermcp.Lookup // of vars
	vars   *variables
	std    streams
	shared *redisstore.Store // set by build; nil: none
}

// logger returns the log that the variables ask for.
func (p *program) logger() (*slog.Logger, error) {
	debug, debugErr := p.isOn("ZSCALER_MCP_DEBUG")
	format, formatErr := p.oneOf("ZSCALER_MCP_LOG_FORMAT", "text", "json")
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if debug {
		options.Level = slog.LevelDebug
	}
	err := errors.Join(debugErr, formatErr)
	if format == "json" {
		return slog.New(slog.NewJSONHandler(p.std.err, options)), err
	}
	return slog.New(bannerHandler{slog.NewTextHandler(p.std.err, options), p.std.err}), err
}

// Transports.
const (
	transportStdio = "stdio"
	transportHTTP  = "streamable-http"
	transportSSE   = "sse"
)

// transport returns the name of the transport.
func (p *program) transport() (string, error) {
	return p.oneOf("ZSCALER_MCP_TRANSPORT", transportStdio, transportHTTP, transportSSE)
}

// build returns the server and its transport, and a function that ends what only this program has started.
// All mistakes are in the one error. Nobody is asked.
func (p *program) build(ctx context.Context) (server *zscalermcp.Server, transport string, end func(), err error) {
	transport, transportErr := p.transport()
	logger, logErr := p.logger()
	demo, demoErr := p.isOn("ZSCALER_MCP_DEMO")
	strange, nameErr := p.vars.current().strangeNames(transport)
	if len(strange) > 0 {
		logger.Warn("these variables are not known to this version and have no effect", "variables", strange)
	}
	p.vars.advise(logger)
	options := []zscalermcp.Option{zscalermcp.WithEnv(p.lookup), zscalermcp.WithLogger(logger)}
	end = func() {}
	if demo {
		tenant := zscalertest.NewTenant(zscalertest.Options{})
		end = tenant.Close
		options = append(options, demoOptions(tenant, p.lookup)...)
		logger.Info("demo: this is a simulated tenant; nothing here touches Zscaler")
	}
	shared, storeErr := p.openStore(ctx, logger)
	if p.shared = shared; shared != nil {
		options = append(options, zscalermcp.WithStore(shared), zscalermcp.WithLimiter(shared.Limiter()))
	}
	server, newErr := zscalermcp.New(options...)
	if id, _ := p.lookup("ZSCALER_CLIENT_ID"); newErr != nil && id == "" && !demo {
		newErr = fmt.Errorf("%w\n(to look around without a tenant: --demo)", newErr)
	}
	if err := errors.Join(transportErr, logErr, demoErr, nameErr, storeErr, newErr); err != nil {
		end()
		if shared != nil {
			err = errors.Join(err, shared.Close())
		}
		return nil, "", nil, err
	}
	return server, transport, end, nil
}

func (p *program) serve(ctx context.Context) error {
	server, transport, end, err := p.build(ctx)
	if err != nil {
		return err
	}
	defer end()
	logger, err := p.logger()
	if err == nil {
		err = reach(ctx, p.shared, logger)
	}
	if err != nil {
		return errors.Join(err, server.Close(ctx))
	}
	adjustMemory(os.LookupEnv, memlimit.FromCgroup, logger)
	if transport != transportStdio {
		defer p.reloadWhenAsked(server, logger)()
		return server.Run(ctx)
	}
	defer func() { _ = server.Close(context.WithoutCancel(ctx)) }() // ServeStdio has waited for the calls
	return server.ServeStdio(ctx, p.std.in, p.std.out)
}

// check prints what is on and off. It asks nobody, but for the discovery document of an authorization server's identity provider.
func (p *program) check(ctx context.Context) error {
	server, transport, end, err := p.build(ctx)
	if err != nil {
		return err
	}
	defer end()
	defer func() { _ = server.Close(ctx) }() // nothing was served
	if transport != transportStdio {
		if err := server.CheckRun(ctx); err != nil {
			return err
		}
	}
	posture := server.Posture()
	note := "The configuration is complete. Nobody was asked: whether Zscaler accepts the credentials, and whether an identity provider agrees, shows at the first call."
	if posture.Auth == "authorization-server" {
		note = "The configuration is complete. Only the identity provider's discovery document was asked for: whether the provider and Zscaler accept the credentials shows at the first sign-in and call."
	}
	if transport == transportStdio {
		posture.Auth = "not needed: stdio is isolated by the operating system"
	}
	encoder := json.NewEncoder(p.std.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		zscalermcp.Posture
		Note string
	}{posture, note})
}

// listTools prints the tools that would be listed; it needs no credentials.
func (p *program) listTools(format string) error {
	infos, err := zscalermcp.Tools(zscalermcp.WithEnv(p.lookup), zscalermcp.WithoutAuth())
	if err != nil {
		return err
	}
	listed := infos[:0]
	for _, info := range infos {
		if info.Listed {
			listed = append(listed, info)
		}
	}
	switch format {
	case "json":
		encoder := json.NewEncoder(p.std.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(listed)
	case "text":
		table := tabwriter.NewWriter(p.std.out, 0, 0, 2, ' ', 0)
		for _, info := range listed {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", info.Name, info.Toolset, info.Effect, info.Doc)
		}
		return table.Flush()
	}
	return fmt.Errorf("--format %q is not known: use text or json", format)
}
