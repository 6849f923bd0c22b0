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

// A batch of 4 MiB would be some 80,000 calls. None is served in any version; one message is.
func TestBatchesAreRefused(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	session := rg.open()
	ping := `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	body, modernHeaders := message(modern, "", "tools/call", "echo", `"name":"echo"`)
	for _, test := range []struct {
		name, body string
		headers    []string
	}{
		{"2025-03-26", ping, []string{"Mcp-Session-Id", session, "Mcp-Protocol-Version", "2025-03-26"}},
		{"no version", ping, []string{"Mcp-Session-Id", session}},
		{legacy, ping, []string{"Mcp-Session-Id", session, "Mcp-Protocol-Version", legacy}},
		{modern, body, modernHeaders},
		{"initialize", initialize, nil},
	} {
		for _, batch := range []string{" [" + test.body + "]", "[" + test.body + "," + test.body + "]", "[]"} {
			a := rg.send(http.MethodPost, batch, test.headers...)
			if a.status != http.StatusBadRequest || a.code() != -32600 || !strings.Contains(a.body, "one message") {
				t.Errorf("%s: %.40s: %d %s", test.name, batch, a.status, a.body)
			}
		}
		if a := rg.send(http.MethodPost, test.body, test.headers...); a.status != http.StatusOK {
			t.Errorf("%s: one message: %d %s", test.name, a.status, a.body)
		}
	}
}

// ids holds what stands for an id, and whether it can be given back as it came.
var ids = map[string]bool{
	`1`: true, `0`: true, `-1`: true, `"a"`: true, `""`: true, `"1.5"`: true, `9007199254740991`: true, `-9007199254740991`: true,
	`1.5`: false, `1e3`: false, `9007199254740992`: false, `-9007199254740992`: false, `9223372036854775807`: false,
	`99999999999999999999999`: false, `1e400`: false, `null`: false, `true`: false, `{}`: false, `[1]`: false,
}

func TestIDs(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	session := rg.open()
	p := newPipe(t, t.Context(), transport.Config{}, nil)
	p.initialize()
	for id, lawful := range ids {
		ping := `{"jsonrpc":"2.0","id":` + id + `,"method":"ping"}`
		want := `"id":` + id + `,"result"`
		status := http.StatusOK
		if !lawful {
			want, status = `"id":null,"error":{"code":-32600`, http.StatusBadRequest
		}
		if a := rg.send(http.MethodPost, ping, "Mcp-Session-Id", session, "Mcp-Protocol-Version", legacy); a.status != status || !strings.Contains(a.body, want) {
			t.Errorf("HTTP, id %s: %d %s", id, a.status, a.body)
		}
		p.write(ping)
		if answer := p.read(); !strings.Contains(answer, want) {
			t.Errorf("stdio, id %s: %s", id, answer)
		}
	}
	p.in.Close()
	if rest, err := p.finish(); rest != "" || err != nil {
		t.Errorf("at the end: %q, %v", rest, err)
	}
}

// Whoever refuses, the answer is a JSON-RPC error that nobody stores.
func TestRefusalsAreJSON(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, nil)
	ann := as("ann")
	session := rg.open(ann...)
	ping := `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	for _, test := range []struct {
		name, method, body string
		headers            []string
		status             int
	}{
		{"no JSON", "POST", "x", nil, 400},
		{"too large", "POST", strings.Repeat("x", 5<<20), nil, 413},
		{"foreign host", "POST", ping, []string{"Host", "evil.example"}, 421},
		{"content type", "POST", ping, []string{"Content-Type", "text/plain"}, 415},
		{"accept", "POST", ping, []string{"Accept", "text/html"}, 400},
		{"version", "POST", ping, []string{"Mcp-Session-Id", session, "Mcp-Protocol-Version", "2000-01-01"}, 400},
		{"no session", "POST", ping, []string{"Mcp-Session-Id", "x"}, 404},
		{"no session, GET", "GET", "", []string{"Mcp-Session-Id", "x"}, 404},
		{"no session id, GET", "GET", "", nil, 400},
		{"no session id, DELETE", "DELETE", "", nil, 400},
		{"session of another", "DELETE", "", []string{"Mcp-Session-Id", session, "Authorization", "Bearer bob"}, 403},
		{"method", "PUT", "", nil, 405},
		{"method, new era", "GET", "", []string{"Mcp-Protocol-Version", modern}, 405},
		{"header mismatch", "POST", ping, []string{"Mcp-Protocol-Version", modern}, 400},
	} {
		a := rg.send(test.method, test.body, append(ann, test.headers...)...)
		if a.status != test.status || a.header.Get("Content-Type") != "application/json" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %v %s", test.name, a.status, a.header, a.body)
		}
		if a.code() == 0 || a.rpc.Error.Message == "" {
			t.Errorf("%s: no JSON-RPC error: %s", test.name, a.body)
		}
	}
	if a := rg.send(http.MethodPost, ping, append(ann, "Mcp-Session-Id", "x")...); string(a.rpc.ID) != "1" {
		t.Errorf("the refusal names another call: %s", a.body)
	}
	a := rg.send(http.MethodPost, ping, append(ann, "Mcp-Session-Id", session)...)
	if a.status != 200 || a.header.Get("Content-Type") != "text/event-stream" || !strings.Contains(a.body, `"result"`) {
		t.Errorf("what is served: %d, %v %s", a.status, a.header, a.body)
	}
}
