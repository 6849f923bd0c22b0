package transport

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/org/zscalermcp/auth"
)

var refuseHost = &refusal{
	status: http.StatusMisdirectedRequest, code: jsonrpc.CodeInvalidRequest, reason: auth.ReasonHost, // RFC 9110 section 15.5.20
	text: "this server does not answer for the host that the request names (Host header, where the port counts); its operator can set the public URL (WithPublicURL, ZSCALER_MCP_PUBLIC_URL) " +
		"or allow the host (WithAllowedHosts, ZSCALER_MCP_ALLOWED_HOSTS)",
}

// A HostCheck refuses requests to hosts that are not listed with 421, so that a page whose name leads to this server (DNS rebinding) gets nothing from
// it. The host is that of the Host header, of :authority in HTTP/2, or of a request target in absolute form, which counts for
// more (RFC 9112 section 3.2.2). A request that names none is refused. The entries of a list are
//
//	mcp.example.com       this name without a port, or with the port 80 or 443
//	mcp.example.com:8443  this name with this port; 80 and 443 stand for a missing port too, since clients leave them out
//	mcp.example.com:*     this name, with or without whatever port
//	*.example.com         all names below example.com, but not that one; also with a port or :*
//	192.0.2.7             an IPv4 address, as a name
//	2001:db8::7           an IPv6 address; [2001:db8::7], [2001:db8::7]:8443 and [2001:db8::7]:* as names
//
// Case does not count, nor does one dot at the end. A HostCheck is safe for concurrent use; its zero value lets nothing pass until a list is set.
type HostCheck struct {
	// Logger is told of refusals, once a minute at most. Nil discards. Set it before the first request. An [Endpoint] uses its own instead.
	Logger *slog.Logger

	rules atomic.Pointer[hostRules]
	told  reminder
}

// NewHostCheck returns a check that lets exactly the listed hosts pass. The error names every bad entry; no entry at all is one too.
func NewHostCheck(entries ...string) (*HostCheck, error) {
	c := &HostCheck{}
	if err := c.Set(entries...); err != nil {
		return nil, err
	}
	return c, nil
}

// Set replaces the list for requests that come later. After an error the old one stays.
func (c *HostCheck) Set(entries ...string) error { return c.set(hostRules{}, entries) }

// SetDefaults is Set for a list that no operator has written, but the public URL or the address to listen on stands for: requests that come in over
// loopback, of probes and proxies on the same machine, may name a loopback host as well.
func (c *HostCheck) SetDefaults(entries ...string) error {
	return c.set(hostRules{loopback: true}, entries)
}

func (c *HostCheck) set(rules hostRules, entries []string) error {
	if len(entries) == 0 {
		return errors.New("transport: no hosts are allowed: name those under which clients reach the server, such as mcp.example.com")
	}
	if err := rules.add(entries); err != nil {
		return err
	}
	c.rules.Store(&rules)
	return nil
}

// againstRebinding is the check of an endpoint without a list: what comes in over loopback may name loopback, or the public host, with whatever port; what comes in
// otherwise may name what it likes.
func againstRebinding(publicHost string) (*HostCheck, error) {
	rules := hostRules{loopback: true, elsewhere: true}
	if publicHost != "" {
		name := publicHost
		if host, _, err := net.SplitHostPort(publicHost); err == nil {
			name = host
		}
		if strings.Contains(name, ":") {
			name = "[" + strings.Trim(name, "[]") + "]"
		}
		if err := rules.add([]string{name + ":*"}); err != nil {
			return nil, err
		}
	}
	c := &HostCheck{}
	c.rules.Store(&rules)
	return c, nil
}

// Permits reports whether a request may name host, with or without a port, wherever it comes from.
func (c *HostCheck) Permits(host string) bool {
	rules := c.rules.Load()
	a, ok := parseAuthority(host)
	return ok && rules != nil && (rules.elsewhere || rules.list(a))
}

// Wrap returns next behind the check.
func (c *HostCheck) Wrap(next http.Handler) http.Handler {
	return guarded(c, auth.Proxies{}, c.Logger, next)
}

func (c *HostCheck) judge(r *http.Request, _ netip.Addr) *refusal {
	if rules := c.rules.Load(); rules != nil && rules.permit(r) {
		return nil
	}
	return refuseHost
}

func (c *HostCheck) warn(r *http.Request, _ netip.Addr, logger *slog.Logger) {
	c.told.do(func() {
		logger.WarnContext(r.Context(), "refused: the request names a host that is not allowed; if clients or a proxy reach the server under it, "+
			"set the public URL (WithPublicURL, ZSCALER_MCP_PUBLIC_URL) or allow the host (WithAllowedHosts, ZSCALER_MCP_ALLOWED_HOSTS)",
			"host", short(r.Host), "allowed", c.shown(), "over_loopback", overLoopback(r))
	})
}

// shown is the list for the log.
func (c *HostCheck) shown() []string {
	const most = 20
	rules := c.rules.Load()
	if rules == nil {
		return nil
	}
	return rules.entries[:min(len(rules.entries), most)]
}

// hostRules say which hosts a request may name.
type hostRules struct {
	entries   []string // as they were given
	names     map[string]ports
	below     map[string]ports // for *.example.com under example.com
	addrs     map[netip.Addr]ports
	loopback  bool // over loopback a loopback host is right too
	elsewhere bool // what does not come in over loopback is right
}

// ports are those that may go with a host. 0 stands for none.
type ports struct {
	any    bool
	listed []uint16
}

func (p ports) have(port uint16) bool { return p.any || slices.Contains(p.listed, port) }

// permit judges the host of r. A user in the request target is an attempt to mislead (RFC 9110 section 4.2.4).
func (h *hostRules) permit(r *http.Request) bool {
	local := (h.loopback || h.elsewhere) && overLoopback(r)
	if h.elsewhere && !local {
		return true
	}
	a, ok := parseAuthority(r.Host)
	return ok && (r.URL == nil || r.URL.User == nil) && (h.list(a) || h.loopback && local && a.isLoopback())
}

func (h *hostRules) list(a authority) bool {
	if a.addr.IsValid() {
		return h.addrs[a.addr].have(a.port)
	}
	if h.names[a.name].have(a.port) {
		return true
	}
	for rest, more := a.name, len(h.below) > 0; more; {
		if _, rest, more = strings.Cut(rest, "."); h.below[rest].have(a.port) {
			return true
		}
	}
	return false
}

// overLoopback reports whether r came in over loopback: from a program or a proxy on this machine.
func overLoopback(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	if tcp, ok := local.(*net.TCPAddr); ok {
		return tcp.IP.IsLoopback()
	}
	at, err := netip.ParseAddrPort(local.String())
	return err == nil && at.Addr().Unmap().IsLoopback()
}
