package address_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/internal/address"
)

// A host to listen on is a name or an address, and nothing more; what is none is refused with a word on how to write it.
func TestListenHost(t *testing.T) {
	for raw, want := range map[string]string{
		"localhost": "localhost", "mcp.example.com": "mcp.example.com", "mcp.example.com.": "mcp.example.com.", "1host": "1host", "my_host": "my_host",
		"127.0.0.1": "127.0.0.1", "0.0.0.0": "0.0.0.0", "::": "::", "[::]": "::", "::1": "::1", "[::1]": "::1", "::ffff:127.0.0.1": "::ffff:127.0.0.1", "2001:db8::8443": "2001:db8::8443",
		"fe80::1%eth0": "fe80::1%eth0", "[fe80::1%eth0]": "fe80::1%eth0", "[fe80::1%lo]": "fe80::1%lo",
	} {
		if got, err := address.ListenHost(raw); err != nil || got != want {
			t.Errorf("%q: %q, %v", raw, got, err)
		}
	}
	const port, none, alone = "the port goes into ZSCALER_MCP_PORT", "is no host: write 127.0.0.1, or 0.0.0.0 for every interface", "a host alone, without a scheme"
	for raw, want := range map[string]string{
		"0.0.0.0:8443": port, "localhost:8000": port, ":8000": port, "[::1]:8000": port, "[fe80::1%eth0]:8000": port, "mcp.example.com:https": port, "0:8000": port,
		"0": none, "127.1": none, "8000": none, "256.0.0.1": none, "127.0.0.1.": none, "*": none, "*.example.com": none, "": none, "[]": none, "::1::2": none, "127.0.0.1,::1": none, "a b": none,
		"http://0.0.0.0": alone, "https://me:s3cr3t@mcp.example.com": alone, "me:s3cr3t@localhost": alone, "localhost/mcp": alone, "0.0.0.0/0": alone,
	} {
		if got, err := address.ListenHost(raw); err == nil || got != "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%q: %q, %v", raw, got, err)
		}
	}
}
