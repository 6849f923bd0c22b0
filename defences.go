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
		if d.hosts, err = transport.NewHostCheck(c.lists.hosts...); c.given.hosts == nil { // the option has told
			errs = append(errs, inList("ZSCALER_MCP_ALLOWED_HOSTS", err))
		}
	case !c.anyHost && public != nil && public.Host != "":
		d.hosts = new(transport.HostCheck)
		errs = append(errs, inList("host of the public URL", d.hosts.SetDefaults(public.Host)))
	}
	if len(c.lists.sources) > 0 {
		d.sources, err = transport.NewSourceCheck(c.trustedProxies(), c.lists.sources...)
		name := "ZSCALER_MCP_ALLOWED_SOURCE_IPS"
		if c.given.sources != nil {
			name = "WithSourceIPs"
		}
		errs = append(errs, inList(name, err))
	}
	if c.given.origins == nil {
		errs = append(errs, inList("ZSCALER_MCP_ALLOWED_ORIGINS", address.CheckOrigins(c.lists.origins)))
	}
	return d, errors.Join(errs...)
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
