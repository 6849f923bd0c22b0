// Command driver does to a server over HTTP what networks, careless clients and strangers do, and fails, with what was wrong, when somebody else is not served
// meanwhile, a refusal is none that a client can act on, or something is left behind. Its first argument is a scenario. It starts the program victim that is beside
// it; with -url it disturbs a server that runs already, whose API key is in ZSCALER_MCP_AUTH_API_KEY.
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

const keyVariable = "ZSCALER_MCP_AUTH_API_KEY"

// options are the flags.
type options struct {
	n       int
	lasts   time.Duration
	streams int
	idle    time.Duration
	header  time.Duration
	body    time.Duration
	leave   bool
	limits  string
	url     string
	gauges  string
	victim  string
}

// A scenario is what is done to a server.
type scenario struct {
	n       int    // how much of it by default
	limits  string // of the victim, ZSCALER_MCP_LIMITS
	callers int    // of the victim, with a key each; 0 means one
	own     bool   // it cannot be done to a server that runs already
	run     func(context.Context, *world) error
}

// scenarios by name. The limits of the victim are those of the product, but for what a scenario is about.
var scenarios = map[string]scenario{
	"idle":      {n: 10000, limits: "sessions=12000", callers: 120, run: idle},
	"crowd":     {n: 2000, limits: "sessions=4000,sessions-per-principal=200", callers: 20, run: crowd},
	"slowloris": {n: 200, callers: 2, run: slowloris},
	"vanish":    {n: 60, limits: "call-time=5s", callers: 2, run: vanish},
	"storm":     {n: 5000, limits: "session-idle=3s", callers: 2, run: storm},
	"bad-tools": {n: 16, limits: "call-time=3s", callers: 2, run: badTools},
	"outage":    {n: 32, limits: "call-time=10s", callers: 16, own: true, run: outage},
	"term":      {n: 64, callers: 8, own: true, run: term},
	"soak":      {n: 32, limits: "call-time=3s,session-idle=5s", callers: 8, run: soak},
	"framing":   {run: framing},
}

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("name a scenario; there are %s", strings.Join(slices.Sorted(maps.Keys(scenarios)), ", ")))
	}
	name := os.Args[1]
	s, ok := scenarios[name]
	if !ok {
		fail(fmt.Errorf("no scenario is named %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(scenarios)), ", ")))
	}
	var o options
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	flags.IntVar(&o.n, "n", s.n, "how many sessions, clients, connections, calls or workers")
	flags.DurationVar(&o.lasts, "for", 30*time.Second, "outage, soak: how long")
	flags.IntVar(&o.streams, "streams", 25, "idle: percent of the sessions with a stream")
	flags.DurationVar(&o.idle, "idle", time.Minute, "idle: when the victim ends sessions that nobody ends")
	flags.DurationVar(&o.header, "header-time", 5*time.Second, "slowloris: in which the server wants a header")
	flags.DurationVar(&o.body, "body-time", 30*time.Second, "slowloris: in which the server wants a body, and an answer taken")
	flags.BoolVar(&o.leave, "leave", true, "vanish: who was asked for a confirmation never comes back; the server waits for it for 5 minutes")
	flags.StringVar(&o.limits, "limits", "", "further ZSCALER_MCP_LIMITS of the victim")
	flags.StringVar(&o.url, "url", "", "the endpoint of a server that runs already")
	flags.StringVar(&o.gauges, "gauges", "", "the gauges of a victim that runs already")
	flags.StringVar(&o.victim, "victim", "", "the program victim; it is beside this one otherwise")
	_ = flags.Parse(os.Args[2:]) // ExitOnError
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := inWorld(ctx, s, o); err != nil {
		fail(fmt.Errorf("%s: %w", name, err))
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
