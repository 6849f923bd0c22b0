package main

import (
	"cmp"
	"fmt"
	"net"
	"strings"
	"text/template"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/address"
)

// What --generate-auth-token prints.
const (
	tokenAPIKey = "api-key"
	tokenBearer = "bearer" // the vendor's word for it
	tokenBasic  = "basic"
)

// generateToken prints what a client sends and how to set clients up. Nothing of it is stored.
func (p *program) generateToken(kind string) error {
	address, err := p.clientURL()
	if err != nil {
		return err
	}
	switch kind {
	case tokenAPIKey, tokenBearer:
		return apiKeyText.Execute(p.std.out, clientText{Header: "Bearer " + auth.GenerateAPIKey(), URL: address, SSE: p.servesSSE()})
	case tokenBasic:
		header, err := zscalermcp.BasicAuthorization(p.lookup)
		if err != nil {
			return err
		}
		return basicText.Execute(p.std.out, clientText{Header: header, URL: address, SSE: p.servesSSE()})
	}
	return fmt.Errorf("--generate-auth-token=%s is not known: use api-key or basic", kind)
}

// clientURL is the address that clients use: the public URL, else the one that is listened on.
func (p *program) clientURL() (string, error) {
	if public, _ := p.lookup("ZSCALER_MCP_PUBLIC_URL"); public != "" {
		u, err := address.Public(public)
		if err != nil {
			return "", fmt.Errorf("ZSCALER_MCP_PUBLIC_URL or --public-url: %w", err)
		}
		return u.String(), nil
	}
	host, _ := p.lookup("ZSCALER_MCP_HOST")
	port, _ := p.lookup("ZSCALER_MCP_PORT")
	host, err := address.ListenHost(cmp.Or(host, "127.0.0.1"))
	if err != nil {
		return "", fmt.Errorf("ZSCALER_MCP_HOST or --host: %w", err)
	}
	switch port {
	case "":
		port = "8000"
	case "0":
		return "", fmt.Errorf("with port 0 the address is known only once the server runs: give --port or --public-url")
	}
	scheme, path := "http", "/mcp"
	if certificate, _ := p.lookup("ZSCALER_MCP_TLS_CERTFILE"); certificate != "" {
		scheme = "https"
	}
	if p.servesSSE() {
		path = "/sse"
	}
	u, err := address.Public(scheme + "://" + net.JoinHostPort(host, port) + path)
	if err != nil {
		return "", fmt.Errorf("ZSCALER_MCP_HOST and ZSCALER_MCP_PORT, or --host and --port, make no URL: %w", err)
	}
	return u.String(), nil
}

// servesSSE reports whether the transport of protocol 2024-11-05 is chosen.
func (p *program) servesSSE() bool {
	transport, err := p.transport()
	return err == nil && transport == transportSSE
}

// clientText is what the templates say.
type clientText struct {
	Header string // value of Authorization
	URL    string
	SSE    bool // the server serves that alone
}

// Server is the transport as the server calls it.
func (t clientText) Server() string {
	if t.SSE {
		return transportSSE
	}
	return transportHTTP
}

// Client is the transport as clients call it.
func (t clientText) Client() string {
	if t.SSE {
		return "sse"
	}
	return "http"
}

// Key is the API key in the header.
func (t clientText) Key() string { return strings.TrimPrefix(t.Header, "Bearer ") }

var apiKeyText = template.Must(template.New("api-key").Parse(`A fresh API key (256 bits). It is stored nowhere: keep it as you keep a password.

Server:
  export ZSCALER_MCP_AUTH_API_KEY={{.Key}}
  zscaler-mcp --transport {{.Server}}
` + clientsText))

var basicText = template.Must(template.New("basic").Parse(`The Basic header of the OneAPI credentials in the environment. It holds the client secret: keep it as you keep a password.

Server:
  export ZSCALER_VANITY_DOMAIN=…
  zscaler-mcp --transport {{.Server}} --auth-mode zscaler
` + clientsText))

const clientsText = `
Claude Code:
  claude mcp add --transport {{.Client}} zscaler {{.URL}} --header "Authorization: {{.Header}}"

Claude Desktop (claude_desktop_config.json), through mcp-remote:
  {"mcpServers": {"zscaler": {"command": "npx", "args": ["-y", "mcp-remote", "{{.URL}}", {{if .SSE}}"--transport", "sse-only", {{end}}"--header", "Authorization:${AUTH_HEADER}"],
    "env": {"AUTH_HEADER": "{{.Header}}"}}}}

Cursor (mcp.json):
  {"mcpServers": {"zscaler": {"url": "{{.URL}}", "headers": {"Authorization": "{{.Header}}"}}}}

VS Code (mcp.json):
  {"servers": {"zscaler": {"type": "{{.Client}}", "url": "{{.URL}}", "headers": {"Authorization": "{{.Header}}"}}}}

Anything else over HTTP:
  {{if .SSE}}GET {{.URL}} opens the stream,{{else}}POST {{.URL}}{{end}} with the header  Authorization: {{.Header}}
`
