package tool

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/isolated"
)

// A call is one run of a tool's handler: a call of the client, or one of its two rounds where a
// human is asked in between.
type call struct {
	*engine
	tool      *compiled
	req       *mcp.CallToolRequest
	id        string // empty until it is needed
	principal *auth.Principal
	outcome   outcome
	tally     tally
	allPages  bool // the caller wants every page of a list
	asking    bool // a Delete is being described: nothing is deleted in this round
}

// An outcome is how a call ended, for the log.
type outcome string

const (
	outcomeOK        outcome = "ok"
	outcomeAsked     outcome = "asked"     // a human or a token is waited for
	outcomeDeclined  outcome = "declined"  // the human said no
	outcomeInvalid   outcome = "invalid"   // the arguments or the query
	outcomeRefused   outcome = "refused"   // no principal, or no valid confirmation
	outcomeError     outcome = "error"     // the handler's error
	outcomeTimeout   outcome = "timeout"   // our deadline
	outcomeCancelled outcome = "cancelled" // the client's
	outcomePanic     outcome = "panic"
)

// handler returns what the SDK calls. It never returns an error: a protocol error is lost on the
// model, and corrupts a stream that has begun.
func (e *engine) handler(t *compiled) mcp.ToolHandler {
	return func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		started := time.Now()
		c := &call{engine: e, tool: t, req: req, outcome: outcomeOK}
		ctx, cancel := context.WithTimeout(ctx, e.rt.Timeout)
		defer cancel()
		result, err := c.run(ctx)
		if err != nil {
			result = c.failure(ctx, err)
		}
		c.count(result)
		c.record(ctx, time.Since(started), err)
		return result, nil
	}
}

// run does the call. A panic becomes an error.
func (c *call) run(ctx context.Context) (result *mcp.CallToolResult, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, &panicError{value: p, stack: debug.Stack()}
		}
	}()
	ctx, err = c.identify(ctx)
	if err != nil {
		return nil, err
	}
	args, err := decode(c.tool.args, c.req.Params.Arguments)
	if err != nil {
		return nil, err
	}
	if err := c.refuseMask(args.raw); err != nil {
		return nil, err
	}
	members, sent := args.raw, len(args.raw)
	expression, err := takeQuery(c.tool, members)
	if err != nil {
		return nil, err
	}
	if err := c.takeAll(members); err != nil {
		return nil, err
	}
	if c.tool.spec.Effect == Delete {
		if result, err := c.confirm(ctx, members); result != nil || err != nil {
			return result, err
		}
	}
	if args.closed = c.tool.closed; len(members) < sent { // the engine has taken some
		args.text = nil
	}
	value, err := c.tool.spec.Handle(ctx, args)
	if err != nil {
		return nil, err
	}
	return c.encode(ctx, value, expression)
}

// identify plants the principal and whatever the runtime adds.
func (c *call) identify(ctx context.Context) (context.Context, error) {
	p, ok := auth.PrincipalFromContext(ctx)
	if !ok {
		if extra := c.req.GetExtra(); extra != nil && (extra.Header != nil || extra.TokenInfo != nil) {
			return ctx, refuse("The server has lost track of who is calling, so nothing was done. This is a fault of the server; report it with the server request id.")
		}
		p = isolated.Local
		ctx = auth.ContextWithPrincipal(ctx, p)
	}
	c.principal = p
	ctx = context.WithValue(ctx, callKey{}, c)
	if c.rt.Context == nil {
		return ctx, nil
	}
	return c.rt.Context(ctx)
}

// takeQuery removes the engine's own argument of a list, or of a record that is queried.
func takeQuery(t *compiled, members map[string]json.RawMessage) (*query, error) {
	raw, ok := members[argQuery]
	if !t.spec.List && !t.spec.Queried || !ok {
		return nil, nil
	}
	delete(members, argQuery)
	var expression string
	if err := json.Unmarshal(raw, &expression); err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	if len(bytes.TrimSpace([]byte(expression))) == 0 {
		return nil, nil
	}
	return parseQuery(expression)
}
