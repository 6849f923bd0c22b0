// Command zscaler-mcp serves a Zscaler tenant over the Model Context Protocol, on stdio or HTTP.
//
// It is configured by environment variables, flags and a file of variables; flags win over the environment,
// and the environment over the file. Secrets are read from the environment only, or from the file that
// NAME_FILE names. See docs/guides/configuration.md.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	// A stray print must not land in the protocol: stdout is kept for it, and os.Stdout leads to stderr.
	streams := streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	os.Stdout = os.Stderr
	os.Exit(run(ctx, os.Args[1:], processEnvironment(), streams))
}

// streams are the standard streams of a run.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run is main with everything from outside as arguments; it returns the exit status.
func run(ctx context.Context, args []string, env environment, std streams) int {
	cmd := newCommand(env, std)
	cmd.SetArgs(args)
	cmd.SetIn(std.in)
	cmd.SetOut(std.out)
	cmd.SetErr(std.err)
	if err := cmd.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(std.err, "zscaler-mcp:", err)
		return 1
	}
	return 0
}
