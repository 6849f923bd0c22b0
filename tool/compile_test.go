package tool_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/tool"
)

type badArgs struct {
	NoName   string            `jsonschema:"No name."`
	NoDoc    string            `json:"no_doc"`
	BadName  string            `json:"bad-name" jsonschema:"Bad."`
	When     time.Time         `json:"when" jsonschema:"Decodes itself."`
	Channel  chan int          `json:"channel" jsonschema:"No JSON."`
	Bytes    []byte            `json:"bytes" jsonschema:"Base64."`
	IntKeys  map[int]string    `json:"int_keys" jsonschema:"Keys."`
	Quoted   int               `json:"quoted,string" jsonschema:"Quoted."`
	MinText  string            `json:"min_text" jsonschema:"Min." min:"1"`
	MinWord  int               `json:"min_word" jsonschema:"Min." min:"one"`
	Crossed  int               `json:"crossed" jsonschema:"Crossed." min:"5" max:"4"`
	Narrow   int8              `json:"narrow" jsonschema:"Narrow." max:"300"`
	EnumBool bool              `json:"enum_bool" jsonschema:"Enum." enum:"true"`
	EnumInt  int               `json:"enum_int" jsonschema:"Enum." enum:"1,x"`
	Pattern  string            `json:"pattern" jsonschema:"Pattern." pattern:"("`
	Full     int               `json:"full" jsonschema:"Full." nonempty:"true"`
	Fullish  string            `json:"fullish" jsonschema:"Full." nonempty:"yes"`
	Preset   int               `json:"preset,omitempty" jsonschema:"Default." default:"600" max:"500"`
	PresetJ  []string          `json:"preset_json,omitempty" jsonschema:"Default." default:"a"`
	PresetR  string            `json:"preset_required" jsonschema:"Default." default:"a"`
	PresetE  string            `json:"preset_enum,omitempty" jsonschema:"Default." default:"c" enum:"a,b"`
	Query    string            `json:"query" jsonschema:"Taken."`
	Token    string            `json:"confirmation_token" jsonschema:"Taken."`
	Kwargs   string            `json:"kwargs" jsonschema:"Taken."`
	Loop     *loop             `json:"loop" jsonschema:"Recursive."`
	Nested   struct{ X int }   `json:"nested" jsonschema:"Nested."`
	Good     map[string]string `json:"good" jsonschema:"Good." nonempty:"true"`
}

// worseArgs is a struct type that go vet would not let stand in a source file.
func worseArgs() reflect.Type {
	text := reflect.TypeFor[string]()
	return reflect.StructOf([]reflect.StructField{
		{Name: "Malform", Type: text, Tag: `json:"malformed" jsonschema:Malformed.`},
		{Name: "Twice", Type: text, Tag: `json:"twice" jsonschema:"Twice."`},
		{Name: "TwiceToo", Type: text, Tag: `json:"twice" jsonschema:"Twice."`},
		{Name: "hidden", Type: text, Tag: `json:"hidden" jsonschema:"Hidden."`, PkgPath: "example.com/x"},
	})
}

type loop struct {
	Next *loop `json:"next,omitempty" jsonschema:"Next."`
}

func done(context.Context, struct{}) (any, error) { return map[string]any{}, nil }

