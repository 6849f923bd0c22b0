package transport_test

import (
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport"
)

// R160, D77: no Host passes that net/url does not take for one of the listed hosts, and these pass in every spelling.
func FuzzHost(f *testing.F) {
	listed := []string{"mcp.example.com", "api.example.com:8443", "any.example.com:*", "*.wild.example", "192.0.2.7", "[2001:db8::7]:8443", "localhost"}
	for _, seed := range []string{
		"mcp.example.com", "MCP.example.com.", "mcp.example.com:443", "api.example.com:8443", "any.example.com:1", "a.b.wild.example", "192.0.2.7:80", "[2001:DB8::7]:8443", "localhost", "",
		"evil.example", "mcp.example.com:80:80", "mcp.example.com@evil.example", "[::ffff:192.0.2.7]", "wild.example", ".wild.example", "[2001:db8::7%25eth0]:8443", "mcp.example.com\x00", "%6dcp.example.com",
		"xn--mcp.example.com", "mcp。example.com", "mcp.example.com:", "mcp.example.com:0443", "mcp.example.com/..", "LOCALHOST:80", "3221225991",
	} {
		f.Add(seed, uint64(1))
	}
	f.Fuzz(func(t *testing.T, host string, seed uint64) {
		c := newHosts(t, listed...)
		if through(c.Wrap, toHost(host, "")) == http.StatusNoContent && !isListed(host) {
			t.Errorf("%q passes", host)
		}
		random := rand.New(rand.NewPCG(seed, 0))
		for _, right := range []string{"mcp.example.com", "api.example.com.:8443", "x.wild.example:443", "[2001:db8::7]:8443", "localhost:80"} {
			right = strings.Map(func(c rune) rune {
				if 'a' <= c && c <= 'z' && random.IntN(2) == 0 {
					return c - 'a' + 'A'
				}
				return c
			}, right)
			if through(c.Wrap, toHost(right, "")) != http.StatusNoContent {
				t.Errorf("%q does not pass", right)
			}
		}
		// A host that is one by itself passes where it is listed, and only there.
		if alone, err := transport.NewHostCheck(host); err == nil {
			name := strings.TrimPrefix(strings.TrimSuffix(host, ":*"), "*.")
			if addr, err := netip.ParseAddr(name); err == nil && addr.Is6() {
				name = "[" + name + "]"
			}
			if strings.HasPrefix(host, "*.") {
				name = "a." + name
			}
			if through(alone.Wrap, toHost(name, "")) != http.StatusNoContent {
				t.Errorf("the entry %q refuses %q", host, name)
			}
			for _, other := range []string{"x" + name, name + "x", "evil.invalid", name + "@evil.invalid", "evil.invalid#" + name} {
				if through(alone.Wrap, toHost(other, "")) == http.StatusNoContent && !strings.HasPrefix(host, "*.") {
					t.Errorf("the entry %q accepts %q", host, other)
				}
			}
		}
	})
}

// isListed is what FuzzHost's list means, in terms of net/url and net/netip.
func isListed(host string) bool {
	u, err := url.Parse("https://" + host + "/")
	if err != nil || u.Host != host || u.User != nil || strings.Contains(u.Hostname(), "%") {
		return false
	}
	name, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	standard := slices.Contains([]string{"", "80", "443"}, port)
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.Unmap() == netip.MustParseAddr("192.0.2.7") && standard || addr == netip.MustParseAddr("2001:db8::7") && port == "8443"
	}
	switch below, ok := strings.CutSuffix(name, ".wild.example"); {
	case ok:
		return below != "" && standard
	case name == "api.example.com":
		return port == "8443"
	case name == "any.example.com":
		return true
	}
	return (name == "mcp.example.com" || name == "localhost") && standard
}

// R160: an entry of a list of sources means what package net takes it for, or is refused.
func FuzzSource(f *testing.F) {
	for _, seed := range []string{
		"192.0.2.7", "10.0.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "::ffff:10.0.0.0/104", "::ffff:192.0.2.7", "10.0.0.5/8", "fe80::1%eth0", "", "010.0.0.1", "::ffff:0:0/96", "::/1", "1.2.3.4/032",
	} {
		f.Add(seed, "192.0.2.7", []byte{10, 1, 2, 3})
	}
	f.Fuzz(func(t *testing.T, entry, at string, raw []byte) {
		c, err := transport.NewSourceCheck(auth.Proxies{}, entry)
		if err != nil {
			if !strings.Contains(err.Error(), "source address") {
				t.Errorf("%q: %v", entry, err)
			}
			return
		}
		peers := []string{at, entry, strings.SplitN(entry, "/", 2)[0]}
		if ip, ok := netip.AddrFromSlice(raw); ok {
			peers = append(peers, ip.String())
		}
		for _, peer := range peers {
			addr, err := netip.ParseAddr(peer)
			if err != nil {
				continue
			}
			got := through(c.Wrap, from(netip.AddrPortFrom(addr, 1).String())) == http.StatusNoContent
			if want := covers(t, entry, net.IP(addr.WithZone("").AsSlice())); got != want {
				t.Errorf("%q, %s: %v, package net says %v", entry, peer, got, want)
			}
		}
	})
}

// covers is the meaning of an entry in terms of package net, which takes IPv4 addresses that are mapped into IPv6 for IPv4 ones.
func covers(t *testing.T, entry string, ip net.IP) bool {
	if !strings.Contains(entry, "/") {
		return net.ParseIP(entry).Equal(ip)
	}
	named, network, err := net.ParseCIDR(entry)
	if err != nil {
		t.Fatalf("%q is accepted, but not by package net: %v", entry, err)
	}
	if !named.Equal(network.IP) {
		t.Fatalf("%q has bits behind its length", entry)
	}
	if ones, bits := network.Mask.Size(); bits == 128 && network.IP.To4() != nil { // package net knows no mapped prefixes
		if ip.To4() == nil {
			return false
		}
		network = &net.IPNet{IP: network.IP.To4(), Mask: net.CIDRMask(ones-96, 32)}
	} else if bits == 128 && ip.To4() != nil {
		return false
	}
	return network.Contains(ip)
}
