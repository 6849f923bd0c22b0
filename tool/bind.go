package tool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/store"
)

// Defaults of [Runtime].
const (
	DefaultTimeout        = 2 * time.Minute
	DefaultMaxAnswerBytes = 80 << 10
)

// A Runtime is what bound tools need at call time.
type Runtime struct {
	// Logger gets one record a call: tool, effect, principal (its key), issuer, subject, client_id,
	// duration, outcome and request_id, and never values of answers; those of arguments only with LogCalls. Nil: nothing is
	// logged.
	Logger *slog.Logger
	// LogCalls adds to that record the arguments with secrets masked (see Masked), the rows and bytes of the answer, and the ids of
	// NoteRequest.
	LogCalls bool
	// Keys seal confirmations and Store marks them used; needed if a tool deletes. Processes that
	// share both accept each other's confirmations.
	Keys  *store.Keyring
	Store store.Store
	// Timeout ends the context of one call; 0 means [DefaultTimeout]. A handler that does not obey
	// its context is waited for.
	Timeout time.Duration
	// MaxAnswerBytes bounds an answer, as text and as structured content; 0 means [DefaultMaxAnswerBytes].
	// A longer list is cut behind a row, a longer record is a tool error. What is told beside rows comes on top.
	MaxAnswerBytes int
	// RevealSecrets names the tools, by patterns as of path.Match, that answer the tenant's secrets as they are; all others mask them,
	// see [Masked]. A pattern that matches no tool of the selection is a mistake.
	RevealSecrets []string
	// Unsanitised leaves markup, invisible characters and the like in the strings of answers.
	Unsanitised bool
	// ReportTokens adds the size of each answer to it, in bytes and roughly in tokens.
	ReportTokens bool
	// Context, if not nil, derives the context of each call, for example to plant the tenant. An
	// error becomes a tool error, like that of a [Handler].
	Context func(context.Context) (context.Context, error)
	// Permit, if not nil, decides whether a principal may use a tool. Tools that it does not permit are not listed for that principal,
	// and calling one is calling a tool that is not there. It must be quick: it is asked for every tool at each tools/list.
	Permit func(p *auth.Principal, op auth.Operation) bool
	// RequestID, if not nil, names the call that a context belongs to, in the log and in errors.
	// Nil, or "": a random name.
	RequestID func(context.Context) string
}

// An engine runs the calls of the tools that one Bind registered.
type engine struct {
	rt       Runtime
	revealed map[string]bool // names of the tools that show secrets
	selected *Selected
	known    map[string]offered // the tools of selected by name
	viewers  viewers
	index    func() *toolIndex // of the tools' words, made at the first search
}

// Bind registers the selected tools with s. From then on s offers these tools only: one that is
// added to s in another way is hidden and refused, since it has no effect, guard or audit. (One that
// is added under the name of a bound tool takes its place in the SDK. It is hidden, but the SDK gives
// no cheap way to see it when it is called.) Call Bind once for a server, whose page size must not
// be below the number of tools.
//
// A call without a principal in its context (see [auth.PrincipalFromContext]) is refused if it came
// over HTTP. Otherwise it came from the program itself, through [mcp.InMemoryTransport] or a pipe, and
// runs as the principal "local" of issuer "local".
func Bind(s *mcp.Server, sel *Selected, rt Runtime) error {
	if s == nil || sel == nil {
		return errors.New("tool: Bind needs a server and a selection")
	}
	if err := rt.complete(sel); err != nil {
		return err
	}
	revealed, err := sel.revealed(rt.RevealSecrets)
	if err != nil {
		return err
	}
	e := &engine{rt: rt, revealed: revealed, selected: sel, known: make(map[string]offered, len(sel.tools)), index: sync.OnceValue(func() *toolIndex { return newToolIndex(sel.tools) })}
	for _, t := range sel.tools {
		if err := addTool(s, t.wire, e.handler(t)); err != nil {
			return err
		}
		e.known[t.spec.Name] = offered{t.wire, t.toolset, auth.Operation{Tool: t.spec.Name, Toolset: t.toolset, Service: t.service, Effect: t.spec.Effect.String()}}
	}
	e.viewers.tell = func() { notify(s) }
	s.AddReceivingMiddleware(e.guard, e.viewers.receive)
	s.AddSendingMiddleware(e.viewers.send)
	return nil
}

// complete fills in defaults and checks the rest.
func (rt *Runtime) complete(sel *Selected) error {
	if rt.Logger == nil {
		rt.Logger = slog.New(slog.DiscardHandler)
	}
	if rt.Timeout == 0 {
		rt.Timeout = DefaultTimeout
	}
	if rt.MaxAnswerBytes == 0 {
		rt.MaxAnswerBytes = DefaultMaxAnswerBytes
	}
	if rt.RequestID == nil {
		rt.RequestID = func(context.Context) string { return "" }
	}
	if rt.Timeout < 0 || rt.MaxAnswerBytes < 0 {
		return errors.New("tool: Timeout and MaxAnswerBytes must not be negative")
	}
	for _, t := range sel.tools {
		if t.spec.Effect == Delete && (rt.Keys == nil || rt.Store == nil) {
			return fmt.Errorf("tool: %s deletes, so Keys and Store are needed for its confirmation", t.spec.Name)
		}
	}
	return nil
}

// addTool turns the SDK's panics about a tool into errors.
func addTool(s *mcp.Server, t *mcp.Tool, h mcp.ToolHandler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("tool: the SDK refuses %s: %v", t.Name, p)
		}
	}()
	s.AddTool(t, h)
	return nil
}
