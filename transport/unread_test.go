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
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: strings.Repeat("x", 8<<20)}}}, nil
	}
	rg := newRig(t, transport.Config{MaxCallsPerPrincipal: 1, WriteTimeout: 300 * time.Millisecond}, map[string]handler{"big": big, "echo": echo})
	conn, err := net.Dial("tcp", strings.TrimPrefix(rg.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil { // or the whole answer fits into buffers
		t.Fatal(err)
	}
	body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"big","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
		`"io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}`
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nMcp-Protocol-Version: 2026-07-28\r\n"+
		"Mcp-Method: tools/call\r\nMcp-Name: big\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	becomes := func(status int) bool { // encoding such an answer takes a while under the race detector
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if rg.call(modern, "echo").status == status {
				return true
			}
		}
		return false
	}
	if !becomes(http.StatusTooManyRequests) {
		t.Error("the unread call does not hold the only place")
	}
	if !becomes(http.StatusOK) {
		t.Error("the place is not given back")
	}
}
