package zpa_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zpa"
)

type parityParam struct {
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Required bool            `json:"required"`
	Default  json.RawMessage `json:"default"`
	Min      *int            `json:"min"`
	Max      *int            `json:"max"`
	Pattern  string          `json:"pattern"`
	Enum     []string        `json:"enum"`
	NonEmpty bool            `json:"non_empty"`
}

type parityArg struct {
	In   string      `json:"in"`
	API  string      `json:"api"`
	As   string      `json:"as"`
	When string      `json:"when"`
	Also []parityArg `json:"also"`
}

type parityCall struct {
	Method string               `json:"method"`
	Path   string               `json:"path"`
	When   string               `json:"when"`
	Args   map[string]parityArg `json:"args"`
}

type parityTool struct {
	Name       string        `json:"name"`
	Toolset    string        `json:"toolset"`
	Action     string        `json:"action"`
	List       bool          `json:"list"`
	QueryParam bool          `json:"query_param"`
	Untrusted  bool          `json:"untrusted"`
	Params     []parityParam `json:"params"`
	Calls      []parityCall  `json:"calls"`
}

func parity(t testing.TB) []parityTool {
	t.Helper()
	data, err := os.ReadFile("testdata/parity.json")
	if err != nil {
		t.Fatal(err)
	}
	var tools []parityTool
	if err := json.Unmarshal(data, &tools); err != nil {
		t.Fatal(err)
	}
	return tools
}

type schema struct {
	Properties map[string]property
	Required   []string
}

type property struct {
	Type, Pattern, Description string
	Items                      *struct{ Type string }
	Minimum, Maximum           *int
	MinLength                  int
	Enum                       []string
	Default                    json.RawMessage
}

func (p property) kind() string {
	switch {
	case p.Type == "":
		return "any"
	case p.Items != nil:
		return "array<" + p.Items.Type + ">"
	}
	return p.Type
}

// TestParityDeclarations compares names, toolsets, effects, flags and arguments with the reference.
func TestParityDeclarations(t *testing.T) {
	catalogue, err := tool.Compile(zpa.Sets()...)
	if err != nil {
		t.Fatal(err)
	}
	selected, err := catalogue.Select(tool.Selection{EnableWrites: true, WriteTools: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	infos := map[string]tool.Info{}
	for _, info := range selected.Tools() {
		infos[info.Name] = info
	}
	want := parity(t)
	if len(infos) != len(want) || len(want) != 46 {
		t.Errorf("%d tools, the reference has %d", len(infos), len(want))
	}
	for _, ref := range want {
		info, ok := infos[ref.Name]
		if !ok {
			t.Errorf("%s is missing", ref.Name)
			continue
		}
		compareTool(t, ref, info)
	}
}

func compareTool(t *testing.T, ref parityTool, info tool.Info) {
	t.Helper()
	var s schema
	if err := json.Unmarshal(info.InputSchema, &s); err != nil {
		t.Fatal(err)
	}
	got := []any{info.Toolset, info.Effect.String(), info.List, info.Untrusted, s.Properties["query"].Type != ""}
	if diff := cmp.Diff([]any{ref.Toolset, ref.Action, ref.List, ref.Untrusted, ref.QueryParam}, got); diff != "" {
		t.Errorf("%s (-reference +ours):\n%s", ref.Name, diff)
	}
	delete(s.Properties, "query")
	delete(s.Properties, "confirmation_token")
	for _, p := range ref.Params {
		have, ok := s.Properties[p.Name]
		if !ok {
			t.Errorf("%s: no argument %s", ref.Name, p.Name)
			continue
		}
		delete(s.Properties, p.Name)
		compareParam(t, ref.Name, p, have, slices.Contains(s.Required, p.Name))
	}
	for name := range s.Properties {
		t.Errorf("%s: argument %s is not the reference's", ref.Name, name)
	}
}

func compareParam(t *testing.T, name string, p parityParam, have property, required bool) {
	t.Helper()
	preset := p.Default
	if string(preset) == "null" {
		preset = nil
	}
	want := []any{p.Type, p.Required, string(preset), p.Min, p.Max, p.Pattern, p.Enum, p.NonEmpty}
	got := []any{have.kind(), required, string(have.Default), have.Minimum, have.Maximum, have.Pattern, have.Enum, have.MinLength == 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s, %s (-reference +ours):\n%s", name, p.Name, diff)
	}
	if len(have.Description) < 8 {
		t.Errorf("%s, %s has no description", name, p.Name)
	}
}
