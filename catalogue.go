package zscalermcp

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zcc"
	"github.com/org/zscalermcp/zscaler/zcell"
	"github.com/org/zscalermcp/zscaler/zdx"
	"github.com/org/zscalermcp/zscaler/zeasm"
	"github.com/org/zscalermcp/zscaler/zia"
	"github.com/org/zscalermcp/zscaler/zid"
	"github.com/org/zscalermcp/zscaler/zins"
	"github.com/org/zscalermcp/zscaler/zms"
	"github.com/org/zscalermcp/zscaler/zpa"
	"github.com/org/zscalermcp/zscaler/ztw"
)

// catalogue returns every toolset of this module.
func catalogue() []tool.Set {
	return slices.Concat(
		zia.Sets(), zpa.Sets(), zdx.Sets(), zcc.Sets(), ztw.Sets(), zid.Sets(), zins.Sets(), zms.Sets(), zcell.Sets(), zeasm.Sets(),
		[]tool.Set{agentSet},
	)
}

// builtIn is the catalogue of this module, compiled once for all servers of the process.
var builtIn = sync.OnceValues(func() (*tool.Catalogue, error) { return tool.Compile(catalogue()...) })

// Tools returns the tools that [New] with the same options would offer. It needs no credentials.
func Tools(opts ...Option) ([]tool.Info, error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	selected, err := cfg.selectTools()
	if err != nil {
		return nil, err
	}
	return selected.Tools(), nil
}

// selectTools compiles the catalogue with the host's own toolsets and picks what is offered.
func (c *config) selectTools() (*tool.Selected, error) {
	compiled, err := builtIn()
	if err != nil {
		return nil, err
	}
	if len(c.custom) > 0 {
		compiled, err = compiled.With(c.custom...)
	}
	if err := errors.Join(err, c.checkCustom()); err != nil {
		return nil, err
	}
	selection := c.selection
	selection.EnableWrites = c.writeEnabled != nil && *c.writeEnabled
	selection.Default = defaultTools
	return compiled.Select(selection)
}

// checkCustom keeps the host's toolsets out of the agent's service, which hardly any setting restricts.
func (c *config) checkCustom() error {
	var errs []error
	for _, set := range c.custom {
		if set.Service() == tool.AgentService {
			errs = append(errs, fmt.Errorf("WithTools: toolset %q: names that begin with %q are for tools that help an agent with the others, and are offered whatever is selected; "+
				"begin it with another word", set.Name, tool.AgentService))
		}
	}
	return errors.Join(errs...)
}
