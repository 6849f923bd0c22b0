package auth

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the peers whose word on the address of a caller is believed, and the one header in which
// they give it. The zero value believes nobody. [ParseProxies] reads them from text.
type Proxies struct {
	Prefixes []netip.Prefix // addresses of the proxies
	Header   string         // "X-Forwarded-For", which "" means too, or "Forwarded" (RFC 7239)
}

const (
	forwardedFor = "X-Forwarded-For"
	forwarded    = "Forwarded"

	maxHops = 32 // that are walked back
)

// ParseProxies reads addresses and CIDR prefixes, IPv4 and IPv6, and the name of the header; "" means X-Forwarded-For.
// The error names every bad entry. A prefix that covers every address is refused: everybody could then choose
// their own.
func ParseProxies(list []string, header string) (Proxies, error) {
	p := Proxies{Header: header}
	var errs []error
	for _, entry := range list {
		prefix, err := parsePrefix(strings.TrimSpace(entry))
		if err != nil {
			errs = append(errs, fmt.Errorf("auth: proxy %q: %w", entry, err))
			continue
		}
		p.Prefixes = append(p.Prefixes, prefix)
	}
	return p, errors.Join(append(errs, p.Validate())...)
}

var errNoPrefix = errors.New("is no IP address or CIDR prefix, such as 10.0.0.5 or 10.0.0.0/8")

func parsePrefix(entry string) (netip.Prefix, error) {
	if !strings.Contains(entry, "/") {
		addr, err := netip.ParseAddr(entry)
		if err != nil || addr.Zone() != "" {
			return netip.Prefix{}, errNoPrefix
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(entry)
	if err != nil {
		return netip.Prefix{}, errNoPrefix
	}
	return prefix.Masked(), nil
}

// Validate returns every mistake: another header than the two, a prefix that is none, that covers every address (alone or with the others), or
// that is an IPv4 one in the clothes of IPv6 (write it as IPv4).
func (p Proxies) Validate() error {
	var errs []error
	if name := p.header(); name != forwardedFor && name != forwarded {
		errs = append(errs, fmt.Errorf("auth: proxy header %q is not known: use %s or %s", p.Header, forwardedFor, forwarded))
	}
	for _, prefix := range p.Prefixes {
		switch {
		case !prefix.IsValid(), prefix.Addr().Is4In6():
			errs = append(errs, fmt.Errorf("auth: proxy %q: %w", prefix, errNoPrefix))
		case prefix.Bits() == 0:
			errs = append(errs, fmt.Errorf("auth: proxy %q: covers every address: name the proxies", prefix))
		}
	}
	if len(errs) == 0 && (p.coversAll(netip.IPv4Unspecified()) || p.coversAll(netip.IPv6Unspecified())) {
		errs = append(errs, errors.New("auth: the proxies together cover every address: name the proxies"))
	}
	return errors.Join(errs...)
}

// coversAll reports whether the prefixes of the family of addr leave no address out: those that are not in another one, which do not
// overlap, have parts of the whole that add up to it.
func (p Proxies) coversAll(addr netip.Addr) bool {
	covered := 0.0
	for i, prefix := range p.Prefixes {
		inAnother := slices.ContainsFunc(p.Prefixes, func(other netip.Prefix) bool {
			return other.Bits() < prefix.Bits() && other.Contains(prefix.Addr())
		})
		again := slices.ContainsFunc(p.Prefixes[:i], func(other netip.Prefix) bool { return other.Masked() == prefix.Masked() })
		if prefix.Addr().BitLen() == addr.BitLen() && !inAnother && !again {
			covered += math.Ldexp(1, -prefix.Bits())
		}
	}
	return covered >= 1
}

// header is the canonical name of the header.
func (p Proxies) header() string {
	if p.Header == "" {
		return forwardedFor
	}
	return http.CanonicalHeaderKey(p.Header)
}

func (p Proxies) clone() Proxies {
	p.Prefixes = slices.Clone(p.Prefixes)
	return p
}

// trusts reports whether addr is one of the proxies.
func (p Proxies) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(p.Prefixes, func(prefix netip.Prefix) bool { return prefix.Contains(addr) })
}

// ClientAddr returns the address that r came from: that of the socket's peer, unless the peer is a trusted
// proxy. Then the header of trusted is read from right to left, each hop saying who was before it, up to the
// first address that is no proxy (R155). A hop that names no address ends the walk at the one that said so. The
// zero Addr means that the peer has no IP address, as on a Unix socket.
func ClientAddr(r *http.Request, trusted Proxies) netip.Addr {
	addr := peerAddr(r)
	if !addr.IsValid() || !trusted.trusts(addr) {
		return addr
	}
	walked := 0
	for hop := range hopsBackward(r.Header, trusted.header()) {
		before, ok := hopAddr(hop)
		if walked++; !ok || walked > maxHops {
			break
		}
		if addr = before; !trusted.trusts(addr) {
			break
		}
	}
	return addr
}

// peerAddr is the address of the other end of the connection.
func peerAddr(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}
