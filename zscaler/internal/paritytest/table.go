package paritytest

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// A Tool is an entry of testdata/parity.json: what the vendor's server offers under the name, and
// requests that it makes.
type Tool struct {
	Declaration
	Params []Param `json:"params"`
	// Calls are empty for the tools of [Suite].Elsewhere only.
	Calls []Call `json:"calls"`
}

// A Declaration is what of a tool is not about its arguments.
type Declaration struct {
	Name      string `json:"name"`
	Toolset   string `json:"toolset"`
	Effect    string `json:"effect"` // read, create, update or delete
	List      bool   `json:"list"`
	Untrusted bool   `json:"untrusted"`
	JSON      bool   `json:"json"` // the text of answers is always JSON
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
}

// A Call is a call of a tool, and the request of the vendor's server that does its work.
type Call struct {
	Args json.RawMessage `json:"args"`
	Request
}

// Load reads testdata/parity.json of the package under test.
func Load(t testing.TB) []Tool {
	t.Helper()
	data, err := os.ReadFile("testdata/parity.json")
	if err != nil {
		t.Fatal(err)
	}
	var tools []Tool
	if err := decode(data, &tools); err != nil {
		t.Fatal(err)
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
