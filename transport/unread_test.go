package transport_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// A client that does not read its answer gives its place among the calls back after the write timeout.
func TestUnreadAnswersEnd(t *testing.T) {
	big := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: strings.Repeat("x", 32<<20)}}}, nil
	}
	rg := newRig(t, transport.Config{MaxCallsPerPrincipal: 1, WriteTimeout: 300 * time.Millisecond}, map[string]handler{"big": big, "echo": echo})
	conn, err := net.Dial("tcp", strings.TrimPrefix(rg.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"big","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
		`"io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}`
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nMcp-Protocol-Version: 2026-07-28\r\n"+
		"Mcp-Method: tools/call\r\nMcp-Name: big\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	rg.eventually("the unread call holds the only place", func() bool { return rg.call(modern, "echo").status == http.StatusTooManyRequests })
	rg.eventually("the place is free again", func() bool { return rg.call(modern, "echo").status == http.StatusOK })
}
