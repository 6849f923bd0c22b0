package paritytest

import (
	"bytes"
	_ "embed" // for the table
	"encoding/json"
	"testing"
)

//go:embed testdata/tools.json
var toolsJSON []byte

// A Tool is an entry of testdata/tools.json: what the vendor's server offers under the name, and the
// requests that it makes.
type Tool struct {
	Declaration
	Service    string  `json:"service"`
	Params     []Param `json:"params"`
	Calls      []Call  `json:"calls"`  // requests in order
	Defect     string  `json:"defect"` // what a port should not copy
	WireFormat string  `json:"wire_format"`
}

// A Declaration is what of a tool is not about its arguments.
type Declaration struct {
	Name      string `json:"name"`
	Toolset   string `json:"toolset"`
	Effect    string `json:"action"` // read, create, update or delete
	List      bool   `json:"list"`
	Untrusted bool   `json:"untrusted"`
	JSON      bool   `json:"-"` // the text of answers is always JSON
}

// A Param is an argument. For a list, Min, Max, Enum and Pattern are about its elements.
type Param struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"` // of JSON Schema, with the elements' as in array<string>; any for none
	Required bool     `json:"required"`
	Default  any      `json:"default"`
	Min      *float64 `json:"min"`
	Max      *float64 `json:"max"`
	Enum     []string `json:"enum"`
	Pattern  string   `json:"pattern"`
	NonEmpty bool     `json:"non_empty"`
	// Nullable is not compared: null counts as absent in every tool of ours.
	Nullable bool `json:"nullable"`
}

// A Call is a request of the vendor's tool.
type Call struct {
	Method string         `json:"method"`
	Path   string         `json:"path"`
	When   string         `json:"when"` // in words; "" for always
	Args   map[string]Arg `json:"args"` // by the name of the parameter
	Const  struct {
		Query map[string]string `json:"query"`
		Body  map[string]any    `json:"body"`
	} `json:"const"`
	From map[string]string `json:"from"` // what comes from answers, in words

	// Of GraphQL:
	Operation string              `json:"operation"`
	Signature string              `json:"signature"`
	Fields    string              `json:"fields"`
	Variables map[string]Variable `json:"variables"`
}

// A Variable is one of GraphQL. Those without a value come from arguments.
type Variable struct {
	Value any `json:"value"`
}

// An Arg says where the value of an argument goes.
type Arg struct {
	In        string          `json:"in"`  // path, query, body, header, variable or client
	API       string          `json:"api"` // wire name
	As        string          `json:"as"`  // conversion, in words
	When      string          `json:"when"`
	Unset     json.RawMessage `json:"unset"` // sent when the argument is absent; nil for nothing
	SkipEmpty bool            `json:"skip_empty"`
	Also      []Arg           `json:"also"` // further places
}

// Load returns the whole table. The caller may change what it gets.
func Load(t testing.TB) []Tool {
	t.Helper()
	var tools []Tool
	if err := decode(toolsJSON, &tools); err != nil {
		t.Fatal(err)
	}
	for i := range tools {
		tools[i].JSON = tools[i].WireFormat == "json"
	}
	return tools
}

// decode decodes JSON with exact numbers.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}

// JSON decodes text with exact numbers, for comparison with the body of a [Request].
func JSON(t testing.TB, text string) any {
	t.Helper()
	var v any
	if err := decode([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// Bound returns a pointer to x, for the bounds of a [Param].
func Bound(x float64) *float64 { return &x }
