package address

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// ListenHost reads the host of an address to listen on: a name, or an IP address, which may have a zone, and brackets. It returns it without them. What no
// resolver finds, or each in its own way, is refused, such as numbers that are no address.
func ListenHost(raw string) (string, error) {
	host := strings.Trim(raw, "[]")
	if _, err := netip.ParseAddr(host); err == nil && !strings.ContainsAny(host, "[]") { // a zone may have any letter
		return host, nil
	}
	switch _, _, err := net.SplitHostPort(raw); {
	case strings.ContainsAny(raw, "/@?#"): // not repeated: there may be a password in it
		return "", errors.New("it is for a host alone, without a scheme, a user and a path: write 127.0.0.1, or 0.0.0.0 for every interface")
	case err == nil:
		return "", fmt.Errorf("%q has a port in it, and is for a host alone; the port goes into ZSCALER_MCP_PORT", raw)
	case isNumeric(host), strings.ContainsAny(host, "[]:*, "):
		return "", fmt.Errorf("%q is no host: write 127.0.0.1, or 0.0.0.0 for every interface", raw)
	}
	return host, nil
}

// isNumeric reports whether there is nothing but digits and dots in a text, such as 0 or 127.1, or nothing at all.
func isNumeric(text string) bool { return strings.Trim(text, "0123456789.") == "" }
