package paritytest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/tool"
)

// The shortest description of an argument that can tell anything.
const minDescription = 8

// schema is the part of an input schema that declarations use.
type schema struct {
	Properties map[string]property
	Required   []string
}

type property struct {
	constraints
	Type        string
	Description string
	Default     any
	MinLength   int
	MinItems    int
	Items       *property
}

// constraints stand at a value, or at the elements of a list.
type constraints struct {
	Minimum *float64
	Maximum *float64
	Pattern string
	Enum    []string
}

// kind is the type as the table writes it.
func (p property) kind() string {
	switch {
	case p.Type == "":
		return "any"
	case p.Items != nil:
		return p.Type + "<" + p.Items.kind() + ">"
	}
	return p.Type
}

// param returns the property as the table writes it.
func (p property) param(name string, required bool) Param {
	limits := p.constraints
	if p.Items != nil {
		limits = p.Items.constraints
	}
	return Param{
		Name: name, Type: p.kind(), Required: required, Default: p.Default,
		Min: limits.Minimum, Max: limits.Maximum, Enum: limits.Enum, Pattern: limits.Pattern,
		NonEmpty: p.MinLength == 1 || p.MinItems == 1,
	}
}

// testDeclarations compares what the tools are, and their arguments.
func (s *Suite) testDeclarations(t *testing.T, table []Tool) {
	s.compile(t)
	known := map[string]bool{}
	for _, ref := range table {
		known[ref.Name] = true
		t.Run(ref.Name, func(t *testing.T) { s.checkTool(t, ref) })
	}
	for name := range s.specs {
		if !known[name] {
			t.Errorf("%s is no tool of the vendor's in these toolsets", name)
		}
	}
}

// checkTool compares one tool and its arguments.
func (s *Suite) checkTool(t testing.TB, ref Tool) {
	infos := s.selected.Tools()
	i := slices.IndexFunc(infos, func(info tool.Info) bool { return info.Name == ref.Name })
	if i < 0 {
		t.Error("not declared")
		return
	}
	want := ref.Declaration
	for _, d := range s.differences(ref.Name) {
		if d.Declare != nil {
			d.Declare(&want)
		}
	}
	if diff := cmp.Diff(want, declaration(infos[i], s.specs[ref.Name])); diff != "" {
		t.Errorf("declaration (-vendor +ours):\n%s", diff)
	}
	checkParams(t, s.expectedParams(ref), infos[i].InputSchema, engineArguments(infos[i], s.specs[ref.Name]))
}

// declaration returns our tool as the table writes it.
func declaration(info tool.Info, spec tool.Spec) Declaration {
	return Declaration{
		Name: info.Name, Toolset: info.Toolset, Effect: strings.ToLower(info.Effect.String()),
		List: info.List, Untrusted: info.Untrusted, JSON: spec.JSONText,
	}
}

// expectedParams returns the vendor's arguments by name, with the deliberate differences applied.
func (s *Suite) expectedParams(ref Tool) map[string]Param {
	all := map[string]Param{}
	for _, param := range ref.Params {
		for _, d := range s.differences(ref.Name) {
			if change := d.Params[param.Name]; change != nil {
				change(&param)
			}
		}
		all[param.Name] = param
	}
	for _, d := range s.differences(ref.Name) {
		for name, param := range d.Adds {
			param.Name = name
			all[name] = param
		}
	}
	return all
}

// engineArguments are the arguments that the engine adds to tools: the JMESPath query of lists and of records that are queried, the wish for all pages
// of those that page, and what confirms a delete.
func engineArguments(info tool.Info, spec tool.Spec) map[string]bool {
	return map[string]bool{"query": info.List || spec.Queried, "all": spec.Pages, "confirmation_token": info.Effect == tool.Delete}
}

// checkParams compares arguments with those that a schema advertises, less those of the engine.
func checkParams(t testing.TB, want map[string]Param, input json.RawMessage, engine map[string]bool) {
	t.Helper()
	have := map[string]Param{}
	s := schemaOf(t, input)
	for name, p := range s.Properties {
		if engine[name] {
			continue
		}
		have[name] = p.param(name, slices.Contains(s.Required, name))
		if len(p.Description) < minDescription {
			t.Errorf("argument %s has no description", name)
		}
		if p.MinLength > 1 || p.MinItems > 1 {
			t.Errorf("argument %s has a least length above 1, which the table cannot tell", name)
		}
	}
	if diff := cmp.Diff(want, have, cmpopts.IgnoreFields(Param{}, "Nullable"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("arguments (-vendor +ours):\n%s", diff)
	}
}

func schemaOf(t testing.TB, input json.RawMessage) schema {
	t.Helper()
	var s schema
	if err := decode(input, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// testEngineArguments: the tools that the engine's arguments are for take them, and no others do.
func (s *Suite) testEngineArguments(t *testing.T) {
	s.compile(t)
	for _, info := range s.selected.Tools() {
		properties, spec := schemaOf(t, info.InputSchema).Properties, s.specs[info.Name]
		for name, want := range engineArguments(info, spec) {
			if _, ok := properties[name]; ok != want {
				t.Errorf("%s: argument %s is %v, want %v", info.Name, name, ok, want)
			}
		}
		if spec.Pages && !info.List {
			t.Errorf("%s has pages, and is no list", info.Name)
		}
	}
}
