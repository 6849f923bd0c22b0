package transport

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/org/zscalermcp/internal/address"
)

// corsHeaders are those that MCP clients in browsers send, credentials included. Headers that begin with Mcp- are allowed beside them.
var corsHeaders = []string{
	"Authorization", "Content-Type", "Accept", "Last-Event-ID", "X-Api-Key", "X-Zscaler-Client-Id", "X-Zscaler-Client-Secret",
}

var refuseOrigin = &refusal{
	status: http.StatusForbidden, code: jsonrpc.CodeInvalidRequest,
	text: "a page of this origin may not call the endpoint; its operator can allow the origin",
}

// origins are the web origins (RFC 6454) whose pages may call the endpoint from a browser.
type origins struct {
	listed []string
	all    bool
	public string // that of the endpoint, "" where it is not known
	host   string // of public, with its port
}

func newOrigins(allowed []string, publicScheme, publicHost string) origins {
	o := origins{listed: slices.Clone(allowed), all: slices.Contains(allowed, "*")}
	if publicHost != "" {
		if publicScheme == "" {
			publicScheme = "https"
		}
		o.public = address.Origin(&url.URL{Scheme: publicScheme, Host: publicHost})
		_, o.host, _ = strings.Cut(o.public, "://")
	}
	return o
}

// foreign reports whether r was sent by a page of an origin that is not allowed to. Requests of programs say nothing of it; so do links that lead here.
func (o origins) foreign(r *http.Request) bool {
	sent, site := r.Header["Origin"], r.Header.Get("Sec-Fetch-Site")
	switch {
	case o.all:
		return false
	case len(sent) > 1:
		return true
	case len(sent) == 1:
		return !slices.Contains(o.listed, sent[0]) && !o.isOwn(sent[0], site, r)
	}
	return site != "" && site != "same-origin" && site != "none" && (r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Method != http.MethodGet)
}

// isOwn reports whether an origin is that of the endpoint: the public one; or on this machine the host that the request names, or anywhere as long as the public
// one is not known. Elsewhere a host of the requester's choice is none (DNS rebinding), whatever the browser says of it.
func (o origins) isOwn(origin, site string, r *http.Request) bool {
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	if o.public == "" {
		return site == "same-origin" || site == "" && u.Host != "" && strings.EqualFold(u.Host, r.Host)
	}
	if address.Origin(u) == o.public || isLoopbackHost(u.Hostname()) && strings.EqualFold(u.Host, r.Host) {
		return true
	}
	return origin == "null" && site == "same-origin" && strings.EqualFold(o.host, r.Host) // of a page that hides where it is
}

// warnOfOrigin tells once in a while what an operator may have forgotten to allow.
func (e *Endpoint) warnOfOrigin(r *http.Request) {
	const longest = 255
	origin := r.Header.Get("Origin")
	e.strangeOrigin.Do(func() {
		e.log.WarnContext(r.Context(), "refused: a page of another origin; if it may call the endpoint, allow it (WithAllowedOrigins, ZSCALER_MCP_ALLOWED_ORIGINS)",
			"origin", origin[:min(len(origin), longest)], "public_origin", e.origins.public)
	})
}

// open lets pages of allowed origins read the answer, refusals too. It reports whether r comes from one (R8).
func (o origins) open(w http.ResponseWriter, r *http.Request) bool {
	if len(o.listed) == 0 {
		return false
	}
	h := w.Header()
	origin := "*"
	if !o.all {
		h.Add("Vary", "Origin")
		if origin = r.Header.Get("Origin"); !slices.Contains(o.listed, origin) {
			return false
		}
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "WWW-Authenticate, Mcp-Session-Id, Retry-After, X-Request-Id")
	return true
}

// preflight answers a browser that asks before it sends a request, without a credential.
func preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "POST, GET, DELETE")
	h.Set("Access-Control-Allow-Headers", strings.Join(append(slices.Clone(corsHeaders), mcpHeaders(r)...), ", "))
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// mcpHeaders are the headers of the protocol that a browser asks for: later revisions name some by the parameters of tools.
func mcpHeaders(r *http.Request) []string {
	const most = 32
	var names []string
	for name := range strings.SplitSeq(strings.ToLower(r.Header.Get("Access-Control-Request-Headers")), ",") {
		if name = strings.TrimSpace(name); strings.HasPrefix(name, "mcp-") && isToken(name) && len(names) < most {
			names = append(names, name)
		}
	}
	return names
}

func isToken(name string) bool {
	return !strings.ContainsFunc(name, func(c rune) bool { return c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') })
}
