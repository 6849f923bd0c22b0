package tool

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/org/zscalermcp/auth"
)

// AgentTools are tools that help an agent with the others: which toolsets there are, what is in one, which tool does a job, and to have a
// toolset listed. They show a caller only what that caller may use. They belong into a toolset of the service [AgentService].
func AgentTools() []Tool {
	return []Tool{
		Func(Read, "zscaler_list_toolsets", "List the toolsets of this server with their purpose, how many tools each has, and whether tools/list shows them already. "+
			"Start here when no listed tool fits: zscaler_get_toolset_tools shows what is in one, zscaler_enable_toolset has it listed.", listToolsets, List),
		Func(Read, "zscaler_get_toolset_tools", "List the tools of one toolset: what each does, whether it reads or changes the tenant, and whether tools/list shows it already. "+
			"Use zscaler_find_tool instead when the toolset is not known.", toolsetTools, List),
		Func(Read, "zscaler_enable_toolset", "Have tools/list show the tools of a toolset to this caller for the next 12 hours; nothing changes in the tenant or for other callers. "+
			"Ask for tools/list again afterwards. Tools that are not listed can also be called by name without it.", enableToolset),
		Func(Read, "zscaler_find_tool", "Find the tools that do a job, by words of their names, descriptions and arguments; the best come first, with the schema of their arguments, so that they can be called at once. "+
			"Use it before giving up on a task because no listed tool fits.", findTools, List, JSONText),
	}
}

type (
	toolsetSearch struct {
		Service string `json:"service,omitempty" jsonschema:"Only toolsets of this service, such as zia or zpa."`
	}
	namedToolset struct {
		Toolset string `json:"toolset" nonempty:"true" jsonschema:"Name of the toolset, from zscaler_list_toolsets, such as zia_dlp."`
	}
	wantedTool struct {
		Task  string `json:"task" nonempty:"true" jsonschema:"What is to be done, in a few words in English, such as: block a url, or connectors that are offline."`
		Limit int    `json:"limit,omitempty" default:"5" min:"1" max:"20" jsonschema:"Most tools to return."`
	}
)

// An agentView is what one caller may use of the offered tools.
type agentView struct {
	engine    *engine
	principal *auth.Principal
	enabled   map[string]bool // toolsets
}

// callKey is where a call is in its own context.
type callKey struct{}

// agentViewOf returns the view of the caller of ctx, which a call of a tool has planted.
func agentViewOf(ctx context.Context) (*agentView, error) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return nil, errors.New("tool: the agent's tools work in a server only")
	}
	return &agentView{c.engine, c.principal, c.engine.enabledFor(ctx, c.principal)}, nil
}

// tools returns what the caller may use, of one toolset or, for "", of all. The agent's own tools are always listed, and left out.
func (v *agentView) tools(toolset string) []*compiled {
	permitted := v.engine.permittedFor(v.principal)
	var mine []*compiled
	for _, t := range v.engine.selected.tools {
		if t.service != AgentService && (toolset == "" || t.toolset == toolset) && permitted(v.engine.known[t.spec.Name]) {
			mine = append(mine, t)
		}
	}
	return mine
}

// listed reports whether tools/list shows t to the caller.
func (v *agentView) listed(t *compiled) bool {
	return v.enabled[t.toolset] || !v.engine.selected.later[t.spec.Name]
}

// set returns the toolset of that name, if the caller may use some of it.
func (v *agentView) set(name string) (Set, []*compiled, error) {
	if tools := v.tools(name); len(tools) > 0 {
		i := slices.IndexFunc(v.engine.selected.sets, func(s Set) bool { return s.Name == name })
		return v.engine.selected.sets[i], tools, nil
	}
	var names []string
	for _, t := range v.tools("") {
		names = append(names, t.toolset)
	}
	return Set{}, nil, fmt.Errorf("no toolset is called %q%s; zscaler_list_toolsets shows them", clip(name), didYouMean(name, slices.Compact(names)))
}

// A toolsetRow tells of a toolset.
type toolsetRow struct {
	Toolset     string `json:"toolset"`
	Service     string `json:"service"`
	Description string `json:"description"`
	ReadTools   int    `json:"readTools"`
	WriteTools  int    `json:"writeTools"`
	Listed      int    `json:"listed"` // of its tools
}

func listToolsets(ctx context.Context, in toolsetSearch) (any, error) {
	v, err := agentViewOf(ctx)
	if err != nil {
		return nil, err
	}
	var rows []any
	for _, set := range v.engine.selected.sets {
		row := toolsetRow{Toolset: set.Name, Service: set.Service(), Description: set.Doc}
		for _, t := range v.tools(set.Name) {
			if t.spec.Effect == Read {
				row.ReadTools++
			} else {
				row.WriteTools++
			}
			if v.listed(t) {
				row.Listed++
			}
		}
		if row.ReadTools+row.WriteTools > 0 && (in.Service == "" || in.Service == row.Service) {
			rows = append(rows, row)
		}
	}
	return rowsOf(rows)
}

// A toolRow tells of a tool.
type toolRow struct {
	Tool        string `json:"tool"`
	Toolset     string `json:"toolset,omitempty"`
	Effect      Effect `json:"effect"`
	Listed      bool   `json:"listed"`
	Description string `json:"description"`
	InputSchema any    `json:"inputSchema,omitempty"`
}

func (v *agentView) row(t *compiled) toolRow {
	return toolRow{Tool: t.spec.Name, Effect: t.spec.Effect, Listed: v.listed(t), Description: t.spec.Doc}
}

func toolsetTools(ctx context.Context, in namedToolset) (any, error) {
	v, err := agentViewOf(ctx)
	if err != nil {
		return nil, err
	}
	_, tools, err := v.set(in.Toolset)
	if err != nil {
		return nil, err
	}
	var rows []any
	for _, t := range tools {
		rows = append(rows, v.row(t))
	}
	return rowsOf(rows)
}

// enabledToolset is the answer of zscaler_enable_toolset.
type enabledToolset struct {
	Toolset string   `json:"toolset"`
	Changed bool     `json:"changed"` // false: all of it was listed already
	Tools   []string `json:"tools"`
}

func enableToolset(ctx context.Context, in namedToolset) (any, error) {
	v, err := agentViewOf(ctx)
	if err != nil {
		return nil, err
	}
	set, tools, err := v.set(in.Toolset)
	if err != nil {
		return nil, err
	}
	answer := enabledToolset{Toolset: set.Name}
	for _, t := range tools {
		answer.Tools = append(answer.Tools, t.spec.Name)
		answer.Changed = answer.Changed || !v.listed(t)
	}
	if !answer.Changed && !v.enabled[set.Name] {
		return answer, nil // it is listed for everybody
	}
	return answer, v.engine.enable(ctx, v.principal, set.Name)
}

// rowsOf encodes rows.
func rowsOf(values []any) (any, error) {
	rows := Rows{}
	for _, value := range values {
		raw, err := encodeJSON(value)
		if err != nil {
			return nil, fmt.Errorf("tool: row: %w", err)
		}
		rows.Rows = append(rows.Rows, raw)
	}
	return rows, nil
}

// Services returns the services, such as zia, of which the caller of ctx may use tools, sorted. It is for tools that are about others;
// outside a call of a tool there are none.
func Services(ctx context.Context) []string {
	v, err := agentViewOf(ctx)
	if err != nil {
		return nil
	}
	var services []string
	for _, t := range v.tools("") {
		services = append(services, t.service)
	}
	slices.Sort(services)
	return slices.Compact(services)
}
