package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func synthetic(n int) Set {
	set := Set{Name: "demo_set", Doc: "Demo."}
	for i := range n {
		set.Tools = append(set.Tools, New(Spec{
			Name: fmt.Sprintf("demo_list_%d", i), Doc: "List the things that there are.", Effect: Read, In: reflect.TypeFor[everything](), List: true,
			Handle: func(context.Context, Args) (any, error) { return Rows{}, nil },
		}))
	}
	return set
}

func bindAll(tb testing.TB, set Set) *mcp.Server {
	c, err := Compile(set)
	if err != nil {
		tb.Fatal(err)
	}
	sel, err := c.Select(Selection{})
	if err != nil {
		tb.Fatal(err)
	}
	s := mcp.NewServer(&mcp.Implementation{Name: "bench"}, nil)
	if err := Bind(s, sel, Runtime{}); err != nil {
		tb.Fatal(err)
	}
	return s
}

// BenchmarkCompileBind400 compares the whole way from declarations to a server (ours) with the SDK
// registering the same tools with ready schemas (bare).
func BenchmarkCompileBind400(b *testing.B) {
	set := synthetic(400)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			bindAll(b, set)
		}
	})
	schema := compileArgs(b, reflect.TypeFor[everything]()).wire.InputSchema.(json.RawMessage)
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s := mcp.NewServer(&mcp.Implementation{Name: "bench"}, nil)
			for _, t := range set.Tools {
				s.AddTool(&mcp.Tool{Name: t.spec.Name, Description: t.spec.Doc, InputSchema: schema},
					func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
						return &mcp.CallToolResult{}, nil
					})
			}
		}
	})
}

// maxRetained is what a bound catalogue of 400 tools may keep.
const maxRetained = 8 << 20

func TestRetainedMemory(t *testing.T) {
	set := synthetic(400)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := bindAll(t, set)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > maxRetained {
		t.Errorf("400 tools keep %d KiB", kept>>10)
	} else {
		t.Logf("400 tools keep %d KiB", kept>>10)
	}
	runtime.KeepAlive(s)
}

// BenchmarkCall is what the engine adds to a call: 1 KiB of arguments, a record of 4 KiB.
func BenchmarkCall(b *testing.B) {
	record := json.RawMessage(`{"id":216196257331368721,"text":"` + strings.Repeat("x", 4<<10) + `"}`)
	t := New(Spec{
		Name: "demo_get", Doc: "Demo.", Effect: Read, In: reflect.TypeFor[listArgs](),
		Handle: func(context.Context, Args) (any, error) { return record, nil },
	})
	c, err := Compile(Set{Name: "demo_set", Doc: "Demo.", Tools: []Tool{t}})
	if err != nil {
		b.Fatal(err)
	}
	var rt Runtime
	if err := rt.complete(&Selected{}); err != nil {
		b.Fatal(err)
	}
	handle := (&engine{rt: rt}).handler(c.tools[0])
	req := &mcp.CallToolRequest{Params: &mcp.CallToolParamsRaw{
		Arguments: json.RawMessage(`{"id":"1","limit":5,"tags":["a","b"],"body":{"text":"` + strings.Repeat("x", 1<<10) + `"}}`),
	}}
	b.ReportAllocs()
	for b.Loop() {
		if res, err := handle(context.Background(), req); err != nil || res.IsError {
			b.Fatal(err, res)
		}
	}
}
