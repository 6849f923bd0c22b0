package transport

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/address"
)

// corsHeaders are those that MCP clients in browsers send, credentials included. Headers that begin with Mcp- are allowed beside them.
var corsHeaders = []string{
	"Authorization", "Content-Type", "Accept", "Last-Event-ID", "X-Api-Key", "X-Zscaler-Client-Id", "X-Zscaler-Client-Secret",
}

var refuseOrigin = &refusal{
	status: http.StatusForbidden, code: jsonrpc.CodeInvalidRequest, reason: auth.ReasonOrigin,
	text: "a page of this origin may not call the endpoint; its operator can allow the origin (WithAllowedOrigins, ZSCALER_MCP_ALLOWED_ORIGINS)",
}

// An OriginCheck refuses requests of web pages (RFC 6454) whose origin is not allowed to call the endpoint from a browser with 403, answers the questions that
// browsers ask before a request (preflight), and lets pages of listed origins read the answers of what is behind it (CORS), without cookies: credentials of the
// browser are never asked for. Programs send no Origin, and pass. An OriginCheck is safe for concurrent use.
type OriginCheck struct {
	// Logger is told of refusals, once a minute at most. Nil discards. Set it before the first request. An [Endpoint] uses its own instead.
	Logger *slog.Logger

	public string // the origin of the endpoint, "" where it is not known
	host   string // of public, with its port
	listed atomic.Pointer[originList]
	told   reminder
}

type originList struct {
	origins []string
	all     bool
}

// NewOriginCheck returns a check that lets pages of the listed origins pass, each written as browsers send it, such as https://app.example.com; "*" stands for all.
// Those of the endpoint's own origin always pass: publicScheme, where "" means https, and publicHost, which may have a port, say what that is; if publicHost is "", it is
// the host that a request names. The error names every bad entry.
func NewOriginCheck(publicScheme, publicHost string, entries ...string) (*OriginCheck, error) {
	o := &OriginCheck{}
	if publicHost != "" {
		o.public = address.Origin(&url.URL{Scheme: cmp.Or(publicScheme, "https"), Host: publicHost})
		_, o.host, _ = strings.Cut(o.public, "://")
	}
	if err := o.Set(entries...); err != nil {
		return nil, err
	}
	return o, nil
}

// Set replaces the list for requests that come later; without entries only the endpoint's own pages pass. After an error the old list stays.
func (o *OriginCheck) Set(entries ...string) error {
	if err := address.CheckOrigins(entries); err != nil {
		return fmt.Errorf("transport: %w", err)
	}
	o.listed.Store(&originList{origins: slices.Clone(entries), all: slices.Contains(entries, "*")})
	return nil
}

// list is empty for an OriginCheck that nothing was set in.
func (o *OriginCheck) list() *originList {
	if listed := o.listed.Load(); listed != nil {
		return listed
	}
	return &originList{}
}

// Wrap returns next behind the check.
func (o *OriginCheck) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowed := o.open(w, r)
		switch refused := o.judge(r, netip.Addr{}); {
		case refused != nil:
			o.warn(r, netip.Addr{}, loggerOr(o.Logger))
			refused.write(w, nil)
		case allowed && isPreflight(r):
			preflight(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (o *OriginCheck) judge(r *http.Request, _ netip.Addr) *refusal {
	if o.foreign(r) {
		return refuseOrigin
	}
	return nil
}

// foreign reports whether r was sent by a page of an origin that is not allowed to. Requests of programs say nothing of it; so do links that lead here.
func (o *OriginCheck) foreign(r *http.Request) bool {
	sent, site, listed := r.Header["Origin"], first(r.Header["Sec-Fetch-Site"]), o.list()
	switch {
	case listed.all:
		return false
	case len(sent) > 1:
		return true
	case len(sent) == 1:
		return !slices.Contains(listed.origins, sent[0]) && !o.isOwn(sent[0], site, r)
	}
	return site != "" && site != "same-origin" && site != "none" && (r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Method != http.MethodGet)
}

// isOwn reports whether an origin is that of the endpoint: the public one; or on this machine the host that the request names, or anywhere as long as the public
// one is not known. Elsewhere a host of the requester's choice is none (DNS rebinding), whatever the browser says of it.
func (o *OriginCheck) isOwn(origin, site string, r *http.Request) bool {
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

// first is the value that [http.Header.Get] finds, without making sure of the spelling of a name.
func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func isLoopbackHost(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
}

// warn tells what an operator may have forgotten to allow.
func (o *OriginCheck) warn(r *http.Request, _ netip.Addr, logger *slog.Logger) {
	o.told.do(func() {
		logger.WarnContext(r.Context(), "refused: a page of another origin; if it may call the endpoint, allow it (WithAllowedOrigins, ZSCALER_MCP_ALLOWED_ORIGINS)",
			"origin", short(r.Header.Get("Origin")), "public_origin", o.public)
	})
}

// open lets pages of allowed origins read the answer, refusals too. It reports whether r comes from one (R8).
func (o *OriginCheck) open(w http.ResponseWriter, r *http.Request) bool {
	listed := o.list()
	if len(listed.origins) == 0 {
		return false
	}
	h := w.Header()
	origin := "*"
	if !listed.all {
		h.Add("Vary", "Origin")
		if origin = first(r.Header["Origin"]); !slices.Contains(listed.origins, origin) {
			return false
		}
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "WWW-Authenticate, Mcp-Session-Id, Retry-After, X-Request-Id")
	return true
}

// isPreflight reports whether a browser asks before it sends a request (Fetch standard, CORS-preflight request).
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
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
