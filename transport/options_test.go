package transport_test

import (
	"context"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

func TestServerOptionsPromiseNoPromptsAndNoPings(t *testing.T) {
	caps := &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{ListChanged: true}, Prompts: &mcp.PromptCapabilities{}}
	o := mcp.ServerOptions{KeepAlive: time.Second, Capabilities: caps}
	transport.ServerOptions(&o)
	if o.KeepAlive != 0 || o.Capabilities.Prompts != nil {
		t.Errorf("options: %+v", o)
	}
	if o.Capabilities.Tools == nil || caps.Prompts == nil {
		t.Error("other capabilities are lost, or those of the caller are changed")
	}
	hint := mcp.Cacheable{TTLMs: 5, CacheScope: "public"}
	o.SetCacheable(context.Background(), nil, &hint)
	if hint != (mcp.Cacheable{TTLMs: 5, CacheScope: "private"}) {
		t.Errorf("cache hint: %+v", hint)
	}
}
