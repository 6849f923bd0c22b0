// Command driver runs several processes of an authorization server (the program replica) over one redis-server, between a client, a browser and an identity
// provider of its own, and ends, stops and slows all of them down at each step. Its argument is a scenario; it fails, and says what was wrong, when somebody
// is signed out, gets two tokens for one, or waits for ever.
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A scenario is what happens in a world.
type scenario struct {
	set setting
	run func(context.Context, *world) error
}

// scenarios by name. Those that keep Redis waiting have a short time for its commands, so that they do not take long themselves.
var scenarios = map[string]scenario{
	"flow":       {setting{}, everyOrder},
	"documents":  {setting{documents: true}, withDocuments},
	"kill":       {setting{}, killed},
	"crash":      {setting{timeout: 2 * time.Second}, crashed},
	"restart":    {setting{timeout: 2 * time.Second}, restarted},
	"stop":       {setting{timeout: time.Second}, stopped},
	"stall":      {setting{timeout: time.Second}, stalled},
	"slow":       {setting{}, slow},
	"away":       {setting{timeout: time.Second}, away},
	"clocks":     {setting{clocks: []time.Duration{-time.Hour, 0, time.Hour}, grace: 15 * time.Second, code: 15 * time.Second}, clocks},
	"races":      {setting{}, races},
	"loss":       {setting{}, loss},
	"revocation": {setting{}, revocation},
	"commands":   {setting{}, commands},
}

func main() {
	var o options
	flag.StringVar(&o.program, "replica", "", "the program replica; it is beside this one otherwise")
	flag.DurationVar(&o.lasts, "for", 5*time.Second, "throughput: for how long each row is measured")
	flag.IntVar(&o.grants, "grants", 200, "throughput: so many users")
	flag.IntVar(&o.clients, "clients", 32, "throughput: so many of them at once, for each replica")
	flag.IntVar(&o.share, "share", 0, "throughput: percent of a core that each replica may use; 0 is all of it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, flag.Arg(0), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // stop does nothing that the end of the process does not
	}
}

// run runs a scenario in a world of its own.
func run(ctx context.Context, name string, o options) error {
	if o.program == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		o.program = filepath.Join(filepath.Dir(self), "replica")
	}
	if name == "throughput" {
		return throughput(ctx, o)
	}
	s, ok := scenarios[name]
	if !ok {
		return fmt.Errorf("no scenario is named %q; there are throughput, %s", name, strings.Join(slices.Sorted(maps.Keys(scenarios)), ", "))
	}
	s.set.program = o.program
	return inWorld(ctx, s.set, s.run)
}

// inWorld makes a world, and ends it. What was wrong in it comes with the ends of the logs.
func inWorld(ctx context.Context, set setting, do func(context.Context, *world) error) error {
	w, err := newWorld(ctx, set)
	if err == nil {
		err = do(ctx, w)
	}
	if err == nil {
		err = w.check()
	}
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, w.logs())
	}
	w.close()
	return err
}
