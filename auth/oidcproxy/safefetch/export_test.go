package safefetch

import (
	"context"
	"net"
	"net/netip"
)

// DialDirectly is what dials without a Dial of the configuration, with an address that nobody has judged.
func (f *Fetcher) DialDirectly(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	return f.dialDirectly(ctx, "tcp", to)
}

// Resolver is the one in use.
func (f *Fetcher) Resolver() Resolver { return f.cfg.Resolver }

// Rooted is what a Config without a Resolver makes of the standard one.
func Rooted(r Resolver) Resolver { return rooted{r} }
