package address

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Public reads the URL under which clients reach the MCP endpoint. Its path has no slash at the end, unless it is "/".
func Public(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case !isWeb(raw): // what stands in front of a colon would be taken for another scheme
		return nil, errors.New("the public URL must begin with https:// (or http:// on loopback), like https://svc.example.com/mcp")
	case err != nil:
		return nil, errors.New("the public URL is no URL: give one like https://svc.example.com/mcp")
	case u.Hostname() == "":
		return nil, fmt.Errorf("public URL %q names no host: give one like https://svc.example.com/mcp", Shown(raw))
	case !isPort(u):
		return nil, fmt.Errorf("public URL %q: its port must be 1 to 65535", Shown(raw))
	case u.User != nil, u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return nil, fmt.Errorf("public URL %q must have no user, query or fragment", Shown(raw))
	case u.RawPath != "" || strings.ContainsAny(u.Path, "{}") || strings.Contains(u.Path, "//"):
		return nil, fmt.Errorf("public URL %q: its path must be plain: no escapes, braces or empty segments", raw)
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return nil, fmt.Errorf("public URL %q: its path must have no dot segments", raw)
		}
	}
	if u.Path = strings.TrimSuffix(u.Path, "/"); u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

// isWeb reports whether a text begins as a URL of the web does.
func isWeb(raw string) bool {
	scheme, _, found := strings.Cut(raw, "://")
	return found && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http"))
}

// isPort reports whether the port of u is one, or left out.
func isPort(u *url.URL) bool {
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return !strings.HasSuffix(u.Host, ":") && (u.Port() == "" || err == nil && port > 0)
}

// IsLoopback judges the host of a URL: an IP literal or the name localhost. No name is resolved.
func IsLoopback(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return strings.EqualFold(u.Hostname(), "localhost") || err == nil && ip.IsLoopback()
}
