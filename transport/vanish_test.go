package transport_test

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// What fails after it has reported progress is told within the stream that has begun, and gives its place back.
func TestFaultsAfterProgress(t *testing.T) {
	progress := func(ctx context.Context, req *mcp.CallToolRequest) {
		_ = req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: "p", Progress: 1})
	}
	rg := newRig(t, transport.Config{CallTimeout: 200 * time.Millisecond, MaxCalls: 1}, map[string]handler{
		"panics": func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			progress(ctx, req)
			panic("s3cr3t")
		},
		"hangs": func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			progress(ctx, req)
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"ends": func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			progress(ctx, req)
			return text("done"), nil
		},
	})
	for _, era := range eras {
		for tool, want := range map[string]string{"panics": "the handler failed", "hangs": "did not end within 200ms", "ends": "done"} {
			a := rg.call(era, tool)
			if a.status != http.StatusOK || !strings.Contains(a.body, want) || strings.Contains(a.body, "s3cr3t") || string(a.rpc.ID) != "7" {
				t.Errorf("%s %s: %d %s", era, tool, a.status, a.body)
			}
			if strings.Count(a.body, "event: message\ndata: ") != 2 || !strings.HasSuffix(a.body, "}\n\n") {
				t.Errorf("%s %s: not two events: %q", era, tool, a.body)
			}
		}
	}
}

// Whatever the host's own tools, resources and prompts say, a client gets it or is told how to ask for less. Clients of the SDK end at an event of more than 16 MiB.
func TestAnswersOf50MiB(t *testing.T) {
	var size int
	long := func() string { return strings.Repeat("x", size) }
	server := newServer(map[string]handler{
		"text": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return text(long()), nil },
		"image": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.ImageContent{Data: []byte(long()), MIMEType: "image/png"}}}, nil
		},
		"data": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{}, StructuredContent: json.RawMessage(`{"a":"` + long()[8:] + `"}`)}, nil
		},
	})
	server.AddResource(&mcp.Resource{URI: "test:a", Name: "a"}, func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: "test:a", Text: long()}}}, nil
	})
	server.AddPrompt(&mcp.Prompt{Name: "p"}, func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: long()}}}}, nil
	})
	const limit = 1 << 20
	rg := newRig(t, transport.Config{Server: server, MaxAnswerBytes: limit}, nil)
	for _, test := range []struct{ method, name, params string }{
		{"tools/call", "text", `"name":"text"`}, {"tools/call", "image", `"name":"image"`}, {"tools/call", "data", `"name":"data"`},
		{"resources/read", "test:a", `"uri":"test:a"`}, {"prompts/get", "p", `"name":"p"`},
	} {
		for _, era := range eras {
			size = limit
			if a := rg.ask(era, test.method, test.name, test.params); a.status != http.StatusOK || len(a.body) < limit || a.rpc.Error != nil {
				t.Errorf("%s %s %s, as large as may be: %d %.500s", era, test.method, test.name, a.status, a.body)
			}
			size = 50 << 20
			a := rg.ask(era, test.method, test.name, test.params)
			if len(a.body) > 2000 || !strings.Contains(a.body, "at most 1048576 can be sent. Ask for less") {
				t.Errorf("%s %s %s: %d %.500s", era, test.method, test.name, a.status, a.body)
			}
			if isTool := test.method == "tools/call"; strings.Contains(a.body, `"isError":true`) != isTool || (a.code() == -32603) == isTool {
				t.Errorf("%s %s %s: %.500s", era, test.method, test.name, a.body)
			}
		}
	}
}

func TestAnswersMayBeUnlimited(t *testing.T) {
	long := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return text(strings.Repeat("x", 17<<20)), nil
	}
	for limit, whole := range map[int]bool{transport.Off: true, 0: false} {
		rg := newRig(t, transport.Config{MaxAnswerBytes: limit}, map[string]handler{"long": long})
		if a := rg.call(modern, "long"); (len(a.body) > 17<<20) != whole || strings.Contains(a.body, `"isError":true`) == whole {
			t.Errorf("limit %d: %d, %d bytes", limit, a.status, len(a.body))
		}
	}
}

// Clients that go without a word leave neither goroutines nor places, wherever they are: each round takes all places.
func TestVanishedClientsLeaveNothing(t *testing.T) {
	const places, span = 10, 300 * time.Millisecond
	waits := func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	rg := newRig(t, transport.Config{CallTimeout: span, SessionTimeout: span, Heartbeat: 5 * time.Millisecond, MaxSessions: places, MaxCalls: places},
		map[string]handler{"waits": waits, "confirms": confirms})
	open := func() (session string) {
		rg.eventually("place for a session", func() bool {
			a := rg.send(http.MethodPost, strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1))
			session = a.header.Get("Mcp-Session-Id")
			return a.status == http.StatusOK
		})
		return session
	}
	vanish := func(what, method, body string, headers []string) {
		rg.eventually("place for "+what, func() bool {
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			resp, err := rg.start(ctx, method, body, headers...) // a quiet call has a header, by its first heartbeat
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			return resp.StatusCode == http.StatusOK
		})
	}
	before := runtime.NumGoroutine()
	for range 2 {
		for range places {
			body, headers := message(modern, "", "tools/call", "waits", `"name":"waits"`)
			vanish("a call", "POST", body, headers)
			body, headers = message(modern, "", "subscriptions/listen", "", `"notifications":{"toolsListChanged":true}`)
			vanish("a subscription", "POST", body, headers)
		}
		for _, tool := range []string{"waits", "confirms"} {
			for range places {
				body, headers := message(legacy, open(), "tools/call", "", `"name":"`+tool+`"`)
				vanish("a call that "+tool, "POST", body, headers)
			}
		}
		for range places {
			vanish("a stream", "GET", "", []string{"Mcp-Session-Id", open()})
		}
	}
	rg.client.CloseIdleConnections()
	settle(t, before)
}
