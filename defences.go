package zscalermcp

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/transport"
)

// defences are the checks in front of authentication that the lists make.
type defences struct {
	hosts   *transport.HostCheck   // nil: only against DNS rebinding over loopback, or not at all
	sources *transport.SourceCheck // nil: every address
}

// defences returns the checks, or every mistake in the lists.
func (c *config) defences(public *url.URL) (d defences, err error) {
	var errs []error
	switch {
	case c.anyHost && len(c.lists.hosts) > 0:
		errs = append(errs, errors.New("InsecureAllowAnyHost contradicts WithAllowedHosts: use one"))
	case len(c.lists.hosts) > 0:
		d.hosts, err = transport.NewHostCheck(c.lists.hosts...)
		errs = append(errs, inList(c.hostsName(), err))
	case !c.anyHost && public != nil && public.Host != "":
		d.hosts = new(transport.HostCheck)
		errs = append(errs, inList("host of the public URL", d.hosts.SetDefaults(public.Host)))
	}
	if len(c.lists.sources) > 0 {
		d.sources, err = transport.NewSourceCheck(c.trustedProxies(), c.lists.sources...)
		errs = append(errs, inList(c.sourcesName(), err))
	}
	return d, errors.Join(append(errs, inList(c.originsName(), address.CheckOrigins(c.lists.origins)))...)
}

// named is what a list is called by those who wrote it.
func (c *config) named(given []string, option, variable string) string {
	if given != nil {
		return option
	}
	return variable
}

func (c *config) hostsName() string {
	return c.named(c.given.hosts, "WithAllowedHosts", "ZSCALER_MCP_ALLOWED_HOSTS")
}

func (c *config) sourcesName() string {
	return c.named(c.given.sources, "WithSourceIPs", "ZSCALER_MCP_ALLOWED_SOURCE_IPS")
}

func (c *config) originsName() string {
	return c.named(c.given.origins, "WithAllowedOrigins", "ZSCALER_MCP_ALLOWED_ORIGINS")
}

func inList(name string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// shownHosts are those that requests may name.
func (c *config) shownHosts(public *url.URL) []string {
	switch {
	case c.anyHost:
		return []string{"*"}
	case len(c.lists.hosts) > 0:
		return c.lists.hosts
	case public.Host != "":
		return []string{public.Host}
	}
	return nil
}

// adopt puts lists in force that were read again, each for itself. One cannot begin or end to exist: where it restricts, its end would admit everyone, and who
// has a typing error in its name would not notice.
func (s *Server) adopt(read lists) error {
	current := *s.lists.Load()
	var errs []error
	replace := func(name string, now *[]string, next []string, set func(...string) error) {
		switch {
		case (len(*now) == 0) != (len(next) == 0):
			errs = append(errs, fmt.Errorf("%s: such a list begins or ends only at the next start", name))
		case len(next) == 0:
		default:
			if err := set(next...); err != nil {
				errs = append(errs, fmt.Errorf("%s stays as it was: %w", name, err))
				return
			}
			*now = next
		}
	}
	replace(s.cfg.hostsName(), &current.hosts, read.hosts, func(hosts ...string) error { return s.defences.hosts.Set(hosts...) })
	replace(s.cfg.sourcesName(), &current.sources, read.sources, func(sources ...string) error { return s.defences.sources.Set(sources...) })
	if err := s.endpoint.Origins().Set(read.origins...); err != nil {
		errs = append(errs, fmt.Errorf("%s stays as it was: %w", s.cfg.originsName(), err))
	} else {
		current.origins = read.origins
	}
	s.lists.Store(&current)
	return errors.Join(errs...)
}
