package safefetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// mostDialled is how many addresses of a name are tried. All are judged.
const mostDialled = 8

// rooted looks names up as they are. Otherwise the machine's search domains would make other names of those that do not exist, names of its own network.
type rooted struct{ Resolver }

func (r rooted) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	return r.Resolver.LookupNetIP(ctx, network, host+".")
}

// admits reports whether addr may be dialled.
func (f *Fetcher) admits(addr netip.Addr) bool {
	return IsGlobal(addr) || contains(f.cfg.AllowNetworks, addr.Unmap())
}

// resolve returns the addresses of a host if all of them may be dialled. It is the only lookup of a fetch (R34).
func (f *Fetcher) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if literal, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{literal}, f.judge(literal)
	}
	found, err := f.cfg.Resolver.LookupNetIP(ctx, "ip", host)
	if err == nil && len(found) == 0 {
		err = errors.New("there is none")
	}
	if err != nil {
		return nil, unavailable(ctx, "look up its address", err)
	}
	var addrs []netip.Addr
	for _, addr := range found {
		if err := f.judge(addr); err != nil {
			return nil, err
		}
		if addr = addr.Unmap(); !slices.Contains(addrs, addr) && len(addrs) < mostDialled {
			addrs = append(addrs, addr)
		}
	}
	return addrs, nil
}

func (f *Fetcher) judge(addr netip.Addr) error {
	if !f.admits(addr) {
		return refused("%s is not globally reachable", addr)
	}
	return nil
}

// connect dials the addresses of u in order. Each has its share of the time that is left, so that a silent one does not use up all.
func (f *Fetcher) connect(ctx context.Context, u *url.URL) (net.Conn, error) {
	addrs, err := f.resolve(ctx, u.Hostname())
	if err != nil {
		return nil, err
	}
	port := uint64(defaultPort)
	if u.Port() != "" {
		port, _ = strconv.ParseUint(u.Port(), 10, 16) // checked with the URL
	}
	var errs []error
	for i, addr := range addrs {
		conn, err := f.dialOne(ctx, netip.AddrPortFrom(addr, uint16(port)), len(addrs)-i)
		if err == nil {
			return conn, nil
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); errors.Is(err, ErrRefused) {
		return nil, err
	}
	return nil, unavailable(ctx, "connect", errors.Join(errs...))
}

func (f *Fetcher) dialOne(ctx context.Context, to netip.AddrPort, left int) (net.Conn, error) {
	if deadline, ok := ctx.Deadline(); ok {
		share, cancel := context.WithTimeout(ctx, time.Until(deadline)/time.Duration(left))
		defer cancel()
		ctx = share
	}
	conn, err := f.cfg.Dial(ctx, "tcp", to)
	if err == nil && conn == nil {
		err = fmt.Errorf("the dialer has no connection to %s", to)
	}
	return conn, err
}

// dialDirectly is the Dial of a configuration without one.
func (f *Fetcher) dialDirectly(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
	d := net.Dialer{Control: f.control, KeepAlive: -1}
	return d.DialContext(ctx, network, to.String())
}

// control judges once more, at the last moment, what the socket is about to be connected to.
func (f *Fetcher) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !slices.Contains(f.cfg.Ports, to.Port()) {
		return refused("%q is nothing to connect to", address)
	}
	return f.judge(to.Addr())
}
