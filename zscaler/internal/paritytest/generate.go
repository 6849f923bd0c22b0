package paritytest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// A generator makes arguments for a tool: always the same.
type generator struct {
	tool   *Tool
	params []Param // as ours are declared
	hints  []Hint
}

// An instance is the arguments of a call. Those that break a declared bound are refused.
type instance struct {
	args    map[string]any
	refused bool
}

// instances returns all calls to make: with what is required only, with each further argument and each
// value of it, with all of them, with all but one, and with each value that is refused.
func (g *generator) instances() []instance {
	base, full, other := map[string]any{}, map[string]any{}, map[string]any{}
	for _, p := range g.params {
		if p.Required {
			base[p.Name] = g.lawful(p)[0]
		}
		if p.Required || !g.beyond(p.Name) {
			values := g.lawful(p)
			full[p.Name], other[p.Name] = values[0], values[min(1, len(values)-1)]
		}
	}
	for _, all := range []map[string]any{base, full, other} {
		for _, h := range g.hints {
			maps.Copy(all, h.Always)
		}
	}
	calls := []instance{{args: base}, {args: full}, {args: other}}
	for _, p := range g.params {
		if !g.beyond(p.Name) {
			calls = append(calls, g.around(p, base, full)...)
		}
	}
	return unique(calls)
}

// around returns the calls that are about one argument.
func (g *generator) around(p Param, base, full map[string]any) []instance {
	var calls []instance
	add := func(all map[string]any, value any, refused bool) {
		args := maps.Clone(all)
		args[p.Name] = value
		calls = append(calls, instance{args, refused})
	}
	for _, value := range g.lawful(p) {
		add(base, value, false)
	}
	for _, value := range g.unlawful(p) {
		add(base, value, true)
	}
	if _, always := base[p.Name]; !always {
		if p.Nullable && p.Default == nil {
			add(base, nil, false)
		}
		args := maps.Clone(full)
		delete(args, p.Name)
		calls = append(calls, instance{args: args})
	}
	return calls
}

// unique drops repeated calls.
func unique(calls []instance) []instance {
	seen := map[string]bool{}
	return slices.DeleteFunc(calls, func(c instance) bool {
		key := encode(c.args)
		repeated := seen[key]
		seen[key] = true
		return repeated
	})
}

func encode(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// places returns where an argument goes.
func (g *generator) places(name string) []Arg {
	var all []Arg
	for _, c := range g.tool.Calls {
		if a, ok := c.Args[name]; ok {
			all = append(append(all, a), a.Also...)
		}
	}
	return all
}

func (g *generator) in(where, name string) bool {
	return slices.ContainsFunc(g.places(name), func(a Arg) bool { return a.In == where })
}

// conversions returns what becomes of an argument that is sent.
func (g *generator) conversions(name string) []string {
	var all []string
	for _, a := range g.places(name) {
		if a.In != "client" && a.In != "header" {
			all = append(all, a.As)
		}
	}
	return all
}

func (g *generator) as(name string) string {
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(g.conversions(name)))), "")
}

func (g *generator) timed(name string) bool {
	return slices.ContainsFunc(g.conversions(name), func(as string) bool { return window[as] != nil })
}

// beyond reports whether the engine cannot tell what becomes of an argument.
func (g *generator) beyond(name string) bool {
	for _, a := range g.places(name) {
		if a.In != "client" && a.In != "header" && (!mechanical(a.As) || strings.Contains(inCamel.ReplaceAllString(a.API, ""), "<")) {
			return true
		}
	}
	return false
}

// hinted returns the values that a hint has for an argument.
func (g *generator) hinted(name string) []any {
	for _, h := range g.hints {
		if values, ok := h.Values[name]; ok {
			var exact []any
			if err := decode([]byte(encode(values)), &exact); err == nil {
				return exact
			}
		}
	}
	return nil
}
