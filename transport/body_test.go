package transport_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/transport"
)

func nested(depth int) string {
	return `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":` + strings.Repeat("[", depth-2) + strings.Repeat("]", depth-2) + `}}`
}

func TestBadBodiesAreRefusedAndTheServerLives(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	session := rg.open()
	ping := `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	for _, test := range []struct {
		name, body string
		status     int
		code       int
	}{
		{"empty", "", 400, -32700},
		{"garbage", "garbage", 400, -32700},
		{"cut off", ping[:len(ping)-1], 400, -32700},
		{"two values", ping + ping, 400, -32700},
		{"not an object", `"ping"`, 400, -32600},
		{"nested 2000 deep", nested(2000), 400, -32600},
		{"nested 65 deep", nested(65), 400, -32600},
		{"method twice", `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}`, 400, -32600},
		{"method twice, once escaped", `{"jsonrpc":"2.0","id":1,"method":"ping","m\u0065thod":"tools/list"}`, 400, -32600},
		{"id twice", `{"jsonrpc":"2.0","id":1,"method":"ping","id":2}`, 400, -32600},
		{"_meta twice", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{},"_meta":{}}}`, 400, -32600},
		{"5 MiB", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"` + strings.Repeat("x", 5<<20) + `"}}`, 413, -32600},
		{"ping", ping, 200, 0},
		{"nested 64 deep", nested(64), 200, 0},
		{"3 MiB", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"` + strings.Repeat("x", 3<<20) + `"}}`, 200, 0},
	} {
		a := rg.send(http.MethodPost, test.body, "Mcp-Session-Id", session, "Mcp-Protocol-Version", legacy)
		if a.status != test.status || a.code() != test.code {
			t.Errorf("%s: %d, code %d: %.200s", test.name, a.status, a.code(), a.body)
		}
	}
}

// A body of unknown length (chunked) is limited while it is read.
func TestChunkedBodyIsLimited(t *testing.T) {
	rg := newRig(t, transport.Config{MaxBodyBytes: 1000}, nil)
	send := func(size int) int {
		pad := strings.Repeat(" ", size-len(initialize))
		req, err := http.NewRequest(http.MethodPost, rg.url, struct{ *strings.Reader }{strings.NewReader(initialize + pad)})
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = -1
		req.Header.Set("Content-Type", "application/json")
		resp, err := rg.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if status := send(1001); status != http.StatusRequestEntityTooLarge {
		t.Errorf("1001 bytes: %d", status)
	}
	if status := send(1000); status != http.StatusOK {
		t.Errorf("1000 bytes: %d", status)
	}
}

// A body that says it is too large is refused before it is sent.
func TestAnnouncedBodyIsNotAwaited(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(rg.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5242880\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	status, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(status, "413") {
		t.Errorf("%q, %v", status, err)
	}
}

func TestContentTypeAndAccept(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	for _, test := range []struct {
		header, value string
		status        int
	}{
		{"Content-Type", "", http.StatusUnsupportedMediaType}, // what a browser can send across origins
		{"Content-Type", "text/plain", http.StatusUnsupportedMediaType},
		{"Content-Type", "application/json; charset=utf-8", http.StatusOK},
		{"Accept", "text/html", http.StatusBadRequest},
		{"Accept", "", http.StatusOK},
		{"Accept", "*/*", http.StatusOK},
	} {
		if a := rg.send(http.MethodPost, initialize, test.header, test.value); a.status != test.status {
			t.Errorf("%s %q: %d %s", test.header, test.value, a.status, a.body)
		}
	}
}

// Batches are the SDK's: served up to 2025-03-26, refused after.
func TestBatches(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	session := rg.open()
	batch := `[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]`
	if a := rg.send(http.MethodPost, batch, "Mcp-Session-Id", session, "Mcp-Protocol-Version", "2025-03-26"); a.status != http.StatusOK || strings.Count(a.body, `"result"`) != 2 {
		t.Errorf("2025-03-26: %d %s", a.status, a.body)
	}
	if a := rg.send(http.MethodPost, batch, "Mcp-Session-Id", session, "Mcp-Protocol-Version", legacy); a.status != http.StatusBadRequest {
		t.Errorf("2025-11-25: %d %s", a.status, a.body)
	}
}
