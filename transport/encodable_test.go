package transport_test

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// A panicking is what a host might put into a result by mistake.
type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("s3cr3t") }

// What cannot be sent is an error in every era, with and without streams, and the call that has made it gives its place and its id back.
func TestResultsThatAreNoJSON(t *testing.T) {
	returns := func(r mcp.CallToolResult) handler {
		return func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			own := r
			own.Content = append([]mcp.Content{&mcp.TextContent{Text: "s3cr3t"}}, r.Content...)
			return &own, nil
		}
	}
	bad := map[string]handler{
		"number":  returns(mcp.CallToolResult{StructuredContent: map[string]any{"a": math.NaN()}}),
		"cut":     returns(mcp.CallToolResult{StructuredContent: json.RawMessage(`{"s3cr3t":`)}),
		"meta":    returns(mcp.CallToolResult{Meta: mcp.Meta{"s3cr3t": make(chan int)}}),
		"content": returns(mcp.CallToolResult{Content: []mcp.Content{&mcp.ImageContent{Annotations: &mcp.Annotations{Priority: math.Inf(1)}}}}),
		"panics":  returns(mcp.CallToolResult{StructuredContent: panicking{}}),
	}
	tools := map[string]handler{"good": returns(mcp.CallToolResult{Meta: mcp.Meta{"a": 1}, StructuredContent: map[string]any{"a": 1.5}})}
	for name, h := range bad {
		tools[name] = h
	}
	rg := newSSERig(t, transport.Config{MaxCalls: 1}, tools)
	session, sse := rg.open(), rg.session()
	for name := range tools {
		for _, accept := range []string{"application/json, text/event-stream", "application/json"} {
			for _, era := range eras {
				body, headers := message(era, session, "tools/call", name, `"name":"`+name+`","arguments":{}`)
				a := rg.send(http.MethodPost, body, append(headers, "Accept", accept)...)
				failed := a.code() == -32603 && !strings.Contains(a.body, "s3cr3t")
				if _, isBad := bad[name]; failed != isBad || string(a.rpc.ID) != "7" || !isBad && !strings.Contains(a.body, `"structuredContent":{"a":1.5}`) {
					t.Errorf("%s %s %s: %d %s", name, era, accept, a.status, a.body)
				}
			}
		}
		sse.accepted(`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"` + name + `"}}`)
		if event := sse.wants(`"id":7`); strings.Contains(event, "-32603") != (bad[name] != nil) {
			t.Errorf("%s over SSE: %s", name, event)
		}
	}
	if log := rg.log.String(); strings.Contains(log, "s3cr3t") || !strings.Contains(log, "no JSON") {
		t.Errorf("log: %s", log)
	}
}

// The same of resources and prompts. Structured content counts whatever its type is.
func TestResultsOfTheHost(t *testing.T) {
	server := newServer(map[string]handler{"large": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{}, StructuredContent: map[string]string{"a": strings.Repeat("x", 5000)}}, nil
	}})
	server.AddResource(&mcp.Resource{URI: "test:a", Name: "a"}, func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: "test:a", Meta: mcp.Meta{"a": math.NaN()}}}}, nil
	})
	server.AddPrompt(&mcp.Prompt{Name: "p"}, func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		return &mcp.GetPromptResult{Meta: mcp.Meta{"a": math.NaN()}}, nil
	})
	rg := newRig(t, transport.Config{Server: server, MaxAnswerBytes: 4000}, nil)
	for _, era := range eras {
		if a := rg.ask(era, "resources/read", "test:a", `"uri":"test:a"`); a.code() != -32603 {
			t.Errorf("%s resource: %d %s", era, a.status, a.body)
		}
		if a := rg.ask(era, "prompts/get", "p", `"name":"p"`); a.code() != -32603 {
			t.Errorf("%s prompt: %d %s", era, a.status, a.body)
		}
		if a := rg.call(era, "large"); !strings.Contains(a.body, "at most 4000 can be sent") {
			t.Errorf("%s large: %d %.300s", era, a.status, a.body)
		}
	}
}
