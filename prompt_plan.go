package zscalermcp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/tool"
)

// A promptPlan is what the template of a prompt may ask. Nothing that a caller has written reaches the text but by Given, which quotes it, and
// by Number, which has digits only.
type promptPlan struct {
	prompt prompt
	values map[string]string
	usable []tool.Info // of the tools that the plan can name
	helper bool        // whether the caller may use zscaler_enable_toolset
	steps  int         // numbered so far
}

// enableTool has a toolset listed, see tool.AgentTools.
const enableTool = "zscaler_enable_toolset"

func (d *promptDesk) plan(p prompt, values map[string]string, caller *auth.Principal) *promptPlan {
	plan := &promptPlan{prompt: p, values: values, helper: d.permitted(caller, enableTool)}
	for _, name := range slices.Concat(p.needs, p.may) {
		if d.permitted(caller, name) {
			plan.usable = append(plan.usable, d.tools[name])
		}
	}
	return plan
}

// A givenValue is an argument as the text shows it.
type givenValue struct{ Name, Value string }

// Given returns the arguments that have a value, in order of declaration.
func (p *promptPlan) Given() []givenValue {
	var given []givenValue
	for _, a := range p.prompt.args {
		if value := p.values[a.name]; value != "" {
			given = append(given, givenValue{a.name, quotedValue(value)})
		}
	}
	return given
}

// Step returns the number of the next step, since a plan has more or fewer of them.
func (p *promptPlan) Step() int {
	p.steps++
	return p.steps
}

// Has reports whether an argument has a value.
func (p *promptPlan) Has(name string) (bool, error) {
	_, err := p.argument(name)
	return p.values[name] != "", err
}

// Number returns the digits of an argument that is a number.
func (p *promptPlan) Number(name string) (string, error) {
	a, err := p.argument(name)
	if err == nil && a.high == 0 {
		err = fmt.Errorf("%s is no number", name)
	}
	return p.values[name], err
}

func (p *promptPlan) argument(name string) (promptArgument, error) {
	i := slices.IndexFunc(p.prompt.args, func(a promptArgument) bool { return a.name == name })
	if i < 0 {
		return promptArgument{}, fmt.Errorf("the prompt has no argument %s", name)
	}
	return p.prompt.args[i], nil
}

// May reports whether the caller may use all of these tools, which the prompt can do without.
func (p *promptPlan) May(names ...string) (bool, error) {
	for _, name := range names {
		if !slices.Contains(p.prompt.may, name) {
			return false, fmt.Errorf("%s is not among the tools that the prompt may name", name)
		}
		if !slices.ContainsFunc(p.usable, func(info tool.Info) bool { return info.Name == name }) {
			return false, nil
		}
	}
	return true, nil
}

// Writes reports whether a tool that changes the tenant is among those that the plan can name.
func (p *promptPlan) Writes() bool {
	return slices.ContainsFunc(p.usable, func(info tool.Info) bool { return info.Effect != tool.Read })
}

// Later names the toolsets that the plan needs and that tools/list does not show from the start, "" for none or if the caller cannot have them listed.
func (p *promptPlan) Later() string {
	var sets []string
	for _, info := range p.usable {
		if !info.Listed && p.helper {
			sets = append(sets, info.Toolset)
		}
	}
	slices.Sort(sets)
	return strings.Join(slices.Compact(sets), ", ")
}
