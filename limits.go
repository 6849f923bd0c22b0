package zscalermcp

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/transport"
)

// Off as the value of a limit switches it off: Limits{Calls: Off}, Limits{AddressRate: Rate{PerSecond: Off}}.
const Off = transport.Off

// Rate is how often something may happen: so many times a second, and so many at once. Its PerSecond may be [Off].
type Rate = transport.Rate

// Limits bound what callers may use. A zero field keeps its default, [Off] switches the limit off. Those marked with Run concern [Server.Run] only:
// a host's own [net/http.Server] has its own.
type Limits struct {
	HeaderBytes int   // Run: largest header of a request; default 64 KiB
	BodyBytes   int64 // largest request body; default 4 MiB
	JSONDepth   int   // deepest nesting of a message; default 64, at most 500
	AnswerBytes int   // largest text of a tool's answer; default 80 KiB

	Sessions             int           // open sessions of clients older than protocol 2026-07-28, and as many streams; default 1000
	SessionsPerPrincipal int           // of these, for one caller; default 100
	SessionIdle          time.Duration // an idle session ends after this; default 30 minutes
	Calls                int           // calls at once, those that wait for a human included; default 256
	CallsPerPrincipal    int           // of these, for one caller; default 64
	CallTime             time.Duration // longest work of one tool call, without the wait for a human; default 2 minutes
	AddressRate          Rate          // requests of one address (IPv6: one network of 64 bits), before authentication; default 200 a second, 1000 at once
	PrincipalRate        Rate          // requests of one caller; default 100 a second, 500 at once

	Connections    int           // Run: open at a time; those beyond are closed at once; default 10 000
	HeaderTime     time.Duration // Run: in which the header of a request, and the TLS handshake, must arrive; default 5 seconds
	BodyTime       time.Duration // in which a body must arrive; default 30 seconds
	WriteTime      time.Duration // in which a client must take a part of an answer; default 30 seconds
	ConnectionIdle time.Duration // Run: an idle connection ends after this; default 2 minutes
	Heartbeat      time.Duration // a stream without events gets a comment this often, so that proxies keep it open; default 15 seconds

	DrainDelay time.Duration // Run: how long it goes on to accept, not ready, when it is told to end, so that load balancers notice; default 1 second
	Grace      time.Duration // Run: how long it then waits for calls in flight; default 5 seconds; calls that it stops get 3 more to say so
}

// The end of Run is within the 10 seconds that container platforms leave between SIGTERM and SIGKILL: DrainDelay, Grace, and 3 seconds.
const (
	defaultDrainDelay = time.Second
	defaultGrace      = 5 * time.Second
)

// forever is the time limit of what has none.
const forever = 365 * 24 * time.Hour

// humanTime is how long a call may wait for a human, on top of its work before and after.
const humanTime = 5 * time.Minute

// A limit is a field of [Limits] under its name in the environment.
type limit struct {
	name  string
	field func(*Limits) any
}

var limitTable = []limit{
	{"header", func(l *Limits) any { return &l.HeaderBytes }},
	{"body", func(l *Limits) any { return &l.BodyBytes }},
	{"depth", func(l *Limits) any { return &l.JSONDepth }},
	{"answer", func(l *Limits) any { return &l.AnswerBytes }},
	{"sessions", func(l *Limits) any { return &l.Sessions }},
	{"sessions-per-principal", func(l *Limits) any { return &l.SessionsPerPrincipal }},
	{"session-idle", func(l *Limits) any { return &l.SessionIdle }},
	{"calls", func(l *Limits) any { return &l.Calls }},
	{"calls-per-principal", func(l *Limits) any { return &l.CallsPerPrincipal }},
	{"call-time", func(l *Limits) any { return &l.CallTime }},
	{"address-rate", func(l *Limits) any { return &l.AddressRate }},
	{"principal-rate", func(l *Limits) any { return &l.PrincipalRate }},
	{"connections", func(l *Limits) any { return &l.Connections }},
	{"header-time", func(l *Limits) any { return &l.HeaderTime }},
	{"body-time", func(l *Limits) any { return &l.BodyTime }},
	{"write-time", func(l *Limits) any { return &l.WriteTime }},
	{"connection-idle", func(l *Limits) any { return &l.ConnectionIdle }},
	{"heartbeat", func(l *Limits) any { return &l.Heartbeat }},
	{"drain-delay", func(l *Limits) any { return &l.DrainDelay }},
	{"grace", func(l *Limits) any { return &l.Grace }},
}

