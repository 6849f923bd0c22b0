package zscalermcp_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/org/zscalermcp"
)

// BenchmarkNew builds a server with the whole catalogue, and with 400 tools besides.
func BenchmarkNew(b *testing.B) {
	for _, kind := range []struct {
		name  string
		tools []zscalermcp.Option
	}{
		{"catalogue", nil},
		{"catalogue+400", []zscalermcp.Option{zscalermcp.WithTools(benchTools(400))}},
	} {
		opts := benchOptions(b, kind.tools...)
		tools := wireTools(b, benchServer(b, opts...))
		b.Run("tools="+kind.name+"/impl=floor", func(b *testing.B) {
			benchBuild(b, func() any { return bare(tools) })
		})
		b.Run("tools="+kind.name+"/impl=ours", func(b *testing.B) {
			benchBuild(b, func() any {
				srv, err := zscalermcp.New(opts...)
				if err != nil {
					b.Fatal(err)
				}
				return srv
			})
		})
	}
}

// benchBuild reports the time of build, and the memory that its result keeps.
func benchBuild(b *testing.B, build func() any) {
	b.ReportAllocs()
	for b.Loop() {
		closeServer(build())
	}
	before := heap()
	kept := build()
	b.ReportMetric(float64(heap()-before)/(1<<20), "retained-MiB")
	closeServer(kept)
}

// closeServer leaves nothing behind of a server that was only built.
func closeServer(built any) {
	if srv, ok := built.(*zscalermcp.Server); ok {
		_ = srv.Close(context.Background())
	}
}

// heap returns the bytes that are alive; the second collection takes what sync.Pools held.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
