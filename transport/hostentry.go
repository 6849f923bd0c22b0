package transport

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"
)

// add adds entries to the rules. The error names every one that is none, and says how to write it.
func (h *hostRules) add(entries []string) error {
	h.names, h.below, h.addrs = map[string]ports{}, map[string]ports{}, map[netip.Addr]ports{}
	h.entries = slices.Clone(entries)
	var mistakes []error
	for _, entry := range entries {
		if err := h.addOne(entry); err != nil {
			mistakes = append(mistakes, fmt.Errorf("transport: host %q %w", shownHost(entry), err))
		}
	}
	return errors.Join(mistakes...)
}

func (h *hostRules) addOne(entry string) error {
	if mistake := misspelt(entry); mistake != "" {
		return errors.New(mistake)
	}
	if addr, err := netip.ParseAddr(entry); err == nil && addr.Is6() { // with no brackets there is no port
		entry = "[" + entry + "]"
	}
	host, anyPort := strings.CutSuffix(entry, ":*")
	host, below := strings.CutPrefix(host, "*.")
	a, ok := parseAuthority(host)
	switch {
	case !ok || anyPort && a.port != 0:
		return errors.New("is no host, or has no port from 1 to 65535: write it like mcp.example.com, mcp.example.com:8443, mcp.example.com:*, *.example.com, 192.0.2.7 or [2001:db8::7]:8443")
	case below && a.addr.IsValid():
		return errors.New("has an address behind *., which only stands before a name: write *.example.com, or the address alone")
	case below:
		h.below[a.name] = h.below[a.name].with(a.port, anyPort)
	case a.addr.IsValid():
		h.addrs[a.addr] = h.addrs[a.addr].with(a.port, anyPort)
	default:
		h.names[a.name] = h.names[a.name].with(a.port, anyPort)
	}
	return nil
}

// with adds the port of an entry. Clients leave out the default port of a scheme, and the scheme that they use is not known behind a proxy.
func (p ports) with(port uint16, anyPort bool) ports {
	const http, https = 80, 443
	switch {
	case anyPort:
		p.any = true
	case port == 0:
		p.listed = append(p.listed, 0, http, https)
	case port == http, port == https:
		p.listed = append(p.listed, 0, port)
	default:
		p.listed = append(p.listed, port)
	}
	return p
}

// misspelt says what is wrong with an entry that people might well write.
func misspelt(entry string) string {
	addr, err := netip.ParseAddr(strings.Trim(entry, "[]"))
	switch {
	case entry == "":
		return "is empty: write one like mcp.example.com, or leave it out"
	case strings.ContainsFunc(entry, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }):
		return "has a space in it: write one host an entry"
	case strings.Contains(entry, "@"):
		return "has a user in it: write the host alone"
	case strings.Contains(entry, "//"):
		return "is a URL: write the host alone, without a scheme and a path"
	case strings.ContainsAny(entry, "/?#"):
		return "has a path or a query in it: write the host alone"
	case strings.ContainsFunc(entry, func(c rune) bool { return c > unicode.MaxASCII }):
		return "has letters beyond ASCII: write them as browsers send them, as xn--…"
	case entry == "*" || entry == "*:*":
		return "stands for every host: name those under which clients reach the server, or switch the check off in place of a list (InsecureAllowAnyHost, ZSCALER_MCP_DISABLE_HOST_VALIDATION=true)"
	case strings.Contains(entry, "%") || err == nil && addr.Zone() != "":
		return "has a zone in it, which clients do not send: write the address alone"
	case strings.Contains(strings.TrimPrefix(strings.TrimSuffix(entry, ":*"), "*."), "*"):
		return "has a * in the middle: * stands only before the first dot, as in *.example.com, and for the port, as in mcp.example.com:*"
	}
	return ""
}

// shownHost is an entry without what may be a secret in it, if somebody has taken a URL for a host.
func shownHost(entry string) string {
	entry, _, _ = strings.Cut(entry, "?")
	if i := strings.LastIndexByte(entry, '@'); i >= 0 {
		entry = "…" + entry[i:]
	}
	return short(entry)
}
