package paritytest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/tool"
)

// A Suite is a service under test, and its deliberate differences from the vendor's server. Use it by
// pointer; do not change it after its first use. It is safe for concurrent use.
type Suite struct {
	// Service is the name of the service in the table, such as zia.
	Service string
	// Sets are all toolsets of the service.
	Sets []tool.Set
	// Differences are all deliberate differences. They make the section of the service in docs/differences.md.
	Differences []Difference
	// Hints tell what the generator of calls has to know of tools.
	Hints []Hint

	table    []Tool // nil: testdata/tools.json
	once     sync.Once
	selected *tool.Selected
	server   *mcp.Server // of all worlds: a session has the tenant of its world
	specs    map[string]tool.Spec
	err      error
}

// Test compares every tool with the vendor's: its declaration, its arguments, and the requests of
// generated calls. Run in the directory of the service's package, it also holds the differences against the
// test functions there, and against docs/differences.md.
func (s *Suite) Test(t *testing.T) {
	table := s.tools(t)
	t.Run("declarations", func(t *testing.T) { s.testDeclarations(t, table) })
	t.Run("arguments of the engine", s.testEngineArguments)
	var u *use
	t.Run("requests", func(t *testing.T) { u = s.testRequests(t, table) })
	t.Run("differences", func(t *testing.T) { s.checkDifferences(t, table, u) })
	t.Run("document", func(t *testing.T) { s.checkDocument(t, "../../docs/differences.md", *update) })
}

// tools returns the entries of the table that the suite is about: those of its service in its toolsets.
func (s *Suite) tools(t testing.TB) []Tool {
	t.Helper()
	table := s.table
	if table == nil {
		table = Load(t)
	}
	sets := map[string]bool{}
	for _, set := range s.Sets {
		sets[set.Name] = true
	}
	var ours []Tool
	for _, ref := range table {
		if ref.Service == s.Service && sets[ref.Toolset] {
			ours = append(ours, ref)
		}
	}
	return ours
}

// differences returns those about a tool.
func (s *Suite) differences(name string) []*Difference {
	var all []*Difference
	for i := range s.Differences {
		if s.Differences[i].covers(name) {
			all = append(all, &s.Differences[i])
		}
	}
	return all
}

// hints returns those about a tool.
func (s *Suite) hints(name string) []Hint {
	var all []Hint
	for _, h := range s.Hints {
		if h.covers(name) {
			all = append(all, h)
		}
	}
	return all
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
		if s.selected, s.err = catalogue.Select(selection); s.err == nil {
			s.server, s.err = bind(s.selected)
		}
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
