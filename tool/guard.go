package tool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// guard is a receiving middleware that lets the known tools through and no other.
func (e *engine) guard(known map[string]*mcp.Tool) mcp.Middleware {
	return func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
			switch params := req.GetParams().(type) {
			case *mcp.CallToolParamsRaw:
				if params == nil || known[params.Name] == nil {
					return nil, unknownTool(params, known)
				}
				return e.outermost(ctx, params.Name, method, req, next)
			}
			result, err := next(ctx, method, req)
			if list, ok := result.(*mcp.ListToolsResult); ok && list != nil {
				return onlyKnown(list, known), err
			}
			return result, err
		}
	}
}

// unknownTool is what the SDK answers for a name that it has never heard, so that a hidden tool
// cannot be told from one that is not there. Names that are near come from the known tools only.
func unknownTool(params *mcp.CallToolParamsRaw, known map[string]*mcp.Tool) error {
	name := ""
	if params != nil {
		name = params.Name
	}
	return &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: fmt.Sprintf("unknown tool %q", name) + didYouMean(name, sortedKeys(known))}
}

// onlyKnown returns a copy of list without foreign tools. The cursor goes too: it holds a name.
func onlyKnown(list *mcp.ListToolsResult, known map[string]*mcp.Tool) *mcp.ListToolsResult {
	mine := *list
	mine.NextCursor = ""
	mine.Tools = make([]*mcp.Tool, 0, len(list.Tools))
	for _, t := range list.Tools {
		if known[t.Name] == t {
			mine.Tools = append(mine.Tools, t)
		}
	}
	return &mine
}

// outermost runs a whole call, the human's answer included. Without its deadline a legacy client
// that vanishes while it is asked would keep the session for ever.
func (e *engine) outermost(ctx context.Context, name, method string, req mcp.Request, next mcp.MethodHandler) (mcp.Result, error) {
	limit := 2*e.rt.Timeout + confirmTTL
	if ends, ok := ctx.Deadline(); !ok || time.Until(ends) > limit {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	result, err := next(ctx, method, req)
	var wire *jsonrpc.Error
	if err == nil || errors.As(err, &wire) && error(wire) == err {
		return result, err
	}
	// Our handlers return no error, so the SDK could not ask a legacy client's human. The stream may
	// have begun by then, and only a result can end it.
	e.rt.Logger.LogAttrs(ctx, slog.LevelWarn, "tool confirmation failed", slog.String("tool", name), slog.Any("error", err))
	return errorResult("The confirmation could not be asked for, so nothing was deleted. The client may not support the form, or nobody answered in time. Call again to ask once more."), nil
}
