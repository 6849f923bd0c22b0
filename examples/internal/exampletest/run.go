// Package exampletest runs an example as its reader would, for the tests of the examples.
package exampletest

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Start runs an example on a free loopback port until the test ends, and returns what it has printed and its address.
func Start(t *testing.T, run func(ctx context.Context, out io.Writer, address string) error) (printed, address string) {
	t.Helper()
	address = freeAddress(t)
	var out buffer
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, &out, address) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the example ends with %v", err)
		}
	})
	for range 200 {
		if resp, err := http.Get("http://" + address + "/health"); err == nil {
			_ = resp.Body.Close()
			return out.String(), address
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("nothing listens at %s:\n%s", address, out.String())
	return "", ""
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String()
}

// Send sends an MCP request of protocol 2026-07-28 with an Authorization, and returns the status and the body. name is that of a
// tool to call; "" lists the tools.
func Send(t *testing.T, address, authorization, name string) (int, string) {
	t.Helper()
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`
	method, params := "tools/list", "{"+meta+"}"
	if name != "" {
		method, params = "tools/call", `{"name":"`+name+`","arguments":{},`+meta+`}`
	}
	body := strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":` + params + `}`)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/mcp", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"Authorization": {authorization}, "Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"},
		"Mcp-Protocol-Version": {"2026-07-28"}, "Mcp-Method": {method},
	}
	if name != "" {
		r.Header.Set("Mcp-Name", name)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	return resp.StatusCode, string(text)
}

type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
