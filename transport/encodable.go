package transport

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// encodable returns res, or an error when it cannot be sent. The SDK finds that out too late: it would answer nothing, and the call would hold its
// place and its stream, with heartbeats, until the client gives up. Structured content is encoded here, so that its size is known.
func (e *Endpoint) encodable(ctx context.Context, method string, res mcp.Result) (mcp.Result, error) {
	encoded, err := encode(res)
	if err != nil {
		e.log.ErrorContext(ctx, "a handler returned what is no JSON", "method", method, "type", fmt.Sprintf("%T", err)) // its text may hold what was to be sent
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "internal error: the handler returned what cannot be sent; the server's log has the cause"}
	}
	return encoded, nil
}

// encode tries what a host may have put together: in its handlers, or in what it has said of its tools, resources and prompts. What the SDK makes, plain text
// and data cannot fail.
func encode(res mcp.Result) (mcp.Result, error) {
	switch r := res.(type) {
	case *mcp.CallToolResult:
		return encodeTool(r)
	case *mcp.ListToolsResult: // long, and the SDK has encoded the schemas before
		return res, encodeMeta(r)
	}
	_, err := json.Marshal(res)
	return res, err
}

func encodeMeta(r *mcp.ListToolsResult) error {
	metas := []mcp.Meta{r.Meta}
	for _, tool := range r.Tools {
		if tool != nil && len(tool.Meta) > 0 {
			metas = append(metas, tool.Meta)
		}
	}
	_, err := json.Marshal(metas)
	return err
}

// encodableError is encodable for the error of a handler, whose data may be no JSON.
func (e *Endpoint) encodableError(ctx context.Context, err *jsonrpc.Error) error {
	if len(err.Data) == 0 || json.Valid(err.Data) {
		return nil
	}
	e.log.ErrorContext(ctx, "a handler returned an error whose data are no JSON", "code", err.Code)
	return &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "internal error: the handler returned an error that cannot be sent; the server's log has the cause"}
}

func encodeTool(r *mcp.CallToolResult) (mcp.Result, error) {
	whole := *r // keeps what the SDK has noted in it
	if len(r.Meta) > 0 || len(r.InputRequests) > 0 || !arePlain(r.Content) {
		whole.StructuredContent = nil
		if _, err := json.Marshal(&whole); err != nil {
			return nil, err
		}
	}
	if raw, ok := r.StructuredContent.(json.RawMessage); r.StructuredContent == nil || ok && json.Valid(raw) {
		return r, nil
	}
	data, err := json.Marshal(r.StructuredContent)
	whole.StructuredContent = json.RawMessage(data)
	return &whole, err
}

// arePlain reports whether there is nothing in contents that could fail to be sent.
func arePlain(contents []mcp.Content) bool {
	for _, content := range contents {
		switch c := content.(type) {
		case *mcp.TextContent:
			if len(c.Meta) > 0 || c.Annotations != nil {
				return false
			}
		case *mcp.ImageContent:
			if len(c.Meta) > 0 || c.Annotations != nil {
				return false
			}
		default:
			return false
		}
	}
	return true
}
