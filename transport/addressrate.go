package transport

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/netip"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/ratelimit"
)

// maxSources bounds the addresses, and maxCallers the principals, whose rates are known. Those who owe the least are forgotten first.
const (
	maxSources = 20_000
	maxCallers = 10_000
)

// A Rate is how often something may happen: PerSecond on average, after Burst at once. A burst of 0 stands for that of four seconds.
type Rate struct {
	PerSecond float64
	Burst     int
}

// The defaults bear a whole company behind one address, which is what a hosted client or a NAT gateway is, and one API key for many agents; Zscaler's own
// limits for a tenant are far below. What they leave to a stranger costs the server a few percent of one processor.
var (
	standardAddressRate   = Rate{PerSecond: 200, Burst: 1000}
	standardPrincipalRate = Rate{PerSecond: 100, Burst: 500}
)

func (r Rate) check() error {
	switch {
	case math.IsNaN(r.PerSecond), math.IsInf(r.PerSecond, 0):
		return fmt.Errorf("has %v requests a second: give a number, or a negative one for no limit", r.PerSecond)
	case r.Burst < 0:
		return errors.New("has a negative burst; leave it 0 for that of four seconds")
	case r.PerSecond == 0 && r.Burst > 0:
		return errors.New("has a burst without a rate: give both, or neither for the default")
	}
	return nil
}

// orDefault is r with what it leaves out.
func (r Rate) orDefault(standard Rate) Rate {
	if r.PerSecond == 0 {
		return standard
	}
	if r.Burst == 0 {
		const seconds, most = 4, 1 << 20
		r.Burst = int(min(max(math.Ceil(seconds*r.PerSecond), 1), most))
	}
	return r
}

// isOff reports whether r is no limit.
func (r Rate) isOff() bool { return r.PerSecond < 0 }

// An AddressRate limits the requests of each address, for IPv6 of each network of 64 bits, before anybody asks who calls. Requests beyond it are answered
// with 429 and Retry-After. The address is that of [auth.ClientAddr]; all who have none, as on a Unix socket, count as one. The memory that it takes is
// bounded. An AddressRate is safe for concurrent use.
type AddressRate struct {
	// Logger is told of refusals, once a minute at most. Nil discards. Set it before the first request. An [Endpoint] uses its own instead.
	Logger *slog.Logger

	proxies auth.Proxies
	table   *ratelimit.Table[netip.Prefix]
	told    reminder
}

// NewAddressRate returns a limit of so many requests a second after so many at once, both positive. proxies are those whose word on the address is
// believed.
func NewAddressRate(proxies auth.Proxies, perSecond float64, burst int) (*AddressRate, error) {
	var mistakes []error
	if !(perSecond > 0) || math.IsInf(perSecond, 0) || burst <= 0 {
		mistakes = append(mistakes, fmt.Errorf("transport: an address may send %v requests a second after %d at once: both must be positive; for no limit, have none", perSecond, burst))
	}
	if err := errors.Join(append(mistakes, proxies.Validate())...); err != nil {
		return nil, err
	}
	return &AddressRate{proxies: cloned(proxies), table: ratelimit.New[netip.Prefix](perSecond, burst, maxSources)}, nil
}

// Wrap returns next behind the limit.
func (c *AddressRate) Wrap(next http.Handler) http.Handler {
	return guarded(c, c.proxies, c.Logger, next)
}

func (c *AddressRate) judge(_ *http.Request, from netip.Addr) *refusal {
	wait, ok := c.table.Take(ratelimit.Source(from), time.Now())
	if ok {
		return nil
	}
	return tooOften("this address", wait)
}

func (c *AddressRate) warn(r *http.Request, from netip.Addr, logger *slog.Logger) {
	c.told.do(func() {
		logger.WarnContext(r.Context(), "refused: too many requests from one address; if it is that of a proxy, name that (WithTrustedProxies, ZSCALER_MCP_TRUSTED_PROXIES)",
			"client_addr", shownAddr(from))
	})
}

// tooOften refuses who sends too much, until wait has passed.
func tooOften(who string, wait time.Duration) *refusal {
	seconds := max((wait+time.Second-1)/time.Second, 1)
	return &refusal{
		status: http.StatusTooManyRequests, code: codeUnavailable, retryAfter: seconds * time.Second, reason: auth.ReasonThrottled,
		text: "too many requests from " + who + "; wait as long as Retry-After says",
	}
}
