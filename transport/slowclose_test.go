package transport_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/transport"
)

// A body that does not come holds up the end no longer than the grace.
func TestCloseEndsSlowBodies(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	conn, err := net.Dial("tcp", strings.TrimPrefix(rg.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
	time.Sleep(50 * time.Millisecond) // until the server reads the body
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := rg.e.Close(ctx); err != nil {
		t.Errorf("Close: %v", err)
	}
}
