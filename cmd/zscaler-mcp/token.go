package main

import (
	"fmt"
	"net"
	"strings"
	"text/template"

	"github.com/org/zscalermcp/auth"
)

// generateToken prints a fresh API key and how to use it. It is stored nowhere.
func (p *program) generateToken() error {
	address, err := p.clientURL()
	if err != nil {
		return err
	}
	return tokenText.Execute(p.std.out, struct{ Key, URL string }{auth.GenerateAPIKey(), address})
}

// clientURL is the address that clients use: the public URL, else the one that is listened on.
func (p *program) clientURL() (string, error) {
	if public, _ := p.lookup("ZSCALER_MCP_PUBLIC_URL"); public != "" {
		return public, nil
	}
	host, _ := p.lookup("ZSCALER_MCP_HOST")
	port, _ := p.lookup("ZSCALER_MCP_PORT")
	host = strings.Trim(host, "[]")
	if host == "" {
		host = "127.0.0.1"
	}
	switch port {
	case "":
		port = "8000"
	case "0":
		return "", fmt.Errorf("with port 0 the address is known only once the server runs: give --port or --public-url")
	}
	return "http://" + net.JoinHostPort(host, port) + "/mcp", nil
}

var tokenText = template.Must(template.New("token").Parse(`A fresh API key (256 bits). It is stored nowhere: keep it as you keep a password.

Server:
  export ZSCALER_MCP_AUTH_API_KEY={{.Key}}
  zscaler-mcp --transport streamable-http

Claude Code:
  claude mcp add --transport http zscaler {{.URL}} --header "Authorization: Bearer {{.Key}}"

Claude Desktop (claude_desktop_config.json), through mcp-remote:
  {"mcpServers": {"zscaler": {"command": "npx", "args": ["-y", "mcp-remote", "{{.URL}}", "--header", "Authorization:${AUTH_HEADER}"],
    "env": {"AUTH_HEADER": "Bearer {{.Key}}"}}}}

Cursor (mcp.json):
  {"mcpServers": {"zscaler": {"url": "{{.URL}}", "headers": {"Authorization": "Bearer {{.Key}}"}}}}

VS Code (mcp.json):
  {"servers": {"zscaler": {"type": "http", "url": "{{.URL}}", "headers": {"Authorization": "Bearer {{.Key}}"}}}}

Anything else over HTTP:
  POST {{.URL}} with the header  Authorization: Bearer {{.Key}}
`))
