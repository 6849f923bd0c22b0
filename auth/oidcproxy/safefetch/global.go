package safefetch

import "net/netip"

// notGlobal4 and notGlobal6 are where no document of a stranger is (R35). The flags of netip do not cover these. Mapped IPv4 (::ffff:0:0/96) is in
// neither: it is judged as IPv4.
var (
	notGlobal4 = prefixes(
		"0.0.0.0/8",        // this network; Linux connects 0.0.0.0 to itself
		"10.0.0.0/8",       // private
		"100.64.0.0/10",    // between a provider and its customers; a cloud's metadata
		"127.0.0.0/8",      // loopback
		"168.63.129.16/32", // the machine below a virtual one, in a public range
		"169.254.0.0/16",   // link-local; metadata of most clouds
		"172.16.0.0/12",    // private
		"192.0.0.0/24",     // protocol assignments; a cloud's metadata
		"192.0.2.0/24",     // documentation
		"192.88.99.0/24",   // 6to4 relays
		"192.168.0.0/16",   // private
		"198.18.0.0/15",    // benchmarks
		"198.51.100.0/24",  // documentation
		"203.0.113.0/24",   // documentation
		"224.0.0.0/4",      // multicast
		"240.0.0.0/4",      // reserved, and broadcast
	)
	notGlobal6 = prefixes(
		"::/96",           // unspecified, loopback, IPv4-compatible
		"::ffff:0:0:0/96", // IPv4-translated
		"64:ff9b:1::/48",  // a network's own NAT64
		"100::/64",        // discard
		"100:0:0:1::/64",  // dummy
		"2001::/23",       // protocol assignments: Teredo, ORCHID, benchmarks
		"2001:db8::/32",   // documentation
		"2002::/16",       // 6to4
		"3fff::/20",       // documentation
		"5f00::/16",       // segment identifiers
		"fc00::/7",        // unique local
		"fe80::/10",       // link-local
		"fec0::/10",       // site-local
		"ff00::/8",        // multicast
	)
	nat64 = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052; networks with DNS64 reach all of IPv4 by it
)

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, text := range list {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// IsGlobal reports whether addr is a unicast address that can be reached from anywhere (RFC 6890, and what its registries have gained since). IPv4 within
// IPv6 is judged as IPv4 where the address stands for it (mapped, NAT64 of RFC 6052), and too where a tunnel would take it there (ISATAP, RFC 5214). 6to4 and
// Teredo are refused. So is an address with a zone, and the zero Addr.
func IsGlobal(addr netip.Addr) bool {
	if !addr.IsValid() || addr.Zone() != "" { // before Unmap, which drops the zone
		return false
	}
	addr = addr.Unmap()
	switch {
	case addr.Is4():
		return !contains(notGlobal4, addr)
	case nat64.Contains(addr):
		return !contains(notGlobal4, lastFour(addr))
	case isISATAP(addr) && contains(notGlobal4, lastFour(addr)):
		return false
	}
	return !contains(notGlobal6, addr)
}

func contains(list []netip.Prefix, addr netip.Addr) bool {
	for _, prefix := range list {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// lastFour is the IPv4 address at the end of an IPv6 address.
func lastFour(addr netip.Addr) netip.Addr {
	all := addr.As16()
	return netip.AddrFrom4([4]byte(all[12:]))
}

// isISATAP tells interface identifiers that hold an IPv4 address (RFC 5214 section 6.1), whether that is unique or not.
func isISATAP(addr netip.Addr) bool {
	all := addr.As16()
	return all[8]&^0x02 == 0 && all[9] == 0 && all[10] == 0x5e && all[11] == 0xfe
}
