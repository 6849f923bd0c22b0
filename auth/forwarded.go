package auth

import (
	"iter"
	"net/http"
	"net/netip"
	"strings"
)

// hopsBackward yields what the header says of each hop, the nearest first, as it is read from right to left: whatever a caller has sent
// is left of what proxies have added, and does not change how that is read. A hop may be no address.
func hopsBackward(h http.Header, header string) iter.Seq[string] {
	lines := h[header]
	return func(yield func(string) bool) {
		for i := len(lines) - 1; i >= 0; i-- {
			for rest, more := lines[i], true; more; {
				var hop string
				if header == forwarded {
					rest, hop, more = cutLastElement(rest)
					hop = forParameter(hop)
				} else {
					rest, hop, more = cutLast(rest, strings.LastIndexByte(rest, ','))
					hop = strings.TrimSpace(hop)
				}
				if !yield(hop) {
					return
				}
			}
		}
	}
}

// cutLast splits s around the separator at i; i < 0 means that there is none.
func cutLast(s string, i int) (before, last string, found bool) {
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// cutLastElement cuts the last element off a Forwarded line (RFC 7239 section 4). A comma in a quoted string separates nothing.
func cutLastElement(line string) (before, last string, found bool) {
	quoted := false
	for i := len(line) - 1; i >= 0; i-- {
		switch c := line[i]; {
		case c == '"' && !(quoted && isEscaped(line, i)):
			quoted = !quoted
		case c == ',' && !quoted:
			return cutLast(line, i)
		}
	}
	return cutLast(line, -1)
}

// isEscaped reports whether an odd number of backslashes is before s[i].
func isEscaped(s string, i int) bool {
	return (i-len(strings.TrimRight(s[:i], `\`)))%2 == 1
}

// forParameter is the value of "for" in an element, without its quotes; "" if there is not exactly one, or the element is malformed.
func forParameter(element string) string {
	pairs, ok := splitUnquoted(element, ';')
	if !ok {
		return ""
	}
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
// them are closed, and each is a whole value.
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
func endsValue(rest string) bool { return rest == "" || strings.IndexByte("; \t", rest[0]) >= 0 }

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
