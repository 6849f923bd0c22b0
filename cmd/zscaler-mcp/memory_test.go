package main

import (
	"errors"
	"log/slog"
	"math"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// The limit of the container and what the environment says together decide. What the environment sets stays as the runtime has taken it.
func TestMemory(t *testing.T) {
	const gib = 1 << 30
	const none = math.MaxInt64
	contained, free := memlimit.Limit(gib), memlimit.Provider(func() (uint64, error) { return 0, memlimit.ErrNoLimit })
	broken := memlimit.Provider(func() (uint64, error) { return 0, errors.New("no cgroup here") })
	for name, test := range map[string]struct {
		env       map[string]string
		container memlimit.Provider
		before    int64 // what the runtime has made of GOMEMLIMIT
		limit     int64
		percent   int
	}{
		"a container":               {nil, contained, none, gib * 9 / 10, 200},
		"no limit":                  {nil, free, none, none, 100},
		"no cgroup":                 {nil, broken, none, none, 100},
		"a limit of nothing":        {nil, memlimit.Limit(0), none, none, 100},
		"a limit beyond all memory": {nil, memlimit.Limit(math.MaxUint64), none, none, 100},
		"GOMEMLIMIT is set":         {map[string]string{"GOMEMLIMIT": "1MiB"}, contained, 1 << 20, 1 << 20, 200},
		"GOMEMLIMIT is off":         {map[string]string{"GOMEMLIMIT": "off"}, contained, none, none, 100},
		"GOGC is set":               {map[string]string{"GOGC": "100"}, contained, none, gib * 9 / 10, 100},
		"both are set":              {map[string]string{"GOMEMLIMIT": "1MiB", "GOGC": "100"}, contained, 1 << 20, 1 << 20, 100},
		"both are set to nothing":   {map[string]string{"GOMEMLIMIT": "", "GOGC": ""}, contained, none, gib * 9 / 10, 200},
	} {
		t.Run(name, func(t *testing.T) {
			oldLimit, oldPercent := debug.SetMemoryLimit(test.before), debug.SetGCPercent(100)
			defer func() {
				debug.SetMemoryLimit(oldLimit)
				debug.SetGCPercent(oldPercent)
			}()
			var out buffer
			adjustMemory(from(test.env), test.container, slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
			limit, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
			if math.Abs(float64(limit-test.limit)) > 1 || percent != test.percent {
				t.Errorf("limit %d, GOGC %d; want %d, %d", limit, percent, test.limit, test.percent)
			}
			said := out.String()
			if strings.Count(said, "\n") != 1 || strings.Contains(said, "GOMEMLIMIT=") != (limit != test.before) || strings.Contains(said, "GOGC=") != (percent != 100) {
				t.Errorf("the log says: %s", said)
			}
		})
	}
}
