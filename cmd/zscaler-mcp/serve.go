package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"text/tabwriter"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// program is one run of the command with its variables resolved.
type program struct {
	lookup zscalermcp.Lookup
	std    streams
}

// logger returns the log that the variables ask for.
func (p *program) logger() (*slog.Logger, error) {
	debug, err := p.isOn("ZSCALER_MCP_DEBUG")
	if err != nil {
		return nil, err
	}
	format, err := p.oneOf("ZSCALER_MCP_LOG_FORMAT", "text", "json")
	if err != nil {
		return nil, err
	}
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if debug {
		options.Level = slog.LevelDebug
	}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(p.std.err, options)), nil
	}
	return slog.New(slog.NewTextHandler(p.std.err, options)), nil
}

// transport returns stdio or streamable-http.
func (p *program) transport() (string, error) {
	name, err := p.oneOf("ZSCALER_MCP_TRANSPORT", "stdio", "streamable-http", "sse")
	if name == "sse" {
		return "", errSSE
	}
	return name, err
}

// build returns the server, and a function that ends what only this program has started.
func (p *program) build() (*zscalermcp.Server, func(), error) {
	logger, err := p.logger()
	if err != nil {
		return nil, nil, err
	}
	options := []zscalermcp.Option{zscalermcp.WithEnv(p.lookup), zscalermcp.WithLogger(logger)}
	demo, err := p.isOn("ZSCALER_MCP_DEMO")
	if err != nil {
		return nil, nil, err
	}
	end := func() {}
	if demo {
		tenant := zscalertest.NewTenant(zscalertest.Options{})
		end = tenant.Close
		options = append(options, demoOptions(tenant)...)
		logger.Info("demo: this is a simulated tenant; nothing here touches Zscaler")
	}
	server, err := zscalermcp.New(options...)
	if err != nil {
		end()
		return nil, nil, err
	}
	return server, end, nil
}

func (p *program) serve(ctx context.Context) error {
	transport, err := p.transport()
	if err != nil {
		return err
	}
	server, end, err := p.build()
	if err != nil {
		return err
	}
	defer end()
	if transport == "streamable-http" {
		return server.Run(ctx)
	}
	defer func() { _ = server.Close(context.WithoutCancel(ctx)) }() // ServeStdio has waited for the calls
	return server.ServeStdio(ctx, p.std.in, p.std.out)
}

// check prints what is on and off.
func (p *program) check() error {
	transport, err := p.transport()
	if err != nil {
		return err
	}
	server, end, err := p.build()
	if err != nil {
		return err
	}
	defer end()
	defer func() { _ = server.Close(context.Background()) }() // nothing was served
	if transport != "stdio" {
		if _, err := server.Handler(); err != nil {
			return err
		}
	}
	encoder := json.NewEncoder(p.std.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Transport string
		zscalermcp.Posture
	}{transport, server.Posture()})
}

// listTools prints the tools that would be offered; it needs no credentials.
func (p *program) listTools(format string) error {
	infos, err := zscalermcp.Tools(zscalermcp.WithEnv(p.lookup), zscalermcp.WithoutAuth())
	if err != nil {
		return err
	}
	switch format {
	case "json":
		encoder := json.NewEncoder(p.std.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(infos)
	case "text":
		table := tabwriter.NewWriter(p.std.out, 0, 0, 2, ' ', 0)
		for _, info := range infos {
			fmt.Fprintf(table, "%s\t%s\t%s\n", info.Name, info.Toolset, info.Effect)
		}
		return table.Flush()
	}
	return fmt.Errorf("--format %q is not known: use text or json", format)
}
