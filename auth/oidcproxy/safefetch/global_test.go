package safefetch_test

import (
	"net/netip"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// notGlobal has each prefix with its neighbours on both sides: "" where that is of another prefix of the table, or of none.
var notGlobal = []struct{ prefix, below, above string }{
	{"0.0.0.0/8", "", "1.0.0.0"},
	{"10.0.0.0/8", "9.255.255.255", "11.0.0.0"},
	{"100.64.0.0/10", "100.63.255.255", "100.128.0.0"},
	{"127.0.0.0/8", "126.255.255.255", "128.0.0.0"},
	{"168.63.129.16/32", "168.63.129.15", "168.63.129.17"},
	{"169.254.0.0/16", "169.253.255.255", "169.255.0.0"},
	{"172.16.0.0/12", "172.15.255.255", "172.32.0.0"},
	{"192.0.0.0/24", "191.255.255.255", "192.0.1.0"},
	{"192.0.2.0/24", "192.0.1.255", "192.0.3.0"},
	{"192.88.99.0/24", "192.88.98.255", "192.88.100.0"},
	{"192.168.0.0/16", "192.167.255.255", "192.169.0.0"},
	{"198.18.0.0/15", "198.17.255.255", "198.20.0.0"},
	{"198.51.100.0/24", "198.51.99.255", "198.51.101.0"},
	{"203.0.113.0/24", "203.0.112.255", "203.0.114.0"},
	{"224.0.0.0/4", "223.255.255.255", ""},
	{"240.0.0.0/4", "", ""},

	{"::/96", "", "::1:0:0"},
	{"::ffff:0:0:0/96", "::fffe:ffff:ffff:ffff", "::ffff:1:0:0"},
	{"64:ff9b:1::/48", "64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "64:ff9b:2::"},
	{"100::/64", "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
	{"100:0:0:1::/64", "", "100:0:0:2::"},
	{"2001::/23", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
	{"2001:db8::/32", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
	{"2002::/16", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
	{"3fff::/20", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"},
	{"5f00::/16", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f01::"},
	{"fc00::/7", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"},
	{"fe80::/10", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
	{"fec0::/10", "", ""},
	{"ff00::/8", "", ""},
}

// last is the last address of a prefix.
func last(p netip.Prefix) netip.Addr {
	bytes := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	addr, _ := netip.AddrFromSlice(bytes)
	return addr
}

// R35: both edges of each prefix are refused, and what lies beside them is not.
func TestPrefixesThatAreNotGlobal(t *testing.T) {
	for _, row := range notGlobal {
		p := netip.MustParsePrefix(row.prefix)
		first, last := p.Addr(), last(p)
		for _, addr := range []netip.Addr{first, first.Next(), last.Prev(), last} {
			if p.Contains(addr) && safefetch.IsGlobal(addr) {
				t.Errorf("%s: %s is global", p, addr)
			}
		}
		for text, beside := range map[string]netip.Addr{row.below: first.Prev(), row.above: last.Next()} {
			if text == "" {
				continue
			}
			if beside != netip.MustParseAddr(text) || !safefetch.IsGlobal(beside) {
				t.Errorf("%s: beside it is %s and not global", p, beside)
			}
		}
	}
}

// embeddings are the forms of IPv6 that are judged by the IPv4 address in them.
var embeddings = map[string]func(netip.Addr) netip.Addr{
	"mapped":        func(v4 netip.Addr) netip.Addr { return netip.AddrFrom16(v4.As16()) },
	"NAT64":         func(v4 netip.Addr) netip.Addr { return embedded("64:ff9b::", v4) },
	"ISATAP":        func(v4 netip.Addr) netip.Addr { return embedded("2606:4700::5efe:0:0", v4) },
	"ISATAP unique": func(v4 netip.Addr) netip.Addr { return embedded("2606:4700::200:5efe:0:0", v4) },
}

func embedded(in string, v4 netip.Addr) netip.Addr {
	bytes, tail := netip.MustParseAddr(in).As16(), v4.As4()
	copy(bytes[12:], tail[:])
	return netip.AddrFrom16(bytes)
}

// R35: IPv4 in IPv6 is judged as IPv4, whatever it is wrapped in.
func TestEmbeddedIPv4(t *testing.T) {
	for _, row := range notGlobal {
		p := netip.MustParsePrefix(row.prefix)
		if !p.Addr().Is4() {
			continue
		}
		for name, embed := range embeddings {
			if addr := embed(p.Addr()); safefetch.IsGlobal(addr) {
				t.Errorf("%s of %s: %s is global", name, p, addr)
			}
			if addr := embed(last(p)); safefetch.IsGlobal(addr) {
				t.Errorf("%s of %s: %s is global", name, p, addr)
			}
			if row.above != "" && !safefetch.IsGlobal(embed(netip.MustParseAddr(row.above))) {
				t.Errorf("%s of %s is not global", name, row.above)
			}
		}
	}
}

// R35, D58: forms that are refused whatever is in them, and their neighbours.
func TestAddressesThatAreNotGlobal(t *testing.T) {
	for text, want := range map[string]bool{
		"2002:808:808::1":                       false, // 6to4 of 8.8.8.8
		"2001:0:808:808::1":                     false, // Teredo
		"2001:20::1":                            false, // ORCHID
		"::8.8.8.8":                             false, // IPv4-compatible
		"::ffff:0:808:808":                      false, // IPv4-translated
		"64:ff9b:1::808:808":                    false, // a network's own NAT64
		"fd00:ec2::254":                         false, // a cloud's metadata
		"fe80::1%eth0":                          false,
		"2606:4700::1111%eth0":                  false,
		"::ffff:8.8.8.8%eth0":                   false, // which Unmap would strip of its zone
		"fe80::5efe:808:808":                    false, // ISATAP on the link
		"::1":                                   false,
		"255.255.255.255":                       false,
		"100.100.100.200":                       false, // a cloud's metadata
		"8.8.8.8":                               true,
		"2606:4700::1111":                       true,
		"2606:4700::5eff:a00:1":                 true, // almost ISATAP
		"2606:4700::100:5efe:a00:1":             true,
		"2a00:1450:4001:81b::200e":              true,
		"64:ff9b::8.8.8.8":                      true,
		"2001:4860:4860::8888":                  true,
		"2001:1ff:ffff:ffff:ffff:ffff:ffff:fff": false,
	} {
		if got := safefetch.IsGlobal(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	if safefetch.IsGlobal(netip.Addr{}) {
		t.Error("no address is global")
	}
}
