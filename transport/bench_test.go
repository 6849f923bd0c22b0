package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// benchServer has a tool that does nothing but answer 4 KiB, and 399 more to list.
func benchServer() *mcp.Server {
	answer := strings.Repeat("y", 4<<10)
	noop := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return text(answer), nil }
	schema := json.RawMessage(`{"type":"object","properties":{"name":{"type":"string","description":"` + strings.Repeat("what it is ", 20) +
		`"},"ids":{"type":"array","items":{"type":"string"}},"page":{"type":"integer","minimum":1,"maximum":1000}},"required":["name"]}`)
	var o mcp.ServerOptions
	transport.ServerOptions(&o)
	s := mcp.NewServer(&mcp.Implementation{Name: "bench", Version: "1"}, &o)
	for i := range 400 {
		s.AddTool(&mcp.Tool{Name: fmt.Sprintf("tool_%03d", i), Description: strings.Repeat("what it does ", 10), InputSchema: schema}, noop)
	}
	return s
}

// floor is the SDK alone.
func floor(b *testing.B, era string) http.Handler {
	s := benchServer()
	return mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, &mcp.StreamableHTTPOptions{Stateless: era == modern})
}

func ours(b *testing.B, _ string) http.Handler {
	e, err := transport.New(transport.Config{Server: benchServer(), AddressRate: transport.Rate{PerSecond: -1}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Close(context.Background()) })
	return e
}

func bench(b *testing.B, method, name, params string) {
	for _, era := range eras {
		for _, side := range []struct {
			name    string
			handler func(*testing.B, string) http.Handler
		}{{"floor", floor}, {"ours", ours}} {
			b.Run(era+"/"+side.name, func(b *testing.B) {
				srv := httptest.NewServer(side.handler(b, era))
				defer srv.Close()
				session := ""
				if era == legacy {
					session = exchange(b, srv, initialize, nil).Get("Mcp-Session-Id")
				}
				body, headers := message(era, session, method, name, params)
				b.ReportAllocs()
				for b.Loop() {
					exchange(b, srv, body, headers)
				}
			})
		}
	}
}

// exchange sends one POST on a kept connection and reads the answer.
func exchange(b *testing.B, srv *httptest.Server, body string, headers []string) http.Header {
	req, err := http.NewRequest(http.MethodPost, srv.URL, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.Discard, resp.Body); err != nil || n == 0 || resp.StatusCode != http.StatusOK {
		b.Fatalf("%d, %d bytes, %v", resp.StatusCode, n, err)
	}
	return resp.Header
}

// BenchmarkToolCall is a call with 1 KiB of arguments and a 4 KiB answer.
func BenchmarkToolCall(b *testing.B) {
	bench(b, "tools/call", "tool_000", `"name":"tool_000","arguments":{"name":"`+strings.Repeat("x", 1<<10)+`"}`)
}

// BenchmarkToolsList lists 400 tools.
func BenchmarkToolsList(b *testing.B) { bench(b, "tools/list", "", "") }
