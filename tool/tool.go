package tool

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
)

// An Effect says what a tool does to the tenant. Safety (which tools are offered, which ask for
// confirmation, which annotations they carry) comes from the effect alone, never from an HTTP method.
type Effect uint8

// The effects, in order of danger.
const (
	Read   Effect = iota + 1 // changes nothing
	Create                   // adds an object
	Update                   // changes an object or its state
	Delete                   // removes an object; needs confirmation
)

// A Set is a named group of tools that operators switch on and off together: a toolset.
type Set struct {
	Name string // such as zia_rule_labels; the word before the first underscore is the service
	Doc  string // one sentence for operators
	// Default marks a toolset that belongs to the selection "default".
	Default bool
	Tools   []Tool
}

// Service returns the service of the set: its name up to the first underscore.
func (s Set) Service() string {
	service, _, _ := strings.Cut(s.Name, "_")
	return service
}

// A Tool is an immutable declaration. Make one with [New], [Func] or the constructors of package rest.
type Tool struct{ spec Spec }

// New returns the tool that spec declares. Mistakes in it are reported by [Compile].
func New(spec Spec) Tool { return Tool{spec} }

// Spec returns a copy of the declaration.
func (t Tool) Spec() Spec { return t.spec }

// A Spec declares a tool in full.
type Spec struct {
	Name   string // lower-case letters, digits and underscores; unique in a catalogue
	Doc    string // for the model: what the tool does, what to know before calling it
	Effect Effect
	// In is the struct type whose fields are the arguments. Field tags: json names the argument and,
	// without omitempty, makes it required; jsonschema describes it; min, max, enum (comma-separated),
	// pattern, default and nonempty:"true" constrain it, and are both advertised and enforced. On a
	// slice the first four are about its elements. The default of a string is its text, any other is
	// JSON. Fields are strings, bools, integers, float64, structs, slices, maps with string keys,
	// pointers to these, and any or json.RawMessage for any JSON.
	In reflect.Type
	// List marks a tool whose result is Rows; it takes a JMESPath argument named query besides In.
	List bool
	// Pages marks a list that can return every page: it takes a boolean argument named all besides In, see [AllPages].
	Pages bool
	// Queried gives the argument query to a tool whose result is a record: with it the answer is the
	// rows that the expression takes out of the record.
	Queried bool
	// Untrusted marks answers that hold text which outsiders wrote; a warning goes before them.
	Untrusted bool
	// Secret marks a tool whose very point is a secret, and SecretMembers names members of its answers that hold secrets beside those
	// that every tool masks; see [Masked].
	Secret        bool
	SecretMembers []string
	// JSONText keeps the text answer JSON where flat rows would else be CSV.
	JSONText bool
	// Check returns further mistakes of the declaration, for Compile to report; may be nil.
	Check func() error
	// Confirm describes, for the human who is asked, what a Delete is about to remove; nil: the
	// tool's name and its arguments. It may read the object; an error becomes the tool error of the
	// call, so that nobody is asked and nothing is deleted. See Question of package rest.
	Confirm func(ctx context.Context, args Args) (string, error)
	// Handle does the work.
	Handle Handler
}

// A Handler does the work of a tool. Its arguments have been checked against the declaration. The
// result is a json.RawMessage (sent on byte for byte), [Rows], or any value that encoding/json turns
// into an object. An error becomes a tool error whose text is that of the error; an error with a
// method PublicError() string shows that text instead, and the rest goes to the log.
type Handler func(ctx context.Context, args Args) (any, error)

// Rows is the result of a tool that lists: one JSON value a row, byte for byte as the API sent it.
type Rows struct {
	Rows []json.RawMessage
	// Note, when not empty, is told to the model beside the rows, for example that there are more.
	Note string
}

// Func declares a tool whose work is more than one request. In is a struct as in [Spec]; optional
// arguments are best pointers, slices or maps, since absent is not zero. [Compile] refuses a nil fn.
func Func[In any](effect Effect, name, doc string, fn func(ctx context.Context, in In) (any, error), opts ...Option) Tool {
	spec := Spec{
		Name: name, Doc: doc, Effect: effect, In: reflect.TypeFor[In](),
	}
	if fn != nil {
		spec.Handle = func(ctx context.Context, args Args) (any, error) {
			var in In
			if err := args.Decode(&in); err != nil {
				return nil, err
			}
			return fn(ctx, in)
		}
	}
	for _, opt := range opts {
		opt(&spec)
	}
	return New(spec)
}

// An Option changes a declaration made by [Func].
type Option func(*Spec)

// List marks a tool whose result is [Rows].
func List(s *Spec) { s.List = true }

// Queried gives the argument query to a tool whose result is a record.
func Queried(s *Spec) { s.Queried = true }

// Untrusted marks a tool whose answers hold text that outsiders wrote.
func Untrusted(s *Spec) { s.Untrusted = true }

// JSONText keeps the text answer JSON.
func JSONText(s *Spec) { s.JSONText = true }
