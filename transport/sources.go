package transport

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/org/zscalermcp/auth"
)

var refuseSource = &refusal{
	status: http.StatusForbidden, code: jsonrpc.CodeInvalidRequest, reason: auth.ReasonSource,
	text: "requests from this address are not accepted; the operator of the server can allow it",
}

// A SourceCheck refuses requests from addresses that are not listed with 403. The address is that of [auth.ClientAddr]; who has none, as on a Unix
// socket, is refused. A SourceCheck is safe for concurrent use. Its zero value lets nobody pass; to let all pass, have none.
type SourceCheck struct {
	// Logger is told of refusals, once a minute at most. Nil discards. Set it before the first request. An [Endpoint] uses its own instead.
	Logger *slog.Logger

	proxies auth.Proxies
	listed  atomic.Pointer[[]netip.Prefix]
	told    reminder
}

// NewSourceCheck returns a check that lets the listed addresses and CIDR prefixes pass, IPv4 and IPv6. IPv4 ones that are mapped into IPv6 stand for the
// IPv4 ones; 0.0.0.0/0 is every IPv4 address, ::/0 every IPv6 one. The error names every bad entry; no entry at all is one too. So is a
// prefix with bits behind its length, such as 10.0.0.5/8: packet filters take it for 10.0.0.0/8, yet it may be meant as the one address, and
// a list of who may come must not be wider than somebody thinks. proxies are those whose word on the address is believed.
func NewSourceCheck(proxies auth.Proxies, entries ...string) (*SourceCheck, error) {
	c := &SourceCheck{proxies: cloned(proxies)}
	if err := errors.Join(proxies.Validate(), c.Set(entries...)); err != nil {
		return nil, err
	}
	return c, nil
}

// Set replaces the list for requests that come later. After an error the old one stays.
func (c *SourceCheck) Set(entries ...string) error {
	if len(entries) == 0 {
		return errors.New("transport: no source addresses are allowed: name some, or every one with 0.0.0.0/0 and ::/0")
	}
	var mistakes []error
	listed := make([]netip.Prefix, 0, len(entries))
	for _, entry := range entries {
		prefix, err := parseSource(entry)
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("transport: source address %q %w", short(entry), err))
		}
		listed = append(listed, prefix)
	}
	if err := errors.Join(mistakes...); err != nil {
		return err
	}
	c.listed.Store(&listed)
	return nil
}

// parseSource reads an address or a prefix. IPv4 ones come back as such.
func parseSource(entry string) (netip.Prefix, error) {
	if strings.Contains(entry, "%") {
		return netip.Prefix{}, errors.New("has a zone, which only means something on one machine: write the address alone")
	}
	if !strings.Contains(entry, "/") {
		addr, err := netip.ParseAddr(entry)
		if err != nil {
			return netip.Prefix{}, errNoSource
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(entry)
	if err != nil {
		return netip.Prefix{}, errNoSource
	}
	if prefix.Addr().Is4In6() {
		const mapped = 96 // bits before the IPv4 address (RFC 4291 section 2.5.5.2)
		if prefix.Bits() < mapped {
			return netip.Prefix{}, errors.New("covers more than the IPv4 addresses that are mapped into IPv6: write the IPv4 prefix, such as 10.0.0.0/8")
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mapped)
	}
	if masked := prefix.Masked(); masked != prefix {
		return netip.Prefix{}, fmt.Errorf("has bits behind its length: write %s for the network, or %s for the one address", masked, prefix.Addr())
	}
	return prefix, nil
}

var errNoSource = errors.New("is no IP address or CIDR prefix: write it like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32")

// Wrap returns next behind the check.
func (c *SourceCheck) Wrap(next http.Handler) http.Handler {
	return guarded(c, c.proxies, c.Logger, next)
}

func (c *SourceCheck) judge(_ *http.Request, from netip.Addr) *refusal {
	listed := c.listed.Load()
	if listed != nil && slices.ContainsFunc(*listed, func(prefix netip.Prefix) bool { return prefix.Contains(from) }) {
		return nil
	}
	return refuseSource
}

func (c *SourceCheck) warn(r *http.Request, from netip.Addr, logger *slog.Logger) {
	c.told.do(func() {
		logger.WarnContext(r.Context(), "refused: the address is not one of those that may come; if it may, allow it (WithSourceIPs, ZSCALER_MCP_ALLOWED_SOURCE_IPS), "+
			"and if it is that of a proxy, name that (WithTrustedProxies, ZSCALER_MCP_TRUSTED_PROXIES)", "client_addr", shownAddr(from))
	})
}

// shownAddr is addr for the log.
func shownAddr(addr netip.Addr) string {
	if !addr.IsValid() {
		return "none"
	}
	return addr.String()
}

func cloned(p auth.Proxies) auth.Proxies {
	p.Prefixes = slices.Clone(p.Prefixes)
	return p
}
