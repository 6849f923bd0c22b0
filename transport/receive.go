package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
)

// receive is the outermost receiving middleware. It plants the principal of the message, sets the
// deadline, and keeps a panic or an empty result of anything behind it from ending the process. It
// cannot catch a panic in a goroutine that a handler starts, or in a middleware that is installed after it.
func (e *Endpoint) receive(next mcp.MethodHandler) mcp.MethodHandler {
	next = clamp(refusePrompts(next))
	return func(ctx context.Context, method string, req mcp.Request) (res mcp.Result, err error) {
		ctx, err = withPrincipal(ctx, req)
		if err != nil {
			return nil, err
		}
		if extra := req.GetExtra(); extra != nil {
			if out, ok := answerOf(extra.TokenInfo); ok {
				out.place.hold()
				defer out.place.leave()
				out.await()
			}
			if p, ok := callPlaceOf(extra.TokenInfo); ok {
				p.hold()
				defer p.leave()
			}
			if handled, ok := handledOf(extra.TokenInfo); ok {
				defer handled()
			}
		}
		limit := e.cfg.CallTimeout
		if method == methodListen {
			limit = 0 // ends with its stream
		}
		c := e.work.begin(ctx, req.GetSession(), limit)
		defer e.work.end(c)
		defer func() {
			if v := recover(); v != nil {
				res, err = nil, e.panicked(c, method, v)
			}
		}()
		res, err = next(c, method, req)
		if err == nil {
			return e.result(c, method, req, res)
		}
		return nil, e.failure(c, err)
	}
}

// withPrincipal plants the principal of the message in ctx: in a legacy session ctx still has the
// one of its initialize. Over HTTP Extra is never nil; without it ctx has the right one already.
func withPrincipal(ctx context.Context, req mcp.Request) (context.Context, error) {
	extra := req.GetExtra()
	if extra == nil {
		return ctx, nil
	}
	p, ok := principalOf(extra.TokenInfo)
	if !ok {
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "internal error: a message without a principal"}
	}
	id, _ := extra.TokenInfo.Extra[requestIDExtra].(string)
	if current, ok := auth.PrincipalFromContext(ctx); ok && current == p && auth.RequestID(ctx) == id {
		return ctx, nil
	}
	return auth.ContextWithRequestID(auth.ContextWithPrincipal(ctx, p), id), nil
}

// panicked logs a panic and is the error for it. Of the panic value only a runtime error is logged:
// others may hold anything.
func (e *Endpoint) panicked(ctx context.Context, method string, v any) error {
	cause := fmt.Sprintf("%T", v)
	if err, ok := v.(runtime.Error); ok {
		cause = err.Error()
	}
	e.log.ErrorContext(ctx, "panic in a handler", "method", method, "panic", cause, "stack", string(debug.Stack()))
	return &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "internal error: the handler failed; the server's log has the cause"}
}

// result checks what a handler has returned without an error. A nil pointer in the interface would
// end the process in the new era.
func (e *Endpoint) result(ctx context.Context, method string, req mcp.Request, res mcp.Result) (mcp.Result, error) {
	if strings.HasPrefix(method, methodNotify) {
		return nil, nil
	}
	if v := reflect.ValueOf(res); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		e.log.ErrorContext(ctx, "a handler returned neither result nor error", "method", method)
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "internal error: the handler returned nothing"}
	}
	if method == methodInitialize {
		if p, ok := ctx.Value(sessionPlaceKey{}).(*place); ok {
			e.sessions.keep(p, req.GetSession().(*mcp.ServerSession))
		}
	}
	res, err := e.encodable(ctx, method, res)
	if err != nil {
		return nil, err
	}
	return e.fits(res)
}

// failure gives every error a JSON-RPC code; the SDK would send code 0 for a plain one.
func (e *Endpoint) failure(c *call, err error) error {
	if coded := (*jsonrpc.Error)(nil); errors.As(err, &coded) {
		return cmp.Or(e.encodableError(c, coded), err)
	}
	text := err.Error()
	switch {
	case e.work.wasStopped(c):
		text = "the call was stopped because " + refuseShutdown.text
	case errors.Is(context.Cause(c), errCallTimeout):
		text = fmt.Sprintf("the call did not end within %s and was stopped; what it had begun may have been done", e.cfg.CallTimeout)
	}
	return &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: text}
}

// clamp lowers the protocol version that initialize asks for to one that the answer can name: the
// session remembers the version of the request, and with an unknown one elicitation fails.
func clamp(next mcp.MethodHandler) mcp.MethodHandler {
	latest, known := latestLegacy(), mcp.SupportedProtocolVersions()
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		p, ok := req.GetParams().(*mcp.InitializeParams)
		if ok && p != nil && (p.ProtocolVersion >= firstModern || !slices.Contains(known, p.ProtocolVersion)) {
			p.ProtocolVersion = latest
		}
		return next(ctx, method, req)
	}
}

// refusePrompts refuses prompts/* while the server has no prompt for the caller: the SDK answers
// them without having declared the capability, which SEP-2575 forbids.
func refusePrompts(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		if !strings.HasPrefix(method, methodPrompts) {
			return next(ctx, method, req)
		}
		ss, _ := req.GetSession().(*mcp.ServerSession)
		list, err := next(ctx, methodListPrompts, &mcp.ListPromptsRequest{Session: ss, Params: &mcp.ListPromptsParams{}, Extra: req.GetExtra()})
		if err != nil {
			return nil, err
		}
		if prompts, ok := list.(*mcp.ListPromptsResult); !ok || prompts == nil || len(prompts.Prompts) == 0 {
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeMethodNotFound, Message: fmt.Sprintf("method not found: %q", method)}
		}
		return next(ctx, method, req)
	}
}
