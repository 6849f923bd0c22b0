package paritytest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"github.com/org/zscalermcp/tool"
)

// A Suite is a service under test, and its deliberate differences from the vendor's server. Use it by
// pointer; do not change it after its first use. It is safe for concurrent use.
type Suite struct {
	Sets []tool.Set
	// Tools is the number of entries in testdata/parity.json, so that none gets lost.
	Tools int
	// Params are the deliberate differences in arguments: by tool and argument, with a space
	// between, what turns the vendor's argument into ours.
	Params map[string]func(*Param)
	// Requests, if not nil, turns the request of the vendor's tool into ours: the deliberate
	// differences in requests. See [RenameQuery].
	Requests func(toolName string, r *Request)
	// Normal, if not nil, folds what does not matter, such as white space or the time of day, in
	// the vendor's request and in ours.
	Normal func(r *Request)
	// Lookups, if not nil, tells the tools that read beside the request that is compared, for
	// example the object that they change. All others make one request, and a delete reads its
	// object before the human is asked.
	Lookups func(toolName string) bool
	// Elsewhere names the tools without calls in the table, since their requests depend on answers:
	// tests of behaviour cover them.
	Elsewhere []string
	// Answer gives the answers to the calls of the table, all of which then have to succeed. Nil: the
	// simulated tenant answers, also with errors, since it does not know the table's ids; for the
	// deletes of the table, every object exists.
	Answer Answer

	once     sync.Once
	selected *tool.Selected
	specs    map[string]tool.Spec
	err      error
}

// Test compares every tool with the vendor's: its declaration, its arguments, and the requests of the
// calls in the table.
func (s *Suite) Test(t *testing.T) {
	table := Load(t)
	t.Run("declarations", func(t *testing.T) { s.testDeclarations(t, table) })
	t.Run("queries", s.testQueries)
	t.Run("requests", func(t *testing.T) { s.testRequests(t, table) })
}

// compile compiles the sets and selects all their tools, once.
func (s *Suite) compile(t testing.TB) {
	t.Helper()
	s.once.Do(func() {
		var catalogue *tool.Catalogue
		if catalogue, s.err = tool.Compile(s.Sets...); s.err != nil {
			return
		}
		s.specs = map[string]tool.Spec{}
		selection := tool.Selection{EnableWrites: true}
		for _, set := range s.Sets {
			for _, declared := range set.Tools {
				s.specs[declared.Spec().Name] = declared.Spec()
				if declared.Spec().Effect != tool.Read {
					selection.WriteTools = []string{"*"} // which has to match a tool
				}
			}
		}
		s.selected, s.err = catalogue.Select(selection)
	})
	if s.err != nil {
		t.Fatal(s.err)
	}
}

// Specs returns the declarations of all tools by name.
func (s *Suite) Specs(t testing.TB) map[string]tool.Spec {
	t.Helper()
	s.compile(t)
	return s.specs
}

// Handle runs the handler of a tool without a server around it: for what a server would not let
// through, and for simulated time. The context needs a tenant, see zscaler.ContextWithDoer.
func (s *Suite) Handle(ctx context.Context, t testing.TB, name string, args map[string]any) (any, error) {
	t.Helper()
	raw := map[string]json.RawMessage{}
	for name, value := range args {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		raw[name] = data
	}
	spec, ok := s.Specs(t)[name]
	if !ok {
		t.Fatalf("no tool %s is declared", name)
	}
	return spec.Handle(ctx, tool.NewArgs(raw))
}
