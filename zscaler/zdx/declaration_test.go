package zdx_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zdx"
)

// A parityTool is an entry of testdata/parity.json: what the vendor's server offers under the name,
// and requests that it makes.
type parityTool struct {
	declaration
	Params []parityParam `json:"params"`
	Calls  []parityCall  `json:"calls"`
}

type declaration struct {
	Name      string `json:"name"`
	Toolset   string `json:"toolset"`
	Effect    string `json:"effect"`
	List      bool   `json:"list"`
	Untrusted bool   `json:"untrusted"`
	JSON      bool   `json:"json"`
}

type parityParam struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Required bool     `json:"required"`
	Default  any      `json:"default"`
	Min      *float64 `json:"min"`
	Max      *float64 `json:"max"`
	Enum     []string `json:"enum"`
	Pattern  string   `json:"pattern"`
	NonEmpty bool     `json:"non_empty"`
}

func parity(t *testing.T) []parityTool {
	t.Helper()
	data, err := os.ReadFile("testdata/parity.json")
	if err != nil {
		t.Fatal(err)
	}
	var tools []parityTool
	decode(t, data, &tools)
	return tools
}

// schema is the part of an input schema that declarations use.
type schema struct {
	Properties map[string]struct {
		Type        string
		Description string
		Default     any
		Minimum     *float64
		Maximum     *float64
		MinLength   int
		MinItems    int
		Pattern     string
		Enum        []string
		Items       struct{ Type string }
	}
	Required []string
}

// params returns the arguments that a schema advertises, by name, less those of the engine.
func params(t *testing.T, input json.RawMessage) map[string]parityParam {
	t.Helper()
	var s schema
	decode(t, input, &s)
	all := map[string]parityParam{}
	for name, p := range s.Properties {
		if name == "query" || name == "confirmation_token" {
			continue
		}
		kind := p.Type
		if kind == "array" {
			kind += "<" + p.Items.Type + ">"
		}
		all[name] = parityParam{
			Name: name, Type: kind, Required: slices.Contains(s.Required, name), Default: p.Default,
			Min: p.Minimum, Max: p.Maximum, Enum: p.Enum, Pattern: p.Pattern, NonEmpty: p.MinLength+p.MinItems > 0,
		}
	}
	return all
}

func compiled(t *testing.T) map[string]tool.Info {
	t.Helper()
	catalogue, err := tool.Compile(zdx.Sets()...)
	if err != nil {
		t.Fatal(err)
	}
	selected, err := catalogue.Select(everything)
	if err != nil {
		t.Fatal(err)
	}
	infos := map[string]tool.Info{}
	for _, info := range selected.Tools() {
		infos[info.Name] = info
	}
	return infos
}

func specs() map[string]tool.Spec {
	all := map[string]tool.Spec{}
	for _, set := range zdx.Sets() {
		for _, t := range set.Tools {
			all[t.Spec().Name] = t.Spec()
		}
	}
	return all
}

func TestDeclarationsAreThoseOfTheVendor(t *testing.T) {
	have, specs := compiled(t), specs()
	want := parity(t)
	if len(have) != len(want) {
		t.Errorf("%d tools are declared, want %d", len(have), len(want))
	}
	for _, p := range want {
		t.Run(p.Name, func(t *testing.T) {
			info, ok := have[p.Name]
			if !ok {
				t.Fatal("not declared")
			}
			got := declaration{
				Name: info.Name, Toolset: info.Toolset, Effect: strings.ToLower(info.Effect.String()),
				List: info.List, Untrusted: info.Untrusted, JSON: specs[p.Name].JSONText,
			}
			if diff := cmp.Diff(p.declaration, got); diff != "" {
				t.Errorf("declaration (-vendor +ours):\n%s", diff)
			}
			if diff := cmp.Diff(expected(p), params(t, info.InputSchema)); diff != "" {
				t.Errorf("arguments (-vendor +ours):\n%s", diff)
			}
		})
	}
}

// expected returns the vendor's arguments by name, with the deliberate differences applied.
func expected(p parityTool) map[string]parityParam {
	all := map[string]parityParam{}
	for _, param := range p.Params {
		if change := changedParams[p.Name+" "+param.Name]; change != nil {
			change(&param)
		}
		all[param.Name] = param
	}
	return all
}

// Every tool of a list takes a JMESPath query, and no other does.
func TestOnlyListsTakeAQuery(t *testing.T) {
	for name, info := range compiled(t) {
		var s schema
		decode(t, info.InputSchema, &s)
		if _, ok := s.Properties["query"]; ok != info.List {
			t.Errorf("%s: argument query is %v, list is %v", name, ok, info.List)
		}
	}
}
