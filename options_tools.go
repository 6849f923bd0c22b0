package zscalermcp

import (
	"errors"
	"slices"

	"github.com/org/zscalermcp/tool"
)

// WithServices offers only the toolsets of these services, such as "zia" and "zpa".
func WithServices(services ...string) Option {
	return func(c *config) error {
		c.selection.Services = slices.Clone(services)
		return notEmpty("WithServices", services)
	}
}

// WithoutServices removes services from what is offered.
func WithoutServices(services ...string) Option {
	return func(c *config) error {
		c.selection.WithoutServices = slices.Clone(services)
		return nil
	}
}

// WithToolsets offers only these toolsets; "all" stands for every one. Nothing selected means every toolset. With "default" every
// toolset is offered, and tools/list begins with the tools that answer the commonest questions, see [DefaultTools]; agents find the others
// with zscaler_find_tool.
func WithToolsets(toolsets ...string) Option {
	return func(c *config) error {
		c.selection.Toolsets = slices.Clone(toolsets)
		return notEmpty("WithToolsets", toolsets)
	}
}

// WithoutToolsets removes toolsets from what is offered.
func WithoutToolsets(toolsets ...string) Option {
	return func(c *config) error {
		c.selection.WithoutToolsets = slices.Clone(toolsets)
		return nil
	}
}

// WithOnlyTools keeps, of what else is selected, the tools whose names match one of the patterns ([path.Match]). The
// tools of toolset "zscaler", which help an agent with the others, stay.
func WithOnlyTools(patterns ...string) Option {
	return func(c *config) error {
		c.selection.Tools = slices.Clone(patterns)
		return notEmpty("WithOnlyTools", patterns)
	}
}

// WithoutTools removes the tools whose names match one of the patterns ([path.Match]).
func WithoutTools(patterns ...string) Option {
	return func(c *config) error {
		c.selection.WithoutTools = slices.Clone(patterns)
		return nil
	}
}

// WithWriteTools offers the tools that change the tenant and whose names match one of the patterns
// ([path.Match]), such as "zia_create_*". Without it the server is read-only, unless the environment has both
// ZSCALER_MCP_WRITE_ENABLED and ZSCALER_MCP_WRITE_TOOLS; [WithEnv](nil) keeps it from having a say.
func WithWriteTools(patterns ...string) Option {
	return func(c *config) error {
		on := len(patterns) > 0
		c.writeEnabled, c.selection.WriteTools = &on, slices.Clone(patterns)
		if !on {
			return errors.New(`WithWriteTools: name the tools, for example "zia_create_*"; "*" stands for all`)
		}
		return nil
	}
}

// WithTools adds toolsets of the host's own beside the catalogue. They are selected, gated, confirmed
// and logged like the others. Repeated options add up.
func WithTools(sets ...tool.Set) Option {
	return func(c *config) error {
		c.custom = append(c.custom, sets...)
		return nil
	}
}

// WithoutEntitlementFilter also offers tools of services that the tenant's token says it does not have. Zscaler refuses their calls; the
// filter, which is on by default, spares agents the attempt.
func WithoutEntitlementFilter() Option {
	return func(c *config) error {
		c.noEntitlementFilter = true
		return nil
	}
}

// WithoutPrompts offers none of this module's prompts. Without it a server offers those whose tools it offers, to callers who may use these; prompts that the host
// adds through [Server.MCP] are offered in any case.
func WithoutPrompts() Option {
	return func(c *config) error {
		c.noPrompts = true
		return nil
	}
}
