package zscalermcp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// A reach says from where an address can be reached.
type reach int

const (
	fromHere     reach = iota // loopback
	fromNetwork               // one interface
	fromAnywhere              // every interface
)

// A bind is the address of [WithListen], looked up once, so that what is judged is what is bound.
type bind struct {
	addr  string // host:port, the host as an address
	host  string // as it was given
	reach reach
}

// checkListen checks the form of a host:port address.
func checkListen(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("listen address: %w; write it as host:port, for example 127.0.0.1:8000", err)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > 65535 {
		return fmt.Errorf("listen address %q: the port must be 0 to 65535", address)
	}
	return nil
}

// lookUp resolves an address: it is judged by what it resolves to, not by its spelling.
func lookUp(ctx context.Context, address string) (bind, error) {
	if err := checkListen(address); err != nil {
		return bind{}, fmt.Errorf("zscalermcp: %w", err)
	}
	host, port, _ := net.SplitHostPort(address)
	if host == "" {
		return bind{addr: address, reach: fromAnywhere}, nil
	}
	addrs, err := addrsOf(ctx, host)
	if err != nil {
		return bind{}, fmt.Errorf("zscalermcp: listen address: %w", err)
	}
	b := bind{addr: net.JoinHostPort(addrs[0].Unmap().String(), port), host: host, reach: fromNetwork}
	switch {
	case slices.ContainsFunc(addrs, func(addr netip.Addr) bool { return addr.Unmap().IsUnspecified() }):
		b.reach = fromAnywhere
	case !slices.ContainsFunc(addrs, func(addr netip.Addr) bool { return !addr.Unmap().IsLoopback() }):
		b.reach = fromHere
	}
	return b, nil
}

// addrsOf looks a host up, unless it is an address, which may have a zone.
func addrsOf(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// judge refuses what would put credentials on the network in the clear, or answer to every name.
func (s *Server) judge(b bind) error {
	var errs []error
	if b.reach != fromHere && s.tlsConfig() == nil && !s.cfg.allowHTTP {
		errs = append(errs, fmt.Errorf("zscalermcp: %s can be reached from other machines, and callers' credentials would go there in the clear: give a certificate "+
			"(ZSCALER_MCP_TLS_CERTFILE and ZSCALER_MCP_TLS_KEYFILE, or WithTLS), listen on 127.0.0.1 behind a proxy that ends TLS, or say that something else "+
			"encrypts the way here (ZSCALER_MCP_ALLOW_HTTP=true, or InsecureAllowHTTP)", b.addr))
	}
	if s.cfg.tls != nil && s.tlsConfig() == nil {
		errs = append(errs, errors.New("zscalermcp: there is a certificate, and it was not read, since the environment asks for stdio (ZSCALER_MCP_TRANSPORT)"))
	}
	if b.reach == fromAnywhere && len(s.cfg.lists.hosts) == 0 && s.public.Host == "" && !s.cfg.anyHost {
		errs = append(errs, fmt.Errorf("zscalermcp: %s is every interface, so nothing says under which names clients reach the server, and any web page could (DNS rebinding): "+
			"set the public URL (ZSCALER_MCP_PUBLIC_URL, or WithPublicURL), name the hosts (ZSCALER_MCP_ALLOWED_HOSTS, or WithAllowedHosts), or switch the check off "+
			"(ZSCALER_MCP_DISABLE_HOST_VALIDATION=true, or InsecureAllowAnyHost)", b.addr))
	}
	return errors.Join(errs...)
}

// listen binds what was judged.
func (b bind) listen(ctx context.Context) (net.Listener, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", b.addr)
	if err != nil {
		return nil, fmt.Errorf("zscalermcp: %w; another process may use the port: choose another one, or 0 for any", err)
	}
	return ln, nil
}

// names are the hosts under which a server is reached that has no other name.
func (b bind) names() []string {
	host, _, _ := net.SplitHostPort(b.addr)
	host, _, zoned := strings.Cut(host, "%") // clients leave the zone out
	names := []string{net.JoinHostPort(host, "*")}
	if !zoned && b.host != host {
		names = append(names, net.JoinHostPort(b.host, "*"))
	}
	return names
}
