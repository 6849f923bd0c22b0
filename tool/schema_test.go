package tool

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
)

type inner struct {
	Kind string `json:"kind" jsonschema:"Kind." enum:"A,B"`
	Size *int32 `json:"size,omitempty" jsonschema:"Size."`
}

type paging struct {
	Page int `json:"page,omitempty" jsonschema:"Page." min:"1" max:"500" default:"7"`
}

type everything struct {
	paging
	Name    string                     `json:"name" jsonschema:"A \"name\" <b>." nonempty:"true"`
	On      *bool                      `json:"on,omitempty" jsonschema:"On."`
	Ratio   float64                    `json:"ratio,omitempty" jsonschema:"Ratio." min:"0.5" max:"1e3"`
	IDs     []string                   `json:"ids,omitempty" jsonschema:"Ids." nonempty:"true" pattern:"^[0-9]+$"`
	Lists   [][]string                 `json:"lists,omitempty" jsonschema:"Lists."`
	Inners  []inner                    `json:"inners,omitempty" jsonschema:"Inners."`
	Inner   *inner                     `json:"inner,omitempty" jsonschema:"Inner."`
	Any     any                        `json:"any,omitempty" jsonschema:"Anything."`
	Raw     json.RawMessage            `json:"raw,omitempty" jsonschema:"Anything."`
	Map     map[string]any             `json:"map,omitempty" jsonschema:"Object."`
	RawMap  map[string]json.RawMessage `json:"raw_map,omitempty" jsonschema:"Object." nonempty:"true"`
	Numbers map[string]int             `json:"numbers,omitempty" jsonschema:"Numbers."`
	Level   int                        `json:"level,omitempty" jsonschema:"Level." enum:"1,2,3"`
	Ignored string                     `json:"-"`
}

func compileArgs(t testing.TB, in reflect.Type) *compiled {
	t.Helper()
	c, err := Compile(Set{Name: "demo_set", Doc: "Demo.", Tools: []Tool{New(Spec{
		Name: "demo_list", Doc: "Demo.", Effect: Read, In: in, List: true,
		Handle: func(context.Context, Args) (any, error) { return Rows{}, nil },
	})}})
	if err != nil {
		t.Fatal(err)
	}
	return c.tools[0]
}

