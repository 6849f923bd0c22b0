package safefetch_test

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// strict is another reading of what is accepted, of ports 443 and 8443.
var strict = regexp.MustCompile(`^https://((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*|[0-9.]+|\[[0-9a-f:]+\])(?::8443)?(/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})+)$`)

// R31, R160: what is accepted is https on an accepted port, within the policy, and is read in the same way by the standard library and by a strict pattern.
func FuzzCheckURL(f *testing.F) {
	for _, row := range urlRows {
		for _, text := range append(row.refused, row.lawful...) {
			f.Add(text)
		}
	}
	fetcher, err := safefetch.New(safefetch.Config{Ports: []uint16{443, 8443}, DenyHosts: []string{"denied.example.com", "*.denied.example.com"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := fetcher.CheckURL(text)
		if err != nil {
			if !errors.Is(err, safefetch.ErrRefused) || len(err.Error()) > 1024 {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		parts := strict.FindStringSubmatch(text)
		u, err := url.Parse(text)
		if err != nil || parts == nil || len(text) > 512 {
			t.Fatalf("%q is accepted: %v", text, err)
		}
		if *got != *u || u.String() != text || u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q: %+v", text, u)
		}
		if name := strings.Trim(parts[1], "[]"); u.Hostname() != name || u.EscapedPath() != parts[2] || u.Path == "/" || name == "denied.example.com" || strings.HasSuffix(name, ".denied.example.com") || strings.HasSuffix(name, "localhost") && strings.HasSuffix("."+name, ".localhost") {
			t.Errorf("%q: host %q, path %q", text, u.Hostname(), u.EscapedPath())
		}
		if addr, err := netip.ParseAddr(u.Hostname()); err == nil && !safefetch.IsGlobal(addr) {
			t.Errorf("%q: address %s", text, addr)
		}
		if clean := u.JoinPath(); clean.Path != u.Path && !strings.Contains(u.Path, "//") { // dot segments
			t.Errorf("%q: path %q becomes %q", text, u.Path, clean.Path)
		}
		if again, err := fetcher.CheckURL(got.String()); err != nil || *again != *got {
			t.Errorf("%q: read again %v, %v", text, again, err)
		}
	})
}

// R35, R160: nothing that the standard library knows to be local is global, and an IPv4 address is judged alike in each form.
func FuzzIsGlobal(f *testing.F) {
	for _, row := range notGlobal {
		p := netip.MustParsePrefix(row.prefix)
		f.Add(p.Addr().AsSlice(), "")
		f.Add(last(p).AsSlice(), "eth0")
	}
	f.Add([]byte{8, 8, 8, 8}, "")
	f.Fuzz(func(t *testing.T, bytes []byte, zone string) {
		addr, ok := netip.AddrFromSlice(bytes)
		if !ok {
			return
		}
		got := safefetch.IsGlobal(addr)
		plain := addr.Unmap()
		if got && (plain.IsPrivate() || plain.IsLoopback() || plain.IsLinkLocalUnicast() || plain.IsMulticast() || plain.IsUnspecified() || !plain.IsGlobalUnicast()) {
			t.Errorf("%s is global", addr)
		}
		if zoned := addr.WithZone(zone); zoned.Zone() != "" && safefetch.IsGlobal(zoned) {
			t.Errorf("%s is global", zoned)
		}
		if !plain.Is4() {
			return
		}
		for name, embed := range embeddings {
			if safefetch.IsGlobal(embed(plain)) != got {
				t.Errorf("%s of %s: %t", name, plain, !got)
			}
		}
	})
}
