package address_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/internal/address"
)

// R2: what is no absolute URL of the web is refused with a word on how to write one, and without what may be a secret in it.
func TestPublicURLsThatAreNone(t *testing.T) {
	const begin, noURL, host = "must begin with https:// (or http:// on loopback), like https://svc.example.com/mcp", "is no URL", "names no host"
	for raw, want := range map[string]string{
		"mcp.example.test:8443/mcp": begin, "svc.example.com/mcp": begin, "svc.example.com": begin, "127.0.0.1:8443/mcp": begin, "localhost:8000": begin, "[::1]:8000/mcp": begin,
		"/mcp": begin, "//svc.example.com/mcp": begin, "ftp://svc.example.com/mcp": begin, "wss://svc.example.com/mcp": begin, "https:svc.example.com": begin, "https:/svc.example.com": begin,
		" https://svc.example.com/mcp": begin, "me:s3cr3t@svc.example.com/mcp": begin, "mailto:s3cr3t@example.com": begin, "": begin,
		"https://svc.example.com:port/mcp": noURL, "https://[::1/mcp": noURL, "https://me:s3cr3t@svc .example.com": noURL,
		"https://": host, "https:///mcp": host, "https://:8443/mcp": host, "https://me:s3cr3t@/mcp": host,
	} {
		if _, err := address.Public(raw); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%q: %v", raw, err)
		}
	}
	for raw, want := range map[string]string{
		"https://mcp.example.test:8443/mcp": "https://mcp.example.test:8443/mcp", "HTTPS://svc.example.com/mcp/": "https://svc.example.com/mcp", "https://svc.example.com": "https://svc.example.com/",
		"http://127.0.0.1:8443/mcp": "http://127.0.0.1:8443/mcp", "http://[::1]:8000/mcp": "http://[::1]:8000/mcp",
	} {
		if u, err := address.Public(raw); err != nil || u.String() != want {
			t.Errorf("%q: %v, %v", raw, u, err)
		}
	}
}
