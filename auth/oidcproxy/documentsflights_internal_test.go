package oidcproxy

import (
	"net/netip"
	"sync"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// R39: whoever asks when a fetch is just over holds no share for ever.
func TestSharesAreGivenBack(t *testing.T) {
	p, err := New(t.Context(), Config{
		Upstream: Upstream{Issuer: "https://idp.example.com", ClientID: "proxy", ClientSecret: "secret"}, ResourceURL: "https://mcp.example.com/mcp", LazyDiscovery: true,
		RateLimits: RateLimits{Document: Rate{PerSecond: -1}}, MetadataDocuments: MetadataDocuments{Mode: DocumentsOn, Fetch: safefetch.Config{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = p.Close() // each fetch ends at once
	d := p.documents
	source := netip.MustParsePrefix("192.0.2.1/32")
	for round := range 20_000 {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { _, _ = d.renew(t.Context(), source, "https://app.example.com/client") })
		}
		all.Wait()
		d.mu.Lock()
		left := len(d.flying) + len(d.shares.running)
		d.mu.Unlock()
		if left > 0 {
			t.Fatalf("round %d: a share is held, and nothing is fetched", round)
		}
	}
}