func TestSchema(t *testing.T) {
	var got, want any
	if err := json.Unmarshal(compileArgs(t, reflect.TypeFor[everything]()).wire.InputSchema.(json.RawMessage), &got); err != nil {
		t.Fatal(err)
	}
	const inner = `{"type":"object","properties":{"kind":{"type":"string","enum":["A","B"],"description":"Kind."},
		"size":{"type":"integer","minimum":-2147483648,"maximum":2147483647,"description":"Size."}},"required":["kind"],"additionalProperties":false`
	if err := json.Unmarshal([]byte(`{"type":"object","properties":{
		"page":{"type":"integer","minimum":1,"maximum":500,"description":"Page.","default":7},
		"name":{"type":"string","minLength":1,"description":"A \"name\" <b>."},
		"on":{"type":"boolean","description":"On."},
		"ratio":{"type":"number","minimum":0.5,"maximum":1e3,"description":"Ratio."},
		"ids":{"type":"array","items":{"type":"string","pattern":"^[0-9]+$"},"minItems":1,"description":"Ids."},
		"lists":{"type":"array","items":{"type":"array","items":{"type":"string"}},"description":"Lists."},
		"inners":{"type":"array","items":`+inner+`},"description":"Inners."},
		"inner":`+inner+`,"description":"Inner."},
		"any":{"description":"Anything."},"raw":{"description":"Anything."},
		"map":{"type":"object","description":"Object."},
		"raw_map":{"type":"object","minProperties":1,"description":"Object."},
		"numbers":{"type":"object","additionalProperties":{"type":"integer"},"description":"Numbers."},
		"level":{"type":"integer","enum":[1,2,3],"description":"Level."},
		"query":{"type":"string","description":`+string(quote(queryDoc))+`}
	},"required":["name"],"additionalProperties":false}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

// samples are values at and around the limits of the arguments of everything.
var samples = map[string][]string{
	"page": {"1", "0", "500", "501", "1.0", "1.5", "5e1", `"1"`, "true", "-0"}, "name": {`"a"`, `""`, "7", "[]", "{}"},
	"on": {"true", "false", `"true"`, "0"}, "ratio": {"0.5", "0.49", "1000", "1000.1", `"1"`, "1"},
	"ids": {`["1"]`, "[]", `["x"]`, "[1]", `"1"`, `["1",null]`}, "lists": {`[["a"],[]]`, `["a"]`, `[[1]]`},
	"inners": {`[{"kind":"A"}]`, `[{"kind":"C"}]`, `[{}]`, `[{"kind":"B","size":2147483648}]`, `[{"kind":"B","x":1}]`},
	"inner":  {`{"kind":"A","size":1}`, `{"kind":"A","size":"1"}`, `{}`, `[]`}, "any": {"1", `{"a":[1]}`, `"x"`}, "raw": {"[]", "false"},
	"map": {"{}", `{"a":1}`, "[]"}, "raw_map": {"{}", `{"a":null}`}, "numbers": {`{"a":1}`, `{"a":"1"}`, `{"a":1.5}`},
	"level": {"1", "4", "2.0", `"1"`}, "query": {`"[]"`, "1"}, "nobody": {"1"},
}

// TestValidatorAgreesWithSchema compares our validator with an independent one that reads the schema.
func TestValidatorAgreesWithSchema(t *testing.T) {
	c := compileArgs(t, reflect.TypeFor[everything]())
	var schema jsonschema.Schema
	if err := json.Unmarshal(c.wire.InputSchema.(json.RawMessage), &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(&jsonschema.ResolveOptions{ValidateDefaults: true})
	if err != nil {
		t.Fatal(err)
	}
	names := sortedKeys(samples)
	r := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	for range 5000 {
		members := map[string]json.RawMessage{"name": json.RawMessage(`"a"`)}
		for range r.IntN(4) {
			name := names[r.IntN(len(names))]
			members[name] = json.RawMessage(samples[name][r.IntN(len(samples[name]))])
		}
		if r.IntN(20) == 0 {
			delete(members, "name")
		}
		raw := joinObject(members)
		var value any
		if err := json.Unmarshal(raw, &value); err != nil {
			t.Fatal(err)
		}
		theirs := resolved.Validate(value)
		_, ours := decode(c.args, raw)
		if (theirs == nil) != (ours == nil) {
			t.Fatalf("%s:\nschema: %v\nours: %v", raw, theirs, ours)
		}
		if ours == nil {
			accepted++
		}
	}
	if accepted < 500 || accepted > 4500 {
		t.Errorf("%d of 5000 accepted: the samples prove little", accepted)
	}
}

// TestDecodedValuesDecode proves that what is accepted also fits the Go type, so that a handler never
// meets a surprise.
func TestDecodedValuesDecode(t *testing.T) {
	c := compileArgs(t, reflect.TypeFor[everything]())
	for name, values := range samples {
		for _, value := range values {
			members := map[string]json.RawMessage{"name": json.RawMessage(`"a"`), name: json.RawMessage(value)}
			got, err := decode(c.args, joinObject(members))
			if err != nil {
				continue
			}
			var in everything
			if err := got.Decode(&in); err != nil {
				t.Errorf("%s %s: accepted, but: %v", name, value, err)
			}
			if in.Page == 0 {
				t.Errorf("%s %s: the default of an embedded field is missing", name, value)
			}
		}
	}
}

func TestSchemaIsCompact(t *testing.T) {
	raw := string(compileArgs(t, reflect.TypeFor[struct{}]()).wire.InputSchema.(json.RawMessage))
	if strings.ContainsAny(raw, "\n\t") || !strings.HasPrefix(raw, `{"type":"object","properties":{`) {
		t.Errorf("got %s", raw)
	}
}
