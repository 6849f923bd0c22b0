package transport

import (
	"encoding/json"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// fits returns res unless it is larger than [Config].MaxAnswerBytes: that of a tool becomes a tool error, others fail. Declared tools have a limit of their own, far below; this one is
// for tools, resources and prompts that the host has added to the server.
func (e *Endpoint) fits(res mcp.Result) (mcp.Result, error) {
	n := sizeOf(res)
	if n <= e.cfg.MaxAnswerBytes {
		return res, nil
	}
	text := fmt.Sprintf("The answer has %d bytes, and at most %d can be sent. Ask for less at once: for a part of it, with a filter, or for a smaller page.", n, e.cfg.MaxAnswerBytes)
	tool, ok := res.(*mcp.CallToolResult)
	if !ok {
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: text}
	}
	short := *tool // keeps what the SDK has noted in it
	short.Content, short.StructuredContent, short.IsError = []mcp.Content{&mcp.TextContent{Text: text}}, nil, true
	return &short, nil
}

// sizeOf is about the size of what a handler has written into its result, in bytes. To know it better takes as much memory again.
func sizeOf(res mcp.Result) (n int) {
	switch r := res.(type) {
	case *mcp.CallToolResult:
		for _, c := range r.Content {
			n += sizeOfContent(c)
		}
		raw, _ := r.StructuredContent.(json.RawMessage)
		n += len(raw)
	case *mcp.ReadResourceResult:
		for _, c := range r.Contents {
			n += sizeOfResource(c)
		}
	case *mcp.GetPromptResult:
		for _, m := range r.Messages {
			if m != nil {
				n += sizeOfContent(m.Content)
			}
		}
	}
	return n
}

func sizeOfContent(content mcp.Content) int {
	switch c := content.(type) {
	case *mcp.TextContent:
		return len(c.Text)
	case *mcp.ImageContent:
		return len(c.Data)
	case *mcp.AudioContent:
		return len(c.Data)
	case *mcp.EmbeddedResource:
		return sizeOfResource(c.Resource)
	}
	return 0
}

func sizeOfResource(r *mcp.ResourceContents) int {
	if r == nil {
		return 0
	}
	return len(r.Text) + len(r.Blob)
}
