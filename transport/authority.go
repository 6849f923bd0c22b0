package transport

import (
	"net/netip"
	"strconv"
	"strings"
)

// An authority is a host with or without a port, as in a Host header (RFC 9110 section 7.2).
type authority struct {
	name string     // in lower case, without the root's dot; "" for an address
	addr netip.Addr // IPv4 where it is mapped into IPv6
	port uint16     // 0 for none
}

// longestAuthority is a DNS name with the root's dot and a port.
const longestAuthority = 254 + len(":65535")

// parseAuthority reads nothing but names of letters, digits, hyphens and underscores, IPv4 addresses of four numbers, and IPv6 addresses in brackets. A
// zone is refused: it means something on the sender's machine only, and no client sends it (RFC 6874 section 4).
func parseAuthority(s string) (a authority, ok bool) {
	if len(s) > longestAuthority {
		return a, false
	}
	host := s
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		if a.port, ok = parsePort(s[i+1:]); !ok {
			return authority{}, false
		}
		host = s[:i]
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		a.addr, ok = parseIPv6(strings.CutSuffix(inner, "]"))
		return a, ok
	}
	host = strings.TrimSuffix(host, ".")
	if !isName(host) {
		return authority{}, false
	}
	if endsInNumber(host) {
		a.addr, ok = parseIPv4(host)
		return a, ok
	}
	a.name = strings.ToLower(host)
	return a, true
}

// parsePort reads a port as clients write it.
func parsePort(s string) (uint16, bool) {
	if s == "" || s[0] < '1' || s[0] > '9' {
		return 0, false
	}
	port, err := strconv.ParseUint(s, 10, 16)
	return uint16(port), err == nil
}

func parseIPv4(s string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(s)
	return addr, err == nil && addr.Is4()
}

func parseIPv6(s string, bracketed bool) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(s)
	return addr.Unmap(), bracketed && err == nil && addr.Is6() && addr.Zone() == ""
}

// isName reports whether s consists of labels, which none may be empty.
func isName(s string) bool {
	const longestLabel = 63
	label := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
			continue
		case c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'):
			return false
		}
		if label++; label > longestLabel {
			return false
		}
	}
	return label > 0
}

// endsInNumber reports whether the last label is a number, which makes s an IPv4 address or nothing: there is no such top-level domain.
func endsInNumber(s string) bool {
	last := s[strings.LastIndexByte(s, '.')+1:]
	return !strings.ContainsFunc(last, func(c rune) bool { return c < '0' || c > '9' })
}

// isLoopback reports whether a names this machine.
func (a authority) isLoopback() bool { return a.name == "localhost" || a.addr.IsLoopback() }
