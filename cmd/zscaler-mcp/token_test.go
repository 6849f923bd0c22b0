package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// With the transport of protocol 2024-11-05 the server and every client are set up for it, else for streamable HTTP.
func TestClientConfigurationsOfSSE(t *testing.T) {
	env := map[string]string{"ZSCALER_CLIENT_ID": "id", "ZSCALER_CLIENT_SECRET": "secret"}
	const sse, streamable = "http://127.0.0.1:8000/sse", "http://127.0.0.1:8000/mcp"
	sets := map[bool][]string{
		true: {"zscaler-mcp --transport sse", "claude mcp add --transport sse zscaler " + sse + " ", `"mcp-remote", "` + sse + `", "--transport", "sse-only", "--header"`,
			`{"url": "` + sse + `", "headers"`, `"type": "sse", "url": "` + sse, "GET " + sse + " opens the stream, with the header  Authorization: B"},
		false: {"zscaler-mcp --transport streamable-http", "claude mcp add --transport http zscaler " + streamable + " ", `"mcp-remote", "` + streamable + `", "--header"`,
			`{"url": "` + streamable + `", "headers"`, `"type": "http", "url": "` + streamable, "POST " + streamable + " with the header  Authorization: B"},
	}
	for transport, isSSE := range map[string]bool{"sse": true, "SSE": true, "streamable-http": false, "stdio": false, "": false} {
		for _, kind := range []string{"api-key", "basic"} {
			args := []string{"--generate-auth-token=" + kind}
			if transport != "" {
				args = append(args, "--transport="+transport)
			}
			status, out, stderr := zscalerMCP(t, env, args...)
			if status != 0 {
				t.Errorf("%q: %s", args, stderr)
			}
			for set, settings := range sets {
				for _, setting := range settings {
					if strings.Contains(out, setting) != (set == isSSE) {
						t.Errorf("%q: %q is there: %v\n%s", args, setting, set != isSSE, out)
					}
				}
			}
			for _, configuration := range regexp.MustCompile(`(?m)^  (\{(?:.*\n)+?)\n`).FindAllStringSubmatch(out, -1) {
				if !json.Valid([]byte(configuration[1])) {
					t.Errorf("%q: %s", args, configuration[1])
				}
			}
		}
	}
}
