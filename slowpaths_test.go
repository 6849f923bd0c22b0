package zscalermcp_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp"
)

// A body that does not come ends its connection, whoever answers: what ServeMux and net/http answer by themselves too.
func TestBodiesThatDoNotComeWhereverTheyGo(t *testing.T) {
	var logs logBuffer
	base, end := runs(t, &logs, newServer(t, tenantEnv.option(), withKey(t), logs.option(), zscalermcp.WithListen("127.0.0.1:0"), zscalermcp.WithLimits(quick)))
	for _, request := range []string{
		"POST /mcp", "POST /nothing", "POST /health", // answered here
		"POST //mcp", "POST /./mcp", "GET //mcp", "POST /health/../mcp", // redirected by ServeMux
		"OPTIONS *", // answered by net/http, or ServeMux
	} {
		t.Run(request, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_ = conn.SetDeadline(time.Now().Add(20 * time.Second)) // the answer comes at once, and half a second later the end
			if _, err := io.WriteString(conn, request+" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			reader := bufio.NewReader(conn)
			resp, err := http.ReadResponse(reader, nil)
			if err != nil {
				t.Fatalf("no answer: %v", err)
			}
			_ = resp.Body.Close()
			if _, err := io.Copy(io.Discard, reader); err != nil {
				t.Errorf("answered with %d, and kept open: %v", resp.StatusCode, err)
			}
		})
	}
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	})
}