func TestCompileReportsEveryMistake(t *testing.T) {
	handle := func(context.Context, tool.Args) (any, error) { return nil, nil }
	check := func() error { return errors.New("the wildcard has no field") }
	confirm := func(context.Context, tool.Args) (string, error) { return "", nil }
	_, err := tool.Compile(
		tool.Set{Name: "bad_set", Doc: "Bad.", Tools: []tool.Tool{
			tool.New(tool.Spec{Name: "bad_args", Doc: "Bad.", Effect: tool.Delete, In: reflect.TypeFor[badArgs](), Handle: handle, List: true}),
			tool.New(tool.Spec{Name: "worse_args", Doc: "Worse.", Effect: tool.Read, In: worseArgs(), Handle: handle}),
			tool.New(tool.Spec{Name: "Bad-Name", Doc: " ", In: reflect.TypeFor[string](), Check: check, Confirm: confirm}),
			tool.Func(tool.Read, "zia_twice", "Twice.", done),
			tool.Func(tool.Read, "zia_"+strings.Repeat("x", 64), "Long.", done),
			tool.New(tool.Spec{}),
		}},
		tool.Set{Name: "bad_set", Doc: "Twice.", Tools: []tool.Tool{tool.Func(tool.Read, "zia_twice", "Twice.", done)}},
		tool.Set{Name: "all", Doc: "Reserved.", Tools: []tool.Tool{tool.Func(tool.Read, "zia_ok", "Fine.", done)}},
		tool.Set{Name: "no_doc", Tools: []tool.Tool{tool.Func(tool.Read, "zia_ok2", "Fine.", done)}},
		tool.Set{Name: "Upper", Doc: "Upper."},
		tool.Set{Name: "empty", Doc: "Empty."},
	)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, part := range []string{
		`tool "bad_args": NoName: the field has no name`, "no_doc: no description", "bad-name: not a usable argument name",
		"when: arguments cannot be of type time.Time", "channel: arguments cannot be", "bytes: arguments cannot be", "int_keys: arguments cannot be",
		"quoted: the json option string", "min_text: min stands on a string", `min_word: min "one"`, "crossed: min 5 is above max 4",
		"narrow: max 300 lies outside", "enum_bool: enum stands on a boolean", `enum_int: enum value "x"`, "pattern: pattern: error parsing",
		"full: nonempty stands on an integer", `fullish: nonempty must be "true"`, "preset: the default is not valid: preset: 600 is above",
		`preset_json: default "a" is not JSON`, "preset_required: a default on a required", "preset_enum: the default is not valid",
		"Malform: the struct tag is malformed", "twice: declared twice", "query: the name is taken", "confirmation_token: the name is taken",
		"kwargs: the name is taken", "contains itself", "nested.X: the field has no name", "hidden: the field is not exported",
		`tool "Bad-Name": a name is`, `tool "Bad-Name": no Doc`, `tool "Bad-Name": no effect`, `tool "Bad-Name": no Handle`,
		`tool "Bad-Name": In must be a struct`, `tool "Bad-Name": the wildcard has no field`, `tool "Bad-Name": field Confirm is set`,
		`tool "zia_twice": declared in toolset "bad_set"`, `tool "zia_xxxx`, `tool "": a name is`,
		`toolset "bad_set": declared twice`, `toolset "all": the name has a meaning`, `toolset "no_doc": no Doc`, `toolset "Upper": a name is`, `toolset "empty": no tools`,
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("missing %q", part)
		}
	}
	if strings.Contains(err.Error(), "good:") || strings.Contains(err.Error(), "zia_ok") {
		t.Errorf("reports what is right:\n%v", err)
	}
	if t.Failed() {
		t.Log(err)
	}
}

func TestCompileAcceptsNeighbours(t *testing.T) {
	type args struct {
		Text   string            `json:"text" jsonschema:"Text." nonempty:"true" pattern:"^a|b$"`
		Kinds  []string          `json:"kinds,omitempty" jsonschema:"Kinds." enum:"a,b" default:"[\"a\"]"`
		Level  int8              `json:"level,omitempty" jsonschema:"Level." min:"-128" max:"127" default:"0"`
		Float  *float64          `json:"float,omitempty" jsonschema:"Float." min:"0.5" max:"0.5" default:"0.5"`
		Nested map[string][]bool `json:"nested" jsonschema:"Nested." in:"body=x" unset:"[]"`
	}
	fn := func(context.Context, args) (any, error) { return nil, nil }
	_, err := tool.Compile(tool.Set{Name: "good_set", Doc: "Good.", Tools: []tool.Tool{
		tool.Func(tool.Update, "a", "Shortest name.", fn), tool.Func(tool.Read, strings.Repeat("x", 64), "Longest name.", fn),
	}})
	if err != nil {
		t.Error(err)
	}
}

func TestReservedArgumentsAreOnlyThoseOfTheKind(t *testing.T) {
	type args struct {
		Query string `json:"query" jsonschema:"The API's own query."`
		Token string `json:"confirmation_token" jsonschema:"The API's own."`
	}
	fn := func(context.Context, args) (any, error) { return nil, nil }
	c := catalogue(t, tool.Func(tool.Read, "zia_ok", "A read that is no list.", fn),
		tool.Func(tool.Delete, "zia_delete", "A delete.", done), tool.Func(tool.Read, "zia_list", "A list.", done, tool.List))
	sel, err := c.Select(tool.Selection{EnableWrites: true, WriteTools: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, info := range sel.Tools() {
		var schema struct{ Properties map[string]any }
		if err := json.Unmarshal(info.InputSchema, &schema); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, name := range []string{"query", "confirmation_token", "kwargs"} {
			if _, ok := schema.Properties[name]; ok {
				names = append(names, name)
			}
		}
		got = append(got, names)
	}
	if want := [][]string{{"query", "confirmation_token"}, {"confirmation_token"}, {"query"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
