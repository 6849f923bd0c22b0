package tool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/isolated"
)

// An offered tool is one that callers may see, as the SDK and as a policy know it.
type offered struct {
	wire      *mcp.Tool
	toolset   string
	operation auth.Operation
}

// guard is a receiving middleware that lets the known tools through and no other, and of them those that the caller may use.
func (e *engine) guard(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		p := principalOrLocal(ctx)
		if params, ok := req.GetParams().(*mcp.CallToolParamsRaw); ok {
			permitted := e.permittedFor(p)
			if params == nil || !permitted(e.known[params.Name]) {
				return nil, unknownTool(params, e.known, permitted)
			}
			return e.outermost(ctx, params.Name, method, req, next)
		}
		result, err := next(ctx, method, req)
		if list, ok := result.(*mcp.ListToolsResult); ok && list != nil {
			return e.listFor(ctx, p, list), err
		}
		return result, err
	}
}

// principalOrLocal returns the caller of ctx. Without one it is the program itself, see [Bind]; a call over HTTP without a principal is refused later.
func principalOrLocal(ctx context.Context) *auth.Principal {
	if p, ok := auth.PrincipalFromContext(ctx); ok {
		return p
	}
	return isolated.Local
}

// permittedFor returns what tells whether p may use a tool; the zero offered is no tool.
func (e *engine) permittedFor(p *auth.Principal) func(offered) bool {
	if e.rt.Permit == nil {
		return func(t offered) bool { return t.wire != nil }
	}
	return func(t offered) bool { return t.wire != nil && e.rt.Permit(p, t.operation) }
}

// unknownTool is what the SDK answers for a name that it has never heard, so that a hidden tool
// cannot be told from one that is not there. Names that are near come from the caller's own tools only.
func unknownTool(params *mcp.CallToolParamsRaw, known map[string]offered, permitted func(offered) bool) error {
	name := ""
	if params != nil {
		name = params.Name
	}
	var names []string
	for _, candidate := range sortedKeys(known) {
		if permitted(known[candidate]) {
			names = append(names, candidate)
		}
	}
	return &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: fmt.Sprintf("unknown tool %q", name) + didYouMean(name, names)}
}

// listFor returns a copy of list without tools that are foreign, not for p, or not listed before p enables their toolset. The cursor goes too: it holds a name.
func (e *engine) listFor(ctx context.Context, p *auth.Principal, list *mcp.ListToolsResult) *mcp.ListToolsResult {
	permitted, enabled, later := e.permittedFor(p), e.enabledFor(ctx, p), e.selected.later
	mine := *list
	mine.NextCursor = ""
	mine.Tools = make([]*mcp.Tool, 0, len(list.Tools))
	for _, t := range list.Tools {
		mate := e.known[t.Name]
		if mate.wire == t && permitted(mate) && (len(later) == 0 || !later[t.Name] || enabled[mate.toolset]) {
			mine.Tools = append(mine.Tools, t)
		}
	}
	if e.rt.Permit != nil || len(later) > 0 {
		mine.CacheScope = "private" // what one caller sees is not for the next
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
