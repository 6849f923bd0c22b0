package safefetch_test

import (
	"net/netip"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

func BenchmarkIsGlobal(b *testing.B) {
	for name, text := range map[string]string{"IPv4": "93.184.215.14", "IPv6": "2606:4700::1111", "NAT64": "64:ff9b::808:808"} {
		b.Run(name, func(b *testing.B) {
			addr := netip.MustParseAddr(text)
			b.ReportAllocs()
			for b.Loop() {
				if !safefetch.IsGlobal(addr) {
					b.Fatal("not global")
				}
			}
		})
	}
}

func BenchmarkCheckURL(b *testing.B) {
	f := newWorld(b).fetcher(func(c *safefetch.Config) { c.DenyHosts = []string{"denied.example.com", "*.denied.example.net"} })
	b.Run("accepted", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.CheckURL(document); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("refused", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.CheckURL("https://169.254.169.254/latest/meta-data"); err == nil {
				b.Fatal("accepted")
			}
		}
	})
}