// check returns every limit that can be none.
func (l *Limits) check() error {
	var errs []error
	for _, limit := range limitTable {
		switch field := limit.field(l).(type) {
		case *int:
			errs = append(errs, checkLimit(limit.name, *field))
		case *int64:
			errs = append(errs, checkLimit(limit.name, *field))
		case *time.Duration:
			errs = append(errs, checkLimit(limit.name, *field))
		case *Rate:
			if r := *field; math.IsNaN(r.PerSecond) || math.IsInf(r.PerSecond, 0) || r.Burst < 0 || r.PerSecond < 0 && r.PerSecond != Off || r.PerSecond == 0 && r.Burst != 0 {
				errs = append(errs, fmt.Errorf("the rate %s must have PerSecond above 0 and a Burst that is not negative; leave both 0 for the default, or say PerSecond: Off", limit.name))
			}
		}
	}
	if l.JSONDepth > maxDepth {
		errs = append(errs, fmt.Errorf("the limit depth is over %d, more than the decoders bear", maxDepth))
	}
	return errors.Join(errs...)
}

const maxDepth = 500

func checkLimit[T int | int64 | time.Duration](name string, value T) error {
	if value < Off {
		return fmt.Errorf("the limit %s is negative; leave it 0 for the default, or say Off", name)
	}
	return nil
}

// resolve fills in what this package uses itself; package transport has defaults for the rest.
func (l *Limits) resolve() {
	resolveCount(&l.HeaderBytes, 64<<10, math.MaxInt32)
	resolveCount(&l.Connections, 10_000, math.MaxInt)
	resolveCount(&l.AnswerBytes, tool.DefaultMaxAnswerBytes, math.MaxInt)
	resolveTime(&l.CallTime, tool.DefaultTimeout, forever)
	resolveTime(&l.HeaderTime, 5*time.Second, 0) // 0 is none in net/http
	resolveTime(&l.ConnectionIdle, 2*time.Minute, 0)
	resolveTime(&l.WriteTime, 30*time.Second, forever)
	resolveTime(&l.DrainDelay, defaultDrainDelay, 0)
	resolveTime(&l.Grace, defaultGrace, forever)
}

func resolveCount(field *int, standard, off int) {
	if *field = cmp.Or(*field, standard); *field == Off {
		*field = off
	}
}

func resolveTime(field *time.Duration, standard, off time.Duration) {
	if *field = min(cmp.Or(*field, standard), forever); *field == Off { // what is longer would run over where limits are added
		*field = off
	}
}

// off returns the names of the limits that are switched off.
func (l *Limits) off() (names []string) {
	for _, limit := range limitTable {
		off := false
		switch field := limit.field(l).(type) {
		case *int:
			off = *field == Off
		case *int64:
			off = *field == Off
		case *time.Duration:
			off = *field == Off
		case *Rate:
			off = field.PerSecond == Off
		}
		if off {
			names = append(names, limit.name)
		}
	}
	return names
}

// limitNames are the names of all limits.
func limitNames() string {
	var names []string
	for _, limit := range limitTable {
		names = append(names, limit.name)
	}
	return strings.Join(slices.Sorted(slices.Values(names)), ", ")
}

// answers is the limit of what a tool, resource or prompt of the host's own says, in all: an answer of a tool holds its text and the same as structured content.
func (l *Limits) answers() int {
	const standard = 4 << 20 // up to which the transport's own limit has room
	if l.AnswerBytes <= standard {
		return 0
	}
	return transport.Off
}
