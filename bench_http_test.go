package zscalermcp_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
)

// benchHTTP measures one message on both sides in both eras.
func benchHTTP(b *testing.B, method, name, params, want string, opts ...zscalermcp.Option) {
	for _, era := range []string{"stateless", "session"} {
		b.Run("era="+era+"/impl=floor", func(b *testing.B) {
			s := bare(wireTools(b, benchServer(b, opts...)))
			handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, &mcp.StreamableHTTPOptions{Stateless: era == "stateless"})
			benchMessage(b, open(b, handler, "/", "", era), method, name, params, want)
		})
		b.Run("era="+era+"/impl=ours", func(b *testing.B) {
			handler, err := benchServer(b, opts...).Handler()
			if err != nil {
				b.Fatal(err)
			}
			benchMessage(b, open(b, handler, "/mcp", testKey, era), method, name, params, want)
		})
	}
}

func benchMessage(b *testing.B, s side, method, name, params, want string) {
	r := s.message(b, method, name, params)
	buf, _ := s.send(b, r, nil)
	if !bytes.Contains(buf, []byte(want)) || bytes.Contains(buf, []byte(`"isError":true`)) || bytes.Contains(buf, []byte(`"error":`)) {
		b.Fatalf("no %q in the answer: %s", want, buf)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.send(b, r, buf)
	}
}

// BenchmarkToolCall calls a tool that does nothing: 1 KiB of arguments, 4 KiB of answer.
func BenchmarkToolCall(b *testing.B) {
	benchHTTP(b, "tools/call", "bench_noop_0", `"name":"bench_noop_0","arguments":`+benchArguments, `"structuredContent"`, zscalermcp.WithTools(benchTools(1)))
}

// BenchmarkToolsList lists the whole catalogue, tools that write included.
func BenchmarkToolsList(b *testing.B) {
	benchHTTP(b, "tools/list", "", "", `"zpa_delete_segment_group"`)
}
