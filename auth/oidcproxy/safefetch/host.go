package safefetch

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
)

const (
	longestName  = 253 // bytes (RFC 1035 section 2.3.4, as text)
	longestLabel = 63
)

// localNames are names, and what is below them, that mean a machine or a network nearby. Their addresses would be refused as well; an egress gateway that
// resolves names in its own way might know others.
var localNames = []string{"arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "private", "metadata.goog"}

// checkHost accepts a domain name in full, or the canonical spelling of an IP address, which it returns.
func checkHost(host string) (netip.Addr, error) {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		addr, err := netip.ParseAddr(inner)
		if !ok || err != nil || !addr.Is6() || addr.Is4In6() || addr.Zone() != "" || addr.String() != inner {
			return netip.Addr{}, errors.New("its host is no IPv6 address in canonical form (RFC 5952)")
		}
		return addr, nil
	}
	if endsInNumber(host) {
		addr, err := netip.ParseAddr(host)
		if err != nil || !addr.Is4() {
			return netip.Addr{}, errors.New("its host is no IPv4 address of four decimal numbers")
		}
		return addr, nil
	}
	return netip.Addr{}, checkName(host)
}

// endsInNumber tells names whose last label begins with a digit: there is no such domain, and readers take some of them for IPv4 addresses.
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last != "" && isDigit(last[0])
}

func checkName(host string) error {
	if len(host) > longestName || !isName(host) {
		return errors.New("its host is no domain name in lower case, of letters, digits and hyphens, without a dot at its end")
	}
	if !strings.Contains(host, ".") {
		return errors.New("its host is a name of the local network: give the domain name in full")
	}
	return nil
}

// isName reports whether host is labels, joined by dots.
func isName(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > longestLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; ('a' > c || c > 'z') && !isDigit(c) && c != '-' {
				return false
			}
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isBelow reports whether host is name, or below it.
func isBelow(host, name string) bool {
	return host == name || len(host) > len(name) && strings.HasSuffix(host, name) && host[len(host)-len(name)-1] == '.'
}

func isLocalName(host string) bool {
	return slices.ContainsFunc(localNames, func(name string) bool { return isBelow(host, name) })
}

// isHostPattern reports whether entry can stand in a list of hosts.
func isHostPattern(entry string) bool {
	if above, wild := strings.CutPrefix(entry, "*."); wild {
		return len(above) <= longestName && isName(above) && !endsInNumber(above)
	}
	if strings.Contains(entry, ":") {
		entry = "[" + entry + "]"
	}
	_, err := checkHost(entry)
	return err == nil
}

// names reports whether a list has host.
func names(list []string, host string) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		if above, wild := strings.CutPrefix(entry, "*."); wild {
			return host != above && isBelow(host, above)
		}
		return host == entry
	})
}

// checkPolicy judges a host that is spelt well.
func (f *Fetcher) checkPolicy(host string, literal netip.Addr) error {
	switch {
	case literal.IsValid() && !f.admits(literal):
		return errors.New("its host is an address that is not globally reachable")
	case names(f.cfg.DenyHosts, host):
		return errors.New("its host is denied by the configuration")
	case isBelow(host, "localhost"):
		return errors.New("its host is this machine")
	case f.cfg.AllowHosts != nil && !names(f.cfg.AllowHosts, host):
		return errors.New("its host is not among those that the configuration allows")
	case f.cfg.AllowHosts == nil && isLocalName(host):
		return errors.New("its host is a name of the local network")
	}
	return nil
}
