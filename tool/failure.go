package tool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A refusal is an error whose text is meant for the caller; the cause is for the log.
type refusal struct {
	text    string
	outcome outcome
	cause   error
}

func (r *refusal) Error() string {
	if r.cause != nil {
		return r.text + " (" + r.cause.Error() + ")"
	}
	return r.text
}

func (r *refusal) Unwrap() error       { return r.cause }
func (r *refusal) PublicError() string { return r.text }

func refuse(format string, args ...any) error {
	return &refusal{text: fmt.Sprintf(format, args...), outcome: outcomeRefused}
}

type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// failure turns an error into a tool error and notes the outcome.
func (c *call) failure(ctx context.Context, err error) *mcp.CallToolResult {
	var (
		invalid *argumentError
		refused *refusal
		crash   *panicError
		public  interface{ PublicError() string }
	)
	text := err.Error()
	if errors.As(err, &public) {
		text = public.PublicError()
	}
	c.outcome = outcomeError
	switch {
	case errors.As(err, &invalid):
		c.outcome = outcomeInvalid
		return errorResult(invalid.Error())
	case errors.As(err, &crash):
		c.outcome = outcomePanic
		text = "The tool failed inside the server. " + c.doubt() + "Report the request id to whoever runs the server."
	case errors.As(err, &refused):
		c.outcome = refused.outcome
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		c.outcome = outcomeTimeout
		text = fmt.Sprintf("The tool did not finish within %v. %sAsk for less at once, or try again later.", c.rt.Timeout, c.doubt())
	case errors.Is(ctx.Err(), context.Canceled):
		c.outcome = outcomeCancelled
		text = "The call was cancelled. " + c.doubt()
	}
	return errorResult(text + "\nRequest id: " + c.id)
}

// doubt warns that a change may have happened all the same.
func (c *call) doubt() string {
	if c.tool.spec.Effect == Read {
		return ""
	}
	return "The change may have been made all the same; read the object before trying again. "
}

func errorResult(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: plain(text)}}}
}

// record writes the one log record of a call.
func (c *call) record(ctx context.Context, took time.Duration, err error) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("tool", c.tool.spec.Name), slog.String("effect", c.tool.spec.Effect.String()),
		slog.Duration("duration", took), slog.String("outcome", string(c.outcome)), slog.String("request_id", c.id),
	}
	if c.principal != nil {
		attrs = append(attrs, slog.String("principal", c.principal.Key()))
	}
	if err != nil && c.outcome != outcomeInvalid { // such an error repeats what the caller sent
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	var crash *panicError
	if errors.As(err, &crash) {
		level = slog.LevelError
		attrs = append(attrs, slog.String("stack", string(crash.stack)))
	}
	c.rt.Logger.LogAttrs(ctx, level, "tool call", attrs...)
}
