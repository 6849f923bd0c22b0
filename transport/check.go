package transport

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/org/zscalermcp/auth"
)

// A check is a defence in front of authentication: it looks at a request, and never at its body.
type check interface {
	judge(r *http.Request, from netip.Addr) *refusal            // nil lets r pass; from is the address of the caller
	warn(r *http.Request, from netip.Addr, logger *slog.Logger) // tells the operator of a refusal, once in a while
}

// guarded is next behind a check that stands alone.
func guarded(c check, proxies auth.Proxies, logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := auth.ClientAddr(r, proxies)
		if refused := c.judge(r, from); refused != nil {
			c.warn(r, from, loggerOr(logger))
			refused.write(w, nil)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// defend puts the checks of the configuration in order, the cheap and general ones first.
func (e *Endpoint) defend() (err error) {
	c := &e.cfg
	if c.Sources != nil {
		if p := c.Sources.proxies; p.Header != c.Proxies.Header || !slices.Equal(p.Prefixes, c.Proxies.Prefixes) {
			return errors.New("transport: Config.Sources believes other proxies than Config.Proxies: give both the same")
		}
		e.checks = append(e.checks, c.Sources)
	}
	switch {
	case c.AnyHost:
	case c.Hosts != nil:
		e.hosts = c.Hosts
		e.checks = append(e.checks, e.hosts)
	default:
		if e.hosts, err = againstRebinding(c.PublicHost); err != nil {
			return fmt.Errorf("transport: Config.PublicHost: %w", err)
		}
		e.checks = append(e.checks, e.hosts)
	}
	e.general = len(e.checks)
	if e.origins, err = NewOriginCheck(c.PublicScheme, c.PublicHost, c.AllowedOrigins...); err != nil {
		return err
	}
	e.checks = append(e.checks, e.origins)
	if c.AddressRate.isOff() {
		return nil
	}
	rates, err := NewAddressRate(c.Proxies, c.AddressRate.PerSecond, c.AddressRate.Burst)
	if err != nil {
		return err
	}
	e.checks = append(e.checks, rates)
	return nil
}

// Hosts is the check of hosts that is in force, nil with [Config].AnyHost; its Set and SetDefaults replace the list.
func (e *Endpoint) Hosts() *HostCheck { return e.hosts }

// Origins is the check of pages that [Config].AllowedOrigins has begun with; its Set replaces the list.
func (e *Endpoint) Origins() *OriginCheck { return e.origins }

// pass answers r if one of the checks refuses it, and reports whether none does.
func (e *Endpoint) pass(checks []check, w http.ResponseWriter, r *http.Request) bool {
	from := auth.ClientAddr(r, e.cfg.Proxies)
	for _, c := range checks {
		if refused := c.judge(r, from); refused != nil {
			c.warn(r, from, e.log)
			e.audit.refused(r, from, refused)
			refused.write(w, nil)
			return false
		}
	}
	return true
}

// Defended is [Endpoint.Bounded] behind the checks of the endpoint that do not depend on what a handler does: of the source address and of the
// host. It is for what is served beside the endpoint, such as OAuth endpoints, which have their own rules for pages of other origins and their own rates.
func (e *Endpoint) Defended(next http.Handler) http.Handler {
	return e.Bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if e.pass(e.checks[:e.general], w, r) {
			next.ServeHTTP(w, r)
		}
	}))
}

// A reminder tells an operator of one kind of refusal, once a minute at most.
type reminder struct {
	begin sync.Once
	rate  rate.Sometimes
}

func (r *reminder) do(tell func()) {
	r.begin.Do(func() { r.rate.Interval = time.Minute })
	r.rate.Do(tell)
}

// Known is next for callers who authenticate, behind all checks of the endpoint and its rates. It is for what is served beside the endpoint and is not for strangers.
func (e *Endpoint) Known(next http.Handler) http.Handler {
	known := e.known(e.admit(func(w http.ResponseWriter, r *http.Request, _ caller) { next.ServeHTTP(w, r) }))
	return e.Bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if e.pass(e.checks, w, r) {
			known.ServeHTTP(w, r)
		}
	}))
}

func loggerOr(logger *slog.Logger) *slog.Logger {
	if logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return logger
}

// short is what a stranger has sent, for the log.
func short(s string) string {
	const longest = 255 // of a DNS name
	return s[:min(len(s), longest)]
}
