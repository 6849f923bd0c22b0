package tool

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"time"
	"unicode"

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

// Error is for the log. Of the panic value only a runtime error is told: others may hold anything.
func (p *panicError) Error() string {
	if err, ok := p.value.(runtime.Error); ok {
		return "panic: " + err.Error()
	}
	return fmt.Sprintf("panic: a value of type %T", p.value)
}

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
		return errorResult(c.publicText(invalid.Error()))
	case errors.As(err, &crash):
		c.outcome = outcomePanic
		text = "The tool failed inside the server. " + c.doubt() + "Report the server request id to whoever runs the server."
	case errors.As(err, &refused):
		c.outcome = refused.outcome
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		c.outcome = outcomeTimeout
		text = fmt.Sprintf("The tool did not finish within %v. %sAsk for less at once, or try again later.", c.rt.Timeout, c.doubt())
	case errors.Is(ctx.Err(), context.Canceled):
		c.outcome = outcomeCancelled
		text = "The call was cancelled. " + c.doubt()
	}
	return errorResult(c.publicText(text) + "\nServer request id: " + c.requestID(ctx))
}

// requestID names the call in what the caller is told and in the log. Most calls need no name, and a
// random one costs a system call.
func (c *call) requestID(ctx context.Context) string {
	if c.id == "" {
		c.id = c.rt.RequestID(ctx)
	}
	if c.id == "" {
		c.id = rand.Text()[:16]
	}
	return c.id
}

// doubt warns that a change may have happened all the same.
func (c *call) doubt() string {
	switch {
	case c.tool.spec.Effect == Read:
		return ""
	case c.asking:
		return "Nothing was deleted. "
	}
	return "The change may have been made all the same; read the object before trying again. "
}

func errorResult(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: plain(text)}}}
}

// maxLogged bounds each name of a caller in the log, in bytes.
const maxLogged = 256

// logged is a caller's name on one line: identity providers let people choose some of them.
func logged(name string) string {
	return clipTo(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, name), maxLogged)
}

// record writes the one log record of a call.
func (c *call) record(ctx context.Context, took time.Duration, err error) {
	level := slog.LevelInfo
	var crash *panicError
	switch {
	case errors.As(err, &crash):
		level = slog.LevelError
	case err != nil && c.outcome != outcomeInvalid:
		level = slog.LevelWarn
	}
	if !c.rt.Logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("tool", c.tool.spec.Name), slog.String("effect", c.tool.spec.Effect.String()),
		slog.Duration("duration", took), slog.String("outcome", string(c.outcome)), slog.String("request_id", c.requestID(ctx)),
	}
	if c.principal != nil {
		attrs = append(attrs, slog.String("principal", c.principal.Key()), slog.String("issuer", logged(c.principal.Issuer)),
			slog.String("subject", logged(c.principal.Subject)), slog.String("client_id", logged(c.principal.ClientID)))
	}
	if err != nil && c.outcome != outcomeInvalid { // such an error repeats what the caller sent
		attrs = append(attrs, slog.String("error", maskedText(err.Error())))
	}
	if c.rt.LogCalls {
		attrs = append(attrs, c.details()...)
	}
	if crash != nil {
		attrs = append(attrs, slog.String("stack", string(crash.stack)))
	}
	c.rt.Logger.LogAttrs(ctx, level, "tool call", attrs...)
}
