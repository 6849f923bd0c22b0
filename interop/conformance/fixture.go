package main

import (
	"context"
	"encoding/json"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A fixture is a tool of the suite.
type fixture struct {
	name, doc string
	schema    string // of its input; empty for no arguments
	call      mcp.ToolHandler
}

func (f fixture) addTo(s *mcp.Server) {
	schema := f.schema
	if schema == "" {
		schema = `{"type": "object"}`
	}
	s.AddTool(&mcp.Tool{Name: f.name, Description: f.doc, InputSchema: json.RawMessage(schema)}, f.call)
}

// always is a handler that answers every call alike.
func always(content ...mcp.Content) mcp.ToolHandler {
	return func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return answer(content...), nil
	}
}

func answer(content ...mcp.Content) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: content}
}

func text(s string) mcp.Content { return &mcp.TextContent{Text: s} }

// failed is a tool error, which the model sees.
func failed(err error) *mcp.CallToolResult {
	res := new(mcp.CallToolResult)
	res.SetError(err)
	return res
}

// argument is a string argument of the call.
func argument(req *mcp.CallToolRequest, name string) (string, error) {
	var args map[string]json.RawMessage
	if err := json.Unmarshal(req.Params.Arguments, &args); err != nil {
		return "", err
	}
	var value string
	return value, json.Unmarshal(args[name], &value)
}
