package zscalermcp

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/zscaler"
)

// entitlementTime is how long the first list of tools waits for the tenant's token, at most.
const entitlementTime = 5 * time.Second

// askEntitlements asks which services the tenant has, so that tools of others are not offered. It is a convenience: whatever keeps the
// answer away leaves every tool in place, since Zscaler judges each call. Run and ServeStdio ask when they begin, in the background; where the host
// serves, the first caller does.
func (s *Server) askEntitlements() zscaler.Entitlements {
	if s.cfg.noEntitlementFilter || s.cfg.credentials.ClientID == "" {
		return zscaler.Entitlements{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), entitlementTime)
	defer cancel()
	found, err := s.tenant.Entitlements(ctx)
	switch {
	case s.closed.Load():
		return zscaler.Entitlements{}
	case err != nil:
		s.cfg.logger.Warn("tools of services that the tenant may not have are offered too, since its token could not be asked", "error", err)
		return zscaler.Entitlements{}
	case !found.Tell():
		s.cfg.logger.Info("tools of services that the tenant may not have are offered too, since its token does not name services", "unknown_products", found.Unknown)
		return zscaler.Entitlements{}
	}
	if len(found.Unknown) > 0 {
		s.cfg.logger.Warn("the tenant has products for which there are no tools", "products", found.Unknown)
	}
	if hidden := s.hiddenServices(found); len(hidden) > 0 {
		s.cfg.logger.Info("tools of services that the tenant does not have are not offered; ZSCALER_MCP_DISABLE_ENTITLEMENT_FILTER=true offers them", "services", strings.Join(hidden, ", "))
	}
	return found
}

// hiddenServices are the services of selected tools that the tenant does not have.
func (s *Server) hiddenServices(found zscaler.Entitlements) []string {
	var hidden []string
	for _, info := range s.tools.Tools() {
		if !found.Covers(info.Service) && !slices.Contains(hidden, info.Service) {
			hidden = append(hidden, info.Service)
		}
	}
	return hidden
}
