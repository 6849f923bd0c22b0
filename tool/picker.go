package tool

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A picker decides about the tools of a catalogue, tool by tool.
type picker struct {
	Selection
	named    map[string]bool // toolsets that are selected by name, or by "all" or by nothing
	defaults map[string]bool // names of default tools; nil: "default" is not selected
	marked   map[string]bool // toolsets with Default
	mistakes []error
}

func (c *Catalogue) picker(sel Selection) *picker {
	p := &picker{Selection: sel, named: map[string]bool{}, marked: map[string]bool{}}
	services, sets := c.names()
	p.known("service", sel.Services, services)
	p.known("service", sel.WithoutServices, services)
	p.known("toolset", sel.Toolsets, append(slices.Clone(sets), setAll, setDefault))
	p.known("toolset", sel.WithoutToolsets, sets)
	all, writes := c.toolNames()
	p.patterns("tool", sel.Tools, all)
	p.patterns("tool", sel.WithoutTools, all)
	p.patterns("write tool", sel.WriteTools, writes)
	p.known("default tool", sel.Default, all)
	every := len(sel.Toolsets) == 0 || slices.Contains(sel.Toolsets, setAll)
	noDefault := len(sel.Default) == 0 && !slices.ContainsFunc(c.sets, func(s Set) bool { return s.Default })
	if slices.Contains(sel.Toolsets, setDefault) {
		every = every || noDefault // nothing is a default, so that everything is
		p.defaults = map[string]bool{}
		for _, name := range sel.Default {
			p.defaults[name] = true
		}
	}
	for _, set := range c.sets {
		p.marked[set.Name] = set.Default
		p.named[set.Name] = every || slices.Contains(sel.Toolsets, set.Name)
		if slices.Contains(sel.Toolsets, set.Name) && !p.inService(set.Service()) {
			p.fail("toolset %q belongs to service %q, which is not among the selected services", set.Name, set.Service())
		}
	}
	return p
}

// inService reports whether toolsets of a service are offered.
func (p *picker) inService(service string) bool {
	return service == AgentService || (len(p.Services) == 0 || slices.Contains(p.Services, service)) && !slices.Contains(p.WithoutServices, service)
}

// offers reports whether callers may use t.
func (p *picker) offers(t *compiled) bool {
	agent := t.service == AgentService
	switch {
	case !p.inService(t.service), slices.Contains(p.WithoutToolsets, t.toolset), matches(p.WithoutTools, t.spec.Name):
		return false
	case t.spec.Effect != Read && !(p.EnableWrites && matches(p.WriteTools, t.spec.Name)):
		return false
	case agent:
		return true
	}
	return (p.named[t.toolset] || p.defaults != nil) && (len(p.Tools) == 0 || matches(p.Tools, t.spec.Name))
}

// lists reports whether t, which is offered, is listed from the start.
func (p *picker) lists(t *compiled) bool {
	return t.service == AgentService || p.named[t.toolset] || p.marked[t.toolset] || p.defaults[t.spec.Name]
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

func (p *picker) patterns(what string, patterns, names []string) {
	for _, pattern := range patterns {
		if _, err := path.Match(pattern, ""); err != nil {
			p.fail("%s pattern %q is malformed; * stands for any letters and ? for one", what, pattern)
		} else if !slices.ContainsFunc(names, func(name string) bool { return matches([]string{pattern}, name) }) {
			p.fail("no %s matches %q%s", what, pattern, didYouMean(strings.Trim(pattern, "*"), names))
		}
	}
}

// names returns the services and toolsets of a catalogue.
func (c *Catalogue) names() (services, sets []string) {
	for _, set := range c.sets {
		sets = append(sets, set.Name)
		if service := set.Service(); service != AgentService && !slices.Contains(services, service) {
			services = append(services, service)
		}
	}
	return services, sets
}

// toolNames returns the names of all tools, and of those that change the tenant.
func (c *Catalogue) toolNames() (all, writes []string) {
	for _, t := range c.tools {
		all = append(all, t.spec.Name)
		if t.spec.Effect != Read {
			writes = append(writes, t.spec.Name)
		}
	}
	return all, writes
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, name)
		return ok && err == nil
	})
}
