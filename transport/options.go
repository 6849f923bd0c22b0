package transport

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// pageSize keeps every list in one page: a cursor names the last item of its page, which the next
// caller may not be allowed to know.
const pageSize = 100_000

// ServerOptions sets in o what an [Endpoint] relies on: lists in one page, private cache hints
// (lists differ from caller to caller), no pings (they end listening streams) and no promise of
// prompts before one exists. Build the server with the result.
func ServerOptions(o *mcp.ServerOptions) {
	o.PageSize = pageSize
	o.KeepAlive = 0
	o.SetCacheable = func(_ context.Context, _ mcp.Request, c *mcp.Cacheable) { c.CacheScope = "private" }
	if o.Capabilities != nil && o.Capabilities.Prompts != nil {
		caps := *o.Capabilities
		caps.Prompts = nil
		o.Capabilities = &caps
	}
}
