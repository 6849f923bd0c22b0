package zscalermcp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

// Where the transport of protocol 2024-11-05 is served alone, the page sets every client up for it; where it is beside the endpoint, or not there, for streamable HTTP.
func TestPageOfSSE(t *testing.T) {
	key := tenantEnv.with(keyVars...)
	for name, test := range map[string]struct {
		options []zscalermcp.Option
		path    string
		alone   bool
	}{
		"alone":           {[]zscalermcp.Option{key.with("ZSCALER_MCP_TRANSPORT", "sse").option()}, "/sse", true},
		"beside":          {[]zscalermcp.Option{key.option(), zscalermcp.WithSSE()}, "/mcp", false},
		"beside, in code": {[]zscalermcp.Option{key.with("ZSCALER_MCP_TRANSPORT", "sse").option(), zscalermcp.WithSSE()}, "/mcp", false},
		"not there":       {[]zscalermcp.Option{key.with("ZSCALER_MCP_TRANSPORT", "streamable-http").option()}, "/mcp", false},
	} {
		text := visit(t, newServer(t, test.options...), http.MethodGet, "localhost:8000", test.path).Body.String()
		address := "http://localhost:8000" + test.path
		for transport, expected := range map[string]bool{"sse": test.alone, "http": !test.alone} {
			for _, setting := range []string{
				"claude mcp add --transport " + transport + " zscaler " + address + " --header", `"type": "` + transport + `"`, "--cli --transport " + transport + " --server-url " + address + " ",
			} {
				if strings.Contains(text, setting) != expected {
					t.Errorf("%s: %q is there: %v\n%s", name, setting, !expected, text)
				}
			}
		}
		for _, setting := range []string{`"mcp-remote", "` + address + `", "--transport", "sse-only"`, "protocol 2024-11-05"} {
			if strings.Contains(text, setting) != test.alone {
				t.Errorf("%s: %q is there: %v\n%s", name, setting, !test.alone, text)
			}
		}
	}
}
