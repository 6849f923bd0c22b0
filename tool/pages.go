package tool

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// argAll is the engine's own argument of a list that pages.
const argAll = "all"

const allDoc = "true returns every page, not only the first, up to 10 000 rows; narrow it with query, since a long answer is cut."

// Pages marks a list that can return every page: it takes the argument all besides In, see [AllPages].
func Pages(s *Spec) { s.Pages = true }

// AllPages reports whether the caller has asked a list that [Pages] for every page.
func AllPages(ctx context.Context) bool {
	c, ok := ctx.Value(callKey{}).(*call)
	return ok && c.allPages
}

// Progress tells the caller how far a call is, if the caller has asked to be told (MCP, progress). total is 0 where it is not known. What
// cannot be sent is dropped: progress is a courtesy.
func Progress(ctx context.Context, done, total int, message string) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok || c.req.Session == nil {
		return
	}
	if token := c.req.Params.GetProgressToken(); token != nil {
		_ = c.req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
			ProgressToken: token, Progress: float64(done), Total: float64(total), Message: message,
		})
	}
}

// takeAll removes the engine's own argument of a list that pages.
func (c *call) takeAll(members map[string]json.RawMessage) error {
	raw, ok := members[argAll]
	if !c.tool.spec.Pages || !ok {
		return nil
	}
	delete(members, argAll)
	if err := json.Unmarshal(raw, &c.allPages); err != nil {
		return fmt.Errorf("%s: %w", argAll, err)
	}
	return nil
}
