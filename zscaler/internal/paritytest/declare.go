package paritytest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	Items       *struct {
		constraints
		Type string
	}
}

// constraints stand at a value, or at the elements of a list.
type constraints struct {
	Minimum *float64
	Maximum *float64
	Pattern string
	Enum    []string
}

// param returns the property as the table writes it.
func (p property) param(name string, required bool) Param {
	kind, limits := p.Type, p.constraints
	switch {
	case kind == "":
		kind = "any"
	case p.Items != nil:
		kind, limits = kind+"<"+p.Items.Type+">", p.Items.constraints
	}
	return Param{
		Name: name, Type: kind, Required: required, Default: p.Default,
		Min: limits.Minimum, Max: limits.Maximum, Enum: limits.Enum, Pattern: limits.Pattern,
		NonEmpty: p.MinLength == 1 || p.MinItems == 1,
	}
}

// testDeclarations compares what the tools are, and their arguments.
func (s *Suite) testDeclarations(t *testing.T, table []Tool) {
	s.compile(t)
	if len(table) != s.Tools || len(s.specs) != s.Tools {
		t.Errorf("%d tools in the table, %d declared, want %d", len(table), len(s.specs), s.Tools)
	}
	for _, ref := range table {
		t.Run(ref.Name, func(t *testing.T) { s.checkTool(t, ref) })
	}
	s.checkChanges(t, table)
}

// checkTool compares one tool and its arguments.
func (s *Suite) checkTool(t testing.TB, ref Tool) {
	infos := s.selected.Tools()
	i := slices.IndexFunc(infos, func(info tool.Info) bool { return info.Name == ref.Name })
	if i < 0 {
		t.Error("not declared")
		return
	}
	if diff := cmp.Diff(ref.Declaration, declaration(infos[i], s.specs[ref.Name])); diff != "" {
		t.Errorf("declaration (-vendor +ours):\n%s", diff)
	}
	checkParams(t, s.expectedParams(ref), infos[i].InputSchema)
}

// checkChanges reports deliberate differences that are about no argument of the vendor's.
func (s *Suite) checkChanges(t testing.TB, table []Tool) {
	known := map[string]bool{}
	for _, ref := range table {
		for _, param := range ref.Params {
			known[ref.Name+" "+param.Name] = true
		}
	}
	for name := range s.Params {
		if !known[name] {
			t.Errorf("the deliberate difference of %q is about no argument of the vendor's", name)
		}
	}
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
		if change := s.Params[ref.Name+" "+param.Name]; change != nil {
			change(&param)
		}
		all[param.Name] = param
	}
	return all
}

// checkParams compares arguments with those that a schema advertises, less those of the engine.
func checkParams(t testing.TB, want map[string]Param, input json.RawMessage) {
	t.Helper()
	have := map[string]Param{}
	s := schemaOf(t, input)
	for name, p := range s.Properties {
		if name == "query" || name == "all" || name == "confirmation_token" {
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
	if diff := cmp.Diff(want, have); diff != "" {
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

// testQueries: every tool of a list takes a JMESPath query, and no other does.
func (s *Suite) testQueries(t *testing.T) {
	s.compile(t)
	for _, info := range s.selected.Tools() {
		if _, ok := schemaOf(t, info.InputSchema).Properties["query"]; ok != info.List {
			t.Errorf("%s: argument query is %v, list is %v", info.Name, ok, info.List)
		}
	}
}
