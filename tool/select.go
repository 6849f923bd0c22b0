package tool

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Names of toolsets that stand for several.
const (
	setAll     = "all"     // every toolset
	setDefault = "default" // the tools of Selection.Default and the toolsets with Default; every one, where there are none
)

// A Selection says which tools of a catalogue to offer, and which of them to list. The zero Selection is every
// read-only tool. What leaves out goes before what names: a tool is offered if its service and toolset are, if
// one of Tools matches it, if none of WithoutTools does, and, where it changes the tenant, if both keys for that are turned.
// Toolsets of the service [AgentService] are subject to WithoutToolsets and WithoutTools only.
type Selection struct {
	Services        []string // services, such as zia; none: every one
	WithoutServices []string // services to leave out
	// Toolsets are toolsets, "all" or "default"; none: every one of the services. With "default" every toolset of the services is
	// offered, but only the default tools, and those of toolsets that are named beside it, are listed from the start: see [Info].
	Toolsets        []string
	WithoutToolsets []string // toolsets to leave out
	Tools           []string // tools to keep: names or patterns as of path.Match; none: every one
	WithoutTools    []string // tools to leave out: likewise
	// A tool that changes the tenant is offered only if EnableWrites is set and one of the
	// patterns in WriteTools (as of path.Match, such as "zia_*") matches its name.
	EnableWrites bool
	WriteTools   []string
	// Default are the names of the tools that "default" lists, beside those of toolsets with Default. One that is not in the catalogue is a mistake.
	Default []string
}

// AgentService is the service of toolsets that help an agent with the other tools, such as [AgentTools]: they are no service of the tenant.
const AgentService = "zscaler"

// Selected is the tools that a [Selection] picked from a [Catalogue], in the order of declaration.
type Selected struct {
	tools []*compiled
	sets  []Set           // of the tools
	later map[string]bool // names of the tools that are not listed from the start
}

// Info describes a selected tool.
type Info struct {
	Name    string `json:"name"`
	Service string `json:"service"`
	Toolset string `json:"toolset"`
	Effect  Effect `json:"effect"`
	// Listed reports whether tools/list shows the tool from the start. Another one can be called all the same, and is listed for a caller
	// who has enabled its toolset with zscaler_enable_toolset. That a tool is not listed saves an agent's attention; it keeps nobody out.
	Listed      bool                 `json:"listed"`
	List        bool                 `json:"list"`
	Untrusted   bool                 `json:"untrusted"`
	InputSchema json.RawMessage      `json:"inputSchema"`
	Annotations *mcp.ToolAnnotations `json:"annotations"`
	Doc         string               `json:"-"`
}

// Tools describes the selected tools. The slice is the caller's; what it points to is shared.
func (s *Selected) Tools() []Info {
	infos := make([]Info, 0, len(s.tools))
	for _, t := range s.tools {
		infos = append(infos, Info{
			Name: t.spec.Name, Service: t.service, Toolset: t.toolset, Effect: t.spec.Effect, Listed: !s.later[t.spec.Name],
			List: t.spec.List, Untrusted: t.spec.Untrusted, Doc: t.spec.Doc,
			InputSchema: slices.Clone(t.wire.InputSchema.(json.RawMessage)), Annotations: annotations(t.spec),
		})
	}
	return infos
}

// Select picks tools. A name or pattern that means nothing in the catalogue is an error, with names
// that are near; all such mistakes are in the one error.
func (c *Catalogue) Select(sel Selection) (*Selected, error) {
	p := c.picker(sel)
	picked := &Selected{later: map[string]bool{}}
	of := map[string]bool{}
	for _, t := range c.tools {
		if !p.offers(t) {
			continue
		}
		picked.tools = append(picked.tools, t)
		of[t.toolset] = true
		if !p.lists(t) {
			picked.later[t.spec.Name] = true
		}
	}
	for _, set := range c.sets {
		if of[set.Name] {
			picked.sets = append(picked.sets, set)
		}
	}
	if err := errors.Join(p.mistakes...); err != nil {
		return nil, fmt.Errorf("tool: the selection has mistakes:\n%w", err)
	}
	return picked, nil
}
