package transport

import (
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	versionHeader = "Mcp-Protocol-Version"
	sessionHeader = "Mcp-Session-Id"

	firstModern = "2026-07-28" // the first protocol without sessions; versions are dates and compare as text

	methodInitialize  = "initialize"
	methodListen      = "subscriptions/listen"
	methodCallTool    = "tools/call"
	methodListPrompts = "prompts/list"
	methodPrompts     = "prompts/"
	methodNotify      = "notifications/"
)

// eras returns the handlers for both protocol eras. The SDK serves either the one or the other. The
// body is limited before; JSON answers are off, since they lose progress and elicitation.
func (e *Endpoint) eras() (modern, legacy http.Handler) {
	server := func(*http.Request) *mcp.Server { return e.cfg.Server }
	modern = mcp.NewStreamableHTTPHandler(server, &mcp.StreamableHTTPOptions{
		Stateless:                    true,
		PropagateRequestCancellation: true,
		MaxRequestBodyBytes:          -1,
		DisableLocalhostProtection:   true, // see HostCheck
		Logger:                       e.log,
	})
	legacy = mcp.NewStreamableHTTPHandler(server, &mcp.StreamableHTTPOptions{
		SessionTimeout:             e.cfg.SessionTimeout,
		MaxRequestBodyBytes:        -1,
		DisableLocalhostProtection: true,
		Logger:                     e.log,
	})
	return bridge(modern), bridge(legacy)
}

// isModern tells the era of a request. The body is asked only when no header tells: the SDK then
// names the header that is missing.
func isModern(h http.Header, m *envelope) bool {
	if version := h.Get(versionHeader); version != "" {
		return version >= firstModern
	}
	return h.Get(sessionHeader) == "" && string(m.version) >= firstModern
}

// latestLegacy is the newest protocol with sessions that the SDK speaks.
func latestLegacy() string {
	for _, v := range mcp.SupportedProtocolVersions() { // newest first
		if v < firstModern {
			return v
		}
	}
	return ""
}
