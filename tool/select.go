package tool

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Names of toolsets that stand for several.
const (
	setAll     = "all"     // every toolset
	setDefault = "default" // those with Default; every one, where none has it
)

// A Selection says which tools of a catalogue to offer. The zero Selection is every read-only tool.
type Selection struct {
	Services        []string // services, such as zia; none: every one
	Toolsets        []string // toolsets, "all" or "default"; none: every one of the services
	WithoutToolsets []string // toolsets to leave out
	WithoutTools    []string // tools to leave out: names or patterns as of path.Match
	// A tool that changes the tenant is offered only if EnableWrites is set and one of the
	// patterns in WriteTools (as of path.Match, such as "zia_*") matches its name.
	EnableWrites bool
	WriteTools   []string
}

// Selected is the tools that a [Selection] picked from a [Catalogue], in the order of declaration.
type Selected struct{ tools []*compiled }

// Info describes a selected tool.
type Info struct {
	Name        string               `json:"name"`
	Service     string               `json:"service"`
	Toolset     string               `json:"toolset"`
	Effect      Effect               `json:"effect"`
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
			Name: t.spec.Name, Service: t.service, Toolset: t.toolset, Effect: t.spec.Effect,
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
	if err := errors.Join(p.mistakes...); err != nil {
		return nil, fmt.Errorf("tool: the selection has mistakes:\n%w", err)
	}
	picked := &Selected{}
	for _, t := range c.tools {
		if p.sets[t.toolset] && !matches(sel.WithoutTools, t.spec.Name) && (t.spec.Effect == Read || p.writes(sel, t)) {
			picked.tools = append(picked.tools, t)
		}
	}
	return picked, nil
}

// A picker works out the toolsets of a selection.
type picker struct {
	sets     map[string]bool
	mistakes []error
}

func (c *Catalogue) picker(sel Selection) *picker {
	p := &picker{sets: map[string]bool{}}
	services, sets := c.names()
	p.known("service", sel.Services, services)
	p.known("toolset", sel.Toolsets, append(slices.Clone(sets), setAll, setDefault))
	p.known("toolset", sel.WithoutToolsets, sets)
	p.patterns("tool", sel.WithoutTools, c.tools, func(*compiled) bool { return true })
	p.patterns("write tool", sel.WriteTools, c.tools, func(t *compiled) bool { return t.spec.Effect != Read })
	noDefault := !slices.ContainsFunc(c.sets, func(s Set) bool { return s.Default })
	for _, set := range c.sets {
		inService := len(sel.Services) == 0 || slices.Contains(sel.Services, set.Service())
		named := slices.Contains(sel.Toolsets, set.Name)
		if named && !inService {
			p.fail("toolset %q belongs to service %q, which is not among the selected services", set.Name, set.Service())
		}
		chosen := named || len(sel.Toolsets) == 0 || slices.Contains(sel.Toolsets, setAll) ||
			slices.Contains(sel.Toolsets, setDefault) && (set.Default || noDefault)
		p.sets[set.Name] = inService && chosen && !slices.Contains(sel.WithoutToolsets, set.Name)
	}
	return p
}

func (c *Catalogue) names() (services, sets []string) {
	for _, set := range c.sets {
		sets = append(sets, set.Name)
		if !slices.Contains(services, set.Service()) {
			services = append(services, set.Service())
		}
	}
	return services, sets
}

func (p *picker) fail(format string, args ...any) {
	p.mistakes = append(p.mistakes, fmt.Errorf(format, args...))
}

func (p *picker) known(what string, wanted, names []string) {
	for _, name := range wanted {
		if slices.Contains(names, name) {
			continue
		}
		hint := didYouMean(name, names)
		if hint == "" {
			hint = "; there are " + strings.Join(names, ", ")
		}
		p.fail("no %s is called %q%s", what, name, hint)
	}
}

func (p *picker) patterns(what string, patterns []string, tools []*compiled, want func(*compiled) bool) {
	var names []string
	for _, t := range tools {
		if want(t) {
			names = append(names, t.spec.Name)
		}
	}
	for _, pattern := range patterns {
		if _, err := path.Match(pattern, ""); err != nil {
			p.fail("%s pattern %q is malformed; * stands for any letters and ? for one", what, pattern)
		} else if !slices.ContainsFunc(names, func(name string) bool { return matches([]string{pattern}, name) }) {
			p.fail("no %s matches %q%s", what, pattern, didYouMean(strings.Trim(pattern, "*"), names))
		}
	}
}

// writes reports whether both keys of a tool that changes things are turned.
func (p *picker) writes(sel Selection, t *compiled) bool {
	return sel.EnableWrites && matches(sel.WriteTools, t.spec.Name)
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, name)
		return ok && err == nil
	})
}
