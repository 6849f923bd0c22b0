package transport_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

func echo(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	return text("done"), nil
}

func TestBothErasAnswerOnOneEndpoint(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	for _, era := range eras {
		if a := rg.call(era, "echo"); a.status != http.StatusOK || !strings.Contains(a.body, `"done"`) {
			t.Errorf("%s: %d %s", era, a.status, a.body)
		}
	}
	if a := rg.ask(modern, "server/discover", "", ""); a.status != http.StatusOK || !strings.Contains(a.body, modern) {
		t.Errorf("discover: %d %s", a.status, a.body)
	}
}

// A modern body without the version header is told which header is missing, not that the protocol
// is unknown (-32022). In a session the header decides alone.
func TestBodyTellsTheEraWhenNoHeaderDoes(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	body, _ := message(modern, "", "tools/call", "echo", `"name":"echo"`)
	a := rg.send(http.MethodPost, body)
	if a.status != http.StatusBadRequest || a.code() != -32020 || !strings.Contains(a.body, "Protocol-Version header") {
		t.Errorf("without header: %d %s", a.status, a.body)
	}
	a = rg.send(http.MethodPost, body, "Mcp-Session-Id", rg.open())
	if a.status != http.StatusBadRequest || a.code() != -32022 {
		t.Errorf("in a session: %d %s", a.status, a.body)
	}
}

func TestMethodsThatAreNotAllowed(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	for _, test := range []struct{ method, version, allow string }{
		{http.MethodPut, "", "GET, POST, DELETE"},
		{http.MethodGet, modern, "POST"},
		{http.MethodDelete, modern, "POST"},
	} {
		a := rg.send(test.method, "", "Mcp-Protocol-Version", test.version)
		if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != test.allow {
			t.Errorf("%s %s: %d, Allow %q", test.method, test.version, a.status, a.header.Get("Allow"))
		}
	}
}

func TestHeaderThatContradictsTheBodyIsRefused(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo, "other": echo})
	if a := rg.call(modern, "echo", "Mcp-Name", "other"); a.status != http.StatusBadRequest {
		t.Errorf("Mcp-Name: %d %s", a.status, a.body)
	}
	if a := rg.call(modern, "echo", "Mcp-Method", "tools/list"); a.status != http.StatusBadRequest {
		t.Errorf("Mcp-Method: %d %s", a.status, a.body)
	}
}

// D77: on loopback a foreign Host is DNS rebinding.
func TestForeignHostOnLoopbackIsRefused(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	for range 3 {
		if a := rg.call(modern, "echo", "Host", "evil.example"); a.status != http.StatusMisdirectedRequest {
			t.Errorf("foreign host: %d %s", a.status, a.body)
		}
	}
	if log := rg.log.String(); strings.Count(log, "set the public URL") != 1 || !strings.Contains(log, "evil.example") {
		t.Errorf("whoever runs a proxy is not told once: %s", log)
	}
	for _, host := range []string{"localhost:1", "LOCALHOST", "127.9.9.9", "[::1]:1"} {
		if a := rg.call(modern, "echo", "Host", host); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", host, a.status, a.body)
		}
	}
}

// A proxy on the same machine hands on the public host.
func TestPublicHostOnLoopbackIsServed(t *testing.T) {
	rg := newRig(t, transport.Config{PublicHost: "svc.example.com"}, map[string]handler{"echo": echo})
	for host, want := range map[string]int{
		"svc.example.com": 200, "SVC.example.com:443": 200, "svc.example.com.": 200, "localhost": 200,
		"evil.example": 421, "svc.example.com.evil.example": 421, "xsvc.example.com": 421, "localhost.evil.example": 421,
	} {
		if a := rg.call(modern, "echo", "Host", host); a.status != want {
			t.Errorf("%s: %d, want %d: %s", host, a.status, want, a.body)
		}
	}
}

func TestListsStayInOnePageAndPrivate(t *testing.T) {
	tools := make(map[string]handler)
	for i := range 1001 { // the SDK's page has 1000
		tools["tool_"+strings.Repeat("x", i%50)+string(rune('a'+i%26))+strings.Repeat("y", i/50)] = echo
	}
	rg := newRig(t, transport.Config{}, tools)
	for _, era := range eras {
		a := rg.ask(era, "tools/list", "", "")
		if n := strings.Count(a.body, `"inputSchema"`); n != len(tools) || strings.Contains(a.body, "nextCursor") {
			t.Errorf("%s: %d of %d tools", era, n, len(tools))
		}
		if !strings.Contains(a.body, `"cacheScope":"private"`) {
			t.Errorf("%s: cache hint is not private", era)
		}
	}
}

// SEP-2575: prompts are not declared, so they are not there; -32601 is 404 in the new era.
func TestPromptsAreRefusedUntilOneExists(t *testing.T) {
	server := newServer(nil)
	rg := newRig(t, transport.Config{Server: server}, nil)
	ask := func(era, method, name, params string) answer { return rg.ask(era, method, name, params) }
	for _, era := range eras {
		for _, a := range []answer{ask(era, "prompts/list", "", ""), ask(era, "prompts/get", "p", `"name":"p"`)} {
			if a.code() != -32601 {
				t.Errorf("%s: %d %s", era, a.status, a.body)
			}
		}
		if a := ask(era, "resources/list", "", ""); !strings.Contains(a.body, `"resources":[]`) {
			t.Errorf("%s: resources: %s", era, a.body)
		}
	}
	if a := ask(modern, "server/discover", "", ""); strings.Contains(a.body, `"prompts"`) {
		t.Errorf("discover declares prompts: %s", a.body)
	}
	server.AddPrompt(&mcp.Prompt{Name: "p"}, func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{}}, nil
	})
	for _, era := range eras {
		if a := ask(era, "prompts/list", "", ""); !strings.Contains(a.body, `"name":"p"`) {
			t.Errorf("%s: with a prompt: %s", era, a.body)
		}
		if a := ask(era, "prompts/get", "p", `"name":"p"`); a.rpc.Error != nil || !strings.Contains(a.body, "messages") {
			t.Errorf("%s: with a prompt: %s", era, a.body)
		}
	}
}
