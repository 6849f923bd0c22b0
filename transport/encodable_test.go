package transport_test

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
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

// What a host says of its tools, resources and prompts, and the data of its errors, may be no JSON either: that is told at once, in every era.
func TestListsAndErrorsThatAreNoJSON(t *testing.T) {
	cut := func() error {
		return &jsonrpc.Error{Code: -32000, Message: "s3cr3t", Data: json.RawMessage(`{"s3cr3t":`)}
	}
	server := newServer(map[string]handler{"fails": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return nil, cut() }})
	bad := mcp.Meta{"s3cr3t": math.NaN()}
	server.AddTool(&mcp.Tool{Name: "odd", InputSchema: anyObject, Meta: bad}, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return text("done"), nil })
	server.AddResource(&mcp.Resource{URI: "test:a", Name: "a", Meta: bad}, func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) { return nil, cut() })
	server.AddResourceTemplate(&mcp.ResourceTemplate{URITemplate: "test:{b}", Name: "b", Meta: bad}, nil)
	server.AddPrompt(&mcp.Prompt{Name: "p", Meta: bad}, func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		return nil, &jsonrpc.Error{Code: -32001, Message: "no", Data: json.RawMessage(`{"why":1}`)}
	})
	rg := newRig(t, transport.Config{Server: server, MaxCalls: 1}, nil)
	rg.client.Timeout = 5 * time.Second
	for _, era := range eras {
		for _, test := range [][3]string{
			{"tools/list"}, {"resources/list"}, {"resources/templates/list"}, {"prompts/list"},
			{"tools/call", "fails", `"name":"fails","arguments":{}`}, {"resources/read", "test:a", `"uri":"test:a"`},
		} {
			if a := rg.ask(era, test[0], test[1], test[2]); a.code() != -32603 || string(a.rpc.ID) != "7" || strings.Contains(a.body, "s3cr3t") {
				t.Errorf("%s %s: %d %q", era, test[0], a.status, a.body)
			}
		}
		if a := rg.call(era, "odd"); !strings.Contains(a.body, "done") {
			t.Errorf("%s: %d %s", era, a.status, a.body)
		}
		if a := rg.ask(era, "prompts/get", "p", `"name":"p"`); a.code() != -32001 || !strings.Contains(a.body, `"data":{"why":1}`) {
			t.Errorf("%s, an error with data: %d %s", era, a.status, a.body)
		}
	}
}
