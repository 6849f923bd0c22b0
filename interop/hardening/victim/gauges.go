package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// gauges are what the process holds. Zero where the system does not tell.
type gauges struct {
	Goroutines  int    `json:"goroutines"`
	Descriptors int    `json:"descriptors"`
	Heap        uint64 `json:"heap"`     // bytes of live objects, after a collection
	Stacks      uint64 `json:"stacks"`   // bytes
	Resident    uint64 `json:"resident"` // bytes
	Peak        uint64 `json:"peak"`     // bytes that were resident at most
	Calls       int64  `json:"calls"`    // handlers of fault tools that run
}

// A gaugeOf is what the gauges look at, and what they disturb.
type gaugeOf struct {
	tenant   *zscalertest.Tenant
	toTenant *http.Transport
	work     *ledger
}

// startGauges serves /state, /stacks, /heap and /tenant on loopback. Close the server.
func startGauges(ctx context.Context, of gaugeOf) (*http.Server, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(of.state()) })
	mux.HandleFunc("GET /stacks", func(w http.ResponseWriter, _ *http.Request) { _ = pprof.Lookup("goroutine").WriteTo(w, 1) })
	mux.HandleFunc("GET /heap", func(w http.ResponseWriter, _ *http.Request) { _ = pprof.Lookup("heap").WriteTo(w, 0) })
	mux.HandleFunc("POST /tenant/{how}", func(w http.ResponseWriter, r *http.Request) { disturb(w, of.tenant, r.PathValue("how")) })
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	hs := &http.Server{Addr: ln.Addr().String(), Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = hs.Serve(ln) }() // ends with Close
	return hs, nil
}

func (of gaugeOf) state() gauges {
	of.toTenant.CloseIdleConnections()
	runtime.GC() // pools give back what they hold at the second one
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	g := gauges{Goroutines: runtime.NumGoroutine(), Heap: m.HeapAlloc, Stacks: m.StackInuse, Calls: of.work.running.Load()}
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		g.Descriptors = len(entries)
	}
	g.Resident, g.Peak = resident("VmRSS:"), resident("VmHWM:")
	return g
}

// resident reads a line of /proc/self/status, which counts in kB.
func resident(name string) uint64 {
	status, _ := os.ReadFile("/proc/self/status") // there is none on other systems
	_, rest, _ := bytes.Cut(status, []byte(name))
	var kib uint64
	_, _ = fmt.Sscan(string(rest[:min(len(rest), 40)]), &kib)
	return kib << 10
}

// disturb makes the tenant fail in one way until the next word.
func disturb(w http.ResponseWriter, tenant *zscalertest.Tenant, how string) {
	faults := map[string][]zscalertest.Fault{
		"up":     nil,
		"errors": {{Kind: zscalertest.ServerError, Times: -1}, {PathPrefix: "/oauth2", Kind: zscalertest.ServerError, Times: -1}},
		"drops":  {{Kind: zscalertest.DropConnection, Times: -1}, {PathPrefix: "/oauth2", Kind: zscalertest.DropConnection, Times: -1}},
		"hangs":  {{Kind: zscalertest.Slow, Delay: time.Hour, Times: -1}, {PathPrefix: "/oauth2", Kind: zscalertest.Slow, Delay: time.Hour, Times: -1}},
	}
	plan, known := faults[how]
	if !known {
		http.Error(w, "no such trouble", http.StatusNotFound)
		return
	}
	tenant.ClearFaults()
	if how != "up" {
		tenant.Revoke() // the token endpoint is down too, and is asked
	}
	for _, fault := range plan {
		tenant.Fail(fault)
	}
}
