package auth

import (
	"net/http"
	"net/netip"
	"strings"
)

// hops are the elements of a forwarding header, the nearest last.
type hops struct {
	lines  []string
	quotes bool // the header has quoted strings (RFC 7239 section 4)
}

// forwardedHops returns the hops that the header names; none if it is longer than any honest one.
func forwardedHops(h http.Header, header string) hops {
	if header == "" {
		header = forwardedFor
	}
	lines, size := h[header], 0
	for _, line := range lines {
		size += len(line)
	}
	if size > maxForwardedBytes {
		return hops{}
	}
	return hops{lines: lines, quotes: header == forwarded}
}

// last splits the last element off.
func (h hops) last() (element string, rest hops, ok bool) {
	if len(h.lines) == 0 {
		return "", h, false
	}
	line := h.lines[len(h.lines)-1]
	rest = hops{lines: h.lines[:len(h.lines)-1], quotes: h.quotes}
	comma := h.lastComma(line)
	if comma >= 0 {
		lines := append([]string(nil), rest.lines...) // the header's own slice must not change
		rest.lines = append(lines, line[:comma])
	}
	element = strings.TrimSpace(line[comma+1:])
	if h.quotes {
		element = forParameter(element)
	}
	return element, rest, true
}

// lastComma is the index of the last comma outside of quotes, or -1. A backslash in quotes hides the byte behind it.
func (h hops) lastComma(line string) int {
	if !h.quotes {
		return strings.LastIndexByte(line, ',')
	}
	at, quoted := -1, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			at = i
		}
	}
	return at
}

// forParameter is the value of "for" in an element of Forwarded, without its quotes; "" if there is not exactly one.
func forParameter(element string) string {
	value, found := "", false
	for pair := range strings.SplitSeq(element, ";") {
		name, v, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if !ok || !strings.EqualFold(name, "for") {
			continue
		}
		if found {
			return ""
		}
		value, found = v, true
	}
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	return value
}

// hopAddr reads an address with or without a port, IPv6 with or without brackets. "unknown" and obfuscated names
// (RFC 7239 section 6) are no addresses.
func hopAddr(hop string) (netip.Addr, bool) {
	if addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(hop, "["), "]")); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	if both, err := netip.ParseAddrPort(hop); err == nil {
		return both.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}
