package zscalermcp

import (
	"errors"
	"fmt"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/transport"
)

// WithListen gives the host:port that [Server.Run] listens on; port 0 is any free port, no host every interface. Default 127.0.0.1:8000. Other addresses than
// loopback need [WithTLS] or [InsecureAllowHTTP], and every interface a public URL or [WithAllowedHosts].
func WithListen(address string) Option {
	return func(c *config) error {
		c.listen = address
		return checkListen(address)
	}
}

// WithTLS makes [Server.Run] serve https. The files are read by [New], and again when they change. Servers of the host's own, around [Server.Handler] or
// [Server.Mount], are not concerned.
func WithTLS(source TLS) Option {
	return func(c *config) error {
		c.tls = &source
		return source.check()
	}
}

// InsecureAllowHTTP lets [Server.Run] serve plain HTTP on other addresses than loopback, where something else encrypts the way to it, such as a service mesh.
// Otherwise everybody on the way can read the callers' credentials.
func InsecureAllowHTTP() Option {
	return func(c *config) error {
		c.allowHTTP = true
		return nil
	}
}

// WithAllowedHosts names the hosts that requests may name in the Host header, instead of that of the public URL: "mcp.example.com" with the default port,
// "mcp.example.com:8443", "mcp.example.com:*" with any port, "*.example.com" for those below, and IP addresses. Others get 421 Misdirected Request (RFC 9110
// section 15.5.20), which keeps web pages out that give their own name this server's address (DNS rebinding). Health endpoints are exempt.
func WithAllowedHosts(hosts ...string) Option {
	return func(c *config) error {
		c.given.hosts = append([]string{}, hosts...)
		if len(hosts) == 0 {
			return errors.New("WithAllowedHosts names nothing; leave it out for the host of the public URL")
		}
		if _, err := transport.NewHostCheck(hosts...); err != nil {
			return fmt.Errorf("WithAllowedHosts: %w", err)
		}
		return nil
	}
}

// InsecureAllowAnyHost switches the check of the Host header off, for servers behind a gateway that checks it.
func InsecureAllowAnyHost() Option {
	return func(c *config) error {
		c.anyHost = true
		return nil
	}
}

// WithSourceIPs names the addresses and CIDR prefixes, IPv4 and IPv6, that callers may come from; others get 403 before they could authenticate. Behind a proxy
// the address is what the proxy says, if [WithTrustedProxies] names it. Health endpoints are exempt. Default: every address.
func WithSourceIPs(prefixes ...string) Option {
	return func(c *config) error {
		c.given.sources = append([]string{}, prefixes...)
		if len(prefixes) == 0 {
			return errors.New("WithSourceIPs names nothing; leave it out to admit every address")
		}
		return nil // New judges them, when it knows the proxies
	}
}

// WithAllowedOrigins names the web origins, such as https://app.example.com, whose pages may call the endpoint from a browser
// (CORS, without cookies); "*" stands for all. Default: none, and what pages of other origins send is refused.
// Programs, which have no origin, are not concerned.
func WithAllowedOrigins(origins ...string) Option {
	return func(c *config) error {
		c.given.origins = append([]string{}, origins...)
		if err := address.CheckOrigins(origins); err != nil {
			return fmt.Errorf("WithAllowedOrigins: %w", err)
		}
		return nil
	}
}

// WithSSE also serves the transport of protocol 2024-11-05, HTTP with server-sent events, at /sse and /messages beside the MCP path, for clients that know no
// other. Only the environment's ZSCALER_MCP_TRANSPORT=sse serves it alone.
func WithSSE() Option {
	return func(c *config) error {
		c.sse = true
		return nil
	}
}

// WithLimits bounds what callers may use.
func WithLimits(limits Limits) Option {
	return func(c *config) error {
		c.limits = limits
		if err := limits.check(); err != nil {
			return fmt.Errorf("WithLimits: %w", err)
		}
		return nil
	}
}
