package transport

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

var refuseHost = &refusal{
	status: http.StatusForbidden, code: jsonrpc.CodeInvalidRequest,
	text: "the Host header names neither this machine nor the server's public URL; behind a proxy, set the public URL",
}

// rebound reports whether r may be DNS rebinding: it came in over loopback, yet names a host that is
// neither loopback nor the public one. A web page that resolves its own name to 127.0.0.1 sends such
// requests. The SDK's check, which this one replaces, knows no public host.
func (e *Endpoint) rebound(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	at, err := netip.ParseAddrPort(local.String())
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		return false
	}
	return !isLoopbackHost(hostname(r.Host)) && (e.cfg.PublicHost == "" || !strings.EqualFold(hostname(r.Host), hostname(e.cfg.PublicHost)))
}

// warnOfHost tells once in a while of what may be a proxy on this machine: nobody gets in through it.
func (e *Endpoint) warnOfHost(r *http.Request) {
	const longest = 255 // of a DNS name
	e.strangeHost.Do(func() {
		e.log.WarnContext(r.Context(), "refused over loopback: the Host header names neither this machine nor the server's public URL; behind a proxy, set the public URL",
			"host", r.Host[:min(len(r.Host), longest)], "public_host", e.cfg.PublicHost)
	})
}

// hostname is hostport without port, brackets and the root's dot.
func hostname(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	return strings.TrimSuffix(host, ".")
}

func isLoopbackHost(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
}
