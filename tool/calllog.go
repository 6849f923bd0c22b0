package tool

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Bounds of what the log of one call holds.
const (
	maxLoggedArguments = 4 << 10 // bytes
	maxLoggedRequests  = 20
)

// A tally counts what a call has asked of the API and given to its caller.
type tally struct {
	rows, bytes int

	mu       sync.Mutex // a tool may ask side by side
	requests []string   // ids that the API gave them
	more     int        // requests beyond these
}

// NoteRequest adds the id of a request to the API to the log of the call that ctx belongs to, see Runtime.LogCalls. Requests without an
// id count too.
func NoteRequest(ctx context.Context, id string) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return
	}
	c.tally.mu.Lock()
	defer c.tally.mu.Unlock()
	if id != "" && len(c.tally.requests) < maxLoggedRequests {
		c.tally.requests = append(c.tally.requests, id)
	} else {
		c.tally.more++
	}
}

// count notes how large an answer is.
func (c *call) count(result *mcp.CallToolResult) {
	for _, content := range result.Content {
		if text, ok := content.(*mcp.TextContent); ok {
			c.tally.bytes += len(text.Text)
		}
	}
	if structured, ok := result.StructuredContent.(json.RawMessage); ok {
		c.tally.bytes += len(structured)
	}
}

// details are what the log has of a call beside its outcome, for operators who ask for it.
func (c *call) details() []slog.Attr {
	c.tally.mu.Lock()
	defer c.tally.mu.Unlock()
	return []slog.Attr{
		slog.String("arguments", c.loggedArguments()), slog.Int("rows", c.tally.rows), slog.Int("bytes", c.tally.bytes),
		slog.Any("api_request_ids", slices.Clone(c.tally.requests)), slog.Int("further_api_requests", c.tally.more),
	}
}

// loggedArguments are the arguments as they were sent, with secrets masked and without the token of a confirmation.
func (c *call) loggedArguments() string {
	raw := c.req.Params.Arguments
	switch {
	case len(raw) == 0:
		return "{}"
	case !valid(raw) || typeOf(raw) != "object":
		return "(not a JSON object)"
	}
	members := map[string]json.RawMessage{}
	for _, p := range parts(raw) {
		if p.name != argToken && p.name != argKwargs {
			members[p.name] = p.value
		}
	}
	return clipTo(string(joinObject(c.maskArguments(members))), maxLoggedArguments)
}
