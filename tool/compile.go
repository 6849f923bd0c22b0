package tool

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A Catalogue is a compiled, checked set of tools. It is immutable and safe for concurrent use.
type Catalogue struct {
	sets  []Set
	tools []*compiled // in the order of declaration
}

// compiled is a tool whose declaration has been found good.
type compiled struct {
	spec    Spec
	toolset string
	service string
	args    *shape
	closed  reflect.Type // pointer to spec.In if it holds no any, else nil
	wire    *mcp.Tool    // shared by every answer to tools/list, never changed
}

var lowerName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// Names that arguments of tools get from the engine.
const (
	argQuery  = "query"
	argToken  = "confirmation_token"
	argKwargs = "kwargs" // the vendor's place for the token
)

// Compile checks sets and compiles their tools. The error holds every mistake there is.
func Compile(sets ...Set) (*Catalogue, error) { return new(Catalogue).With(sets...) }

// With returns a catalogue that has sets besides those of c, which stays as it is. The error is that of [Compile].
func (c *Catalogue) With(sets ...Set) (*Catalogue, error) {
	c = &Catalogue{sets: slices.Clip(c.sets), tools: slices.Clip(c.tools)}
	var mistakes []error
	setNames, toolNames := map[string]bool{}, map[string]string{}
	for _, set := range c.sets {
		setNames[set.Name] = true
	}
	for _, t := range c.tools {
		toolNames[t.spec.Name] = t.toolset
	}
	for _, set := range sets {
		if err := checkSet(set, setNames); err != nil {
			mistakes = append(mistakes, err)
		}
		set.Tools = append([]Tool(nil), set.Tools...)
		c.sets = append(c.sets, set)
		for _, t := range set.Tools {
			if other, twice := toolNames[t.spec.Name]; twice {
				mistakes = append(mistakes, fmt.Errorf("tool %q: declared in toolset %q and in %q", t.spec.Name, other, set.Name))
			}
			toolNames[t.spec.Name] = set.Name
			compiledTool, errs := compileTool(t.spec, set)
			mistakes = append(mistakes, errs...)
			c.tools = append(c.tools, compiledTool)
		}
	}
	if err := errors.Join(mistakes...); err != nil {
		return nil, fmt.Errorf("tool: the catalogue has mistakes:\n%w", err)
	}
	return c, nil
}

func checkSet(set Set, seen map[string]bool) error {
	switch {
	case !lowerName.MatchString(set.Name):
		return fmt.Errorf("toolset %q: a name is lower-case letters, digits and underscores, at most 64", set.Name)
	case set.Name == setAll || set.Name == setDefault:
		return fmt.Errorf("toolset %q: the name has a meaning of its own in a selection", set.Name)
	case seen[set.Name]:
		return fmt.Errorf("toolset %q: declared twice", set.Name)
	case strings.TrimSpace(set.Doc) == "":
		return fmt.Errorf("toolset %q: no Doc", set.Name)
	case len(set.Tools) == 0:
		return fmt.Errorf("toolset %q: no tools", set.Name)
	}
	seen[set.Name] = true
	return nil
}

func compileTool(spec Spec, set Set) (*compiled, []error) {
	c := &compiled{spec: spec, toolset: set.Name, service: set.Service()}
	mistakes := checkSpec(spec)
	var w walker
	c.args = &shape{kind: kindObject}
	if spec.In == nil || spec.In.Kind() != reflect.Struct {
		w.fail("", "In must be a struct type")
	} else {
		c.args = w.object(spec.In, "", 0)
	}
	if spec.In != nil && !c.args.holdsAny() {
		c.closed = reflect.PointerTo(spec.In)
	}
	w.reserve(c.args, spec)
	for _, mistake := range w.mistakes {
		mistakes = append(mistakes, errors.New(mistake))
	}
	for i, mistake := range mistakes {
		mistakes[i] = toolMistake{spec.Name, mistake}
	}
	if mistakes == nil {
		c.wire = wireTool(spec, c.args.schema())
	}
	return c, mistakes
}

// A toolMistake names the tool in every line of err.
type toolMistake struct {
	tool string
	err  error
}

func (m toolMistake) Error() string {
	prefix := fmt.Sprintf("tool %q: ", m.tool)
	return prefix + strings.ReplaceAll(m.err.Error(), "\n", "\n"+prefix)
}

func (m toolMistake) Unwrap() error { return m.err }

func checkSpec(spec Spec) (mistakes []error) {
	if !lowerName.MatchString(spec.Name) {
		mistakes = append(mistakes, errors.New("a name is lower-case letters, digits and underscores, at most 64"))
	}
	if strings.TrimSpace(spec.Doc) == "" {
		mistakes = append(mistakes, errors.New("no Doc"))
	}
	if spec.Pages && !spec.List {
		mistakes = append(mistakes, errors.New("Pages is for a list"))
	}
	if spec.Effect < Read || spec.Effect > Delete {
		mistakes = append(mistakes, errors.New("no effect; it is Read, Create, Update or Delete"))
	}
	if spec.Handle == nil {
		mistakes = append(mistakes, errors.New("no Handle, or a nil function given to Func"))
	}
	if spec.Confirm != nil && spec.Effect != Delete {
		mistakes = append(mistakes, errors.New("field Confirm is set, but only a Delete asks"))
	}
	if spec.Check != nil {
		if err := spec.Check(); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	return mistakes
}

// reserve adds the arguments that the engine itself understands.
func (w *walker) reserve(s *shape, spec Spec) {
	var extra []field
	switch {
	case spec.List:
		extra = append(extra, field{name: argQuery, doc: queryDoc, shape: &shape{kind: kindString}})
	case spec.Queried:
		extra = append(extra, field{name: argQuery, doc: recordQueryDoc, shape: &shape{kind: kindString}})
	}
	if spec.Pages {
		extra = append(extra, field{name: argAll, doc: allDoc, shape: &shape{kind: kindBool}})
	}
	if spec.Effect == Delete {
		extra = append(extra,
			field{name: argToken, doc: tokenDoc, shape: &shape{kind: kindString}},
			field{name: argKwargs, hidden: true, shape: &shape{kind: kindAny}})
	}
	for _, f := range extra {
		if s.has(f.name) {
			w.fail(f.name, "the name is taken by the engine for this kind of tool")
		}
	}
	s.fields = append(s.fields, extra...)
}

func wireTool(spec Spec, schema json.RawMessage) *mcp.Tool {
	return &mcp.Tool{
		Name: spec.Name, Title: title(spec.Name), Description: spec.Doc,
		InputSchema: schema, Annotations: annotations(spec),
	}
}
