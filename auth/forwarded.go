package auth

import (
	"net/http"
	"net/netip"
	"strings"
)

// forwardedHops returns what the header says of each hop, the nearest last; nothing if it is longer than any honest one.
// A hop may be no address.
func forwardedHops(h http.Header, header string) []string {
	lines, size := h[header], 0
	for _, line := range lines {
		size += len(line)
	}
	if size > maxForwardedBytes {
		return nil
	}
	var hops []string
	for _, line := range lines {
		if header == forwarded {
			hops = append(hops, forwardedElements(line)...)
			continue
		}
		for hop := range strings.SplitSeq(line, ",") {
			hops = append(hops, strings.TrimSpace(hop))
		}
	}
	return hops
}

// forwardedElements returns the "for" parameters of the elements of a Forwarded line (RFC 7239 section 4). A line
// whose quotes do not close names nobody: a caller could have opened them to swallow what a proxy has added behind.
func forwardedElements(line string) []string {
	elements, ok := splitUnquoted(line, ',')
	if !ok {
		return []string{""}
	}
	for i, element := range elements {
		elements[i] = forParameter(element)
	}
	return elements
}

// forParameter is the value of "for" in an element, without its quotes; "" if there is not exactly one.
func forParameter(element string) string {
	pairs, _ := splitUnquoted(element, ';') // whose quotes close, as those of the line do
	value, found := "", false
	for _, pair := range pairs {
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

// splitUnquoted splits at each separator outside of quoted strings (RFC 9110 section 5.6.4), and reports whether all of
// them are closed, and each is a whole value: a quote that a caller has left open must not be closed by one that a proxy has
// written, with what the proxy says between the two.
func splitUnquoted(s string, separator byte) (parts []string, closed bool) {
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			if quoted && !endsValue(s[i+1:]) || !quoted && !strings.HasSuffix(s[:i], "=") {
				return nil, false
			}
			quoted = !quoted
		case c == separator && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:]), !quoted
}

// endsValue reports whether nothing of a value is left in rest.
func endsValue(rest string) bool { return rest == "" || strings.IndexByte(",; \t", rest[0]) >= 0 }

// hopAddr reads an address with or without a port, IPv6 with or without brackets. "unknown" and obfuscated names
// (RFC 7239 section 6) are no addresses.
func hopAddr(hop string) (netip.Addr, bool) {
	if inner, ok := strings.CutPrefix(hop, "["); ok && strings.HasSuffix(inner, "]") {
		addr, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return addr.Unmap().WithZone(""), err == nil && addr.Is6()
	}
	if addr, err := netip.ParseAddr(hop); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	both, err := netip.ParseAddrPort(hop)
	return both.Addr().Unmap().WithZone(""), err == nil
}
