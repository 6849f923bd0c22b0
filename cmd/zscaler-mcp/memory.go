package main

import (
	"log/slog"
	"math"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/org/zscalermcp"
)

const (
	// memoryShare is the part of the container's memory that Go may take before its collector works harder. The rest is for what the
	// runtime does not count.
	memoryShare = 0.9
	// collectorPercent is GOGC below a limit. The MCP SDK's decoder allocates 300 to 500 KiB for each call, which are garbage at its end:
	// with 200 calls take about a quarter less time than with Go's 100. Near the limit the collector runs as often as it must, whatever this says.
	collectorPercent = 200
)

// adjustMemory tells Go's runtime what the container may use, unless the environment of the process does: the variables of the runtime
// are GOMEMLIMIT and GOGC, and one that is set stays in force. Where no limit is known the collector keeps its default:
// nobody has said how much memory there is, and with 200 the heap could grow to three times what is in use.
func adjustMemory(env zscalermcp.Lookup, container memlimit.Provider, log *slog.Logger) {
	var chosen []any
	if !isSet(env, "GOMEMLIMIT") {
		limit, err := memlimit.ApplyRatio(container, memoryShare)()
		if err == nil && limit > 0 && limit < math.MaxInt64 {
			debug.SetMemoryLimit(int64(limit))
			chosen = append(chosen, "GOMEMLIMIT", limit)
		}
	}
	if bounded := debug.SetMemoryLimit(-1) < math.MaxInt64; bounded && !isSet(env, "GOGC") {
		debug.SetGCPercent(collectorPercent)
		chosen = append(chosen, "GOGC", collectorPercent)
	}
	if chosen == nil {
		log.Debug("memory: the environment decides, or no limit is known")
		return
	}
	log.Info("memory: set for a limit that is known", chosen...)
}

func isSet(env zscalermcp.Lookup, name string) bool {
	value, _ := env(name)
	return value != ""
}
