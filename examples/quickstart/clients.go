package main

import (
	"fmt"
	"io"
)

// printClients prints configurations to paste. The key lives as long as this process.
func printClients(out io.Writer, address, key string) {
	fmt.Fprintf(out, `
Serving until Ctrl-C. To look around with a client of your own:

Claude Code
  claude mcp add --transport http zscaler %[1]s --header "Authorization: Bearer %[2]s"

Cursor (mcp.json)
  {"mcpServers": {"zscaler": {"url": %[1]q, "headers": {"Authorization": "Bearer %[2]s"}}}}

VS Code (mcp.json)
  {"servers": {"zscaler": {"type": "http", "url": %[1]q, "headers": {"Authorization": "Bearer %[2]s"}}}}
`, address, key)
}
