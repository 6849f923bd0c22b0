package paritytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// judged returns what is reported of the demo's differences.
func (s *Suite) judged(t testing.TB) []string {
	t.Helper()
	got, g := &recorder{TB: t}, &gateway{}
	s.compile(t)
	w, u := s.Open(t, g.answer), &use{map[*Difference]bool{}, map[*Difference]bool{}}
	for i := range s.table {
		c := s.comparison(w, g, &s.table[i])
		c.run(got)
		c.judge(got, u)
		s.checkTool(got, s.table[i])
	}
	s.checkDifferences(got, s.table, u)
	return got.failures
}

// Without differences all agrees.
func TestDemoAgrees(t *testing.T) {
	if failures := demo(t).judged(t); len(failures) > 0 {
		t.Errorf("%q", failures)
	}
}

// A difference is applied, and reported when it is stale or lacks something.
func TestDifferencesAreHeldAgainstTheTable(t *testing.T) {
	list := []string{"zpa_list_demos"}
	rename := RenameQuery(map[string]string{"kinds": "kind"})
	for _, test := range []struct {
		what   string
		change func(*Suite)
		with   Difference
		want   string // in the only failure; "" for none
	}{
		{"a renamed query argument", renamed, Difference{Tools: list, Text: "x", Requests: rename}, ""},
		{"by pattern", renamed, Difference{Tools: []string{"*_demos"}, Text: "x", Requests: rename}, ""},
		{"requests that are the same", nil, Difference{Tools: list, Text: "x", Requests: rename}, "changes none"},
		{"another bound", bounded, Difference{Tools: list, Text: "x", Params: map[string]func(*Param){"size": func(p *Param) { p.Max = Bound(500) }}}, ""},
		{"the same bound", nil, Difference{Tools: list, Text: "x", Params: map[string]func(*Param){"size": func(p *Param) { p.Max = Bound(500) }}}, "changes nothing"},
		{"no such argument", nil, Difference{Tools: list, Text: "x", Params: map[string]func(*Param){"sice": func(*Param) {}}}, "changes nothing"},
		{"shown elsewhere", unknowable, Difference{Tools: list, Text: "x", Elsewhere: "TestDemoAgrees"}, ""},
		{"shown nowhere", unknowable, Difference{Tools: list, Text: "x", Elsewhere: "TestNothing"}, "no test function"},
		{"needlessly elsewhere", nil, Difference{Tools: list, Text: "x", Elsewhere: "TestDemoAgrees"}, "stale"},
		{"in the answer", nil, Difference{Tools: list, Text: "x", Test: "TestDemoAgrees"}, ""},
		{"in nothing", nil, Difference{Tools: list, Text: "x"}, "changes nothing"},
		{"of no tool", nil, Difference{Tools: []string{"zpa_get_*"}, Text: "x", Test: "TestDemoAgrees"}, "matches no tool"},
		{"without text", nil, Difference{Tools: list, Test: "TestDemoAgrees"}, "without text"},
		{"of a defect", defect, Difference{Tools: list, Text: "x", Test: "TestDemoAgrees", Defect: true}, ""},
		{"not of the defect", defect, Difference{Tools: list, Text: "x", Test: "TestDemoAgrees"}, "no difference with Defect"},
		{"of no defect", nil, Difference{Tools: list, Text: "x", Test: "TestDemoAgrees", Defect: true}, "records no defect"},
		{"an argument of the vendor's", nil, Difference{Tools: list, Text: "x", Adds: map[string]Param{"size": demo(t).table[0].Params[1]}}, "has the argument"},
		{"a declaration that is the same", nil, Difference{Tools: list, Text: "x", Declare: func(*Declaration) {}}, "changes nothing"},
	} {
		s := demo(t)
		if test.change != nil {
			test.change(s)
		}
		s.Differences = []Difference{test.with}
		failures := s.judged(t)
		if test.want == "" && len(failures) > 0 || test.want != "" && (len(failures) != 1 || !strings.Contains(failures[0], test.want)) {
			t.Errorf("%s: want %q, failures %q", test.what, test.want, failures)
		}
	}
}

func renamed(s *Suite) {
	a := s.table[0].Calls[0].Args["kinds"]
	a.API = "kinds"
	s.table[0].Calls[0].Args["kinds"] = a
}

func bounded(s *Suite) { s.table[0].Params[1].Max = nil }

func defect(s *Suite) { s.table[0].Defect = "It does wrong." }

func unknowable(s *Suite) { s.table[0].Calls[0].When = "the moon is full" }

// The section of a service is held against its differences; the rest of the document is left alone.
func TestDocument(t *testing.T) {
	file := filepath.Join(t.TempDir(), "differences.md")
	s := &Suite{Service: "zid", Differences: []Difference{{Tools: []string{"zid_a", "zid_b"}, Text: "is otherwise."}}}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	begin, end := s.markers()
	fresh := "# Title\n\n" + begin + "## ZIdentity\n\n- `zid_a`, `zid_b`: is otherwise.\n" + end + "\n## Rest\n"
	for name, test := range map[string]struct {
		text string
		want int
	}{
		"fresh":   {fresh, 0},
		"stale":   {strings.Replace(fresh, "otherwise", "the same", 1), 1},
		"missing": {"# Title\n", 1},
	} {
		write(test.text)
		got := &recorder{TB: t}
		if s.checkDocument(got, file, false); len(got.failures) != test.want {
			t.Errorf("%s: failures %q", name, got.failures)
		}
	}
	write(strings.Replace(fresh, "otherwise", "the same", 1))
	s.checkDocument(t, file, true)
	if data, _ := os.ReadFile(file); string(data) != fresh {
		t.Errorf("written: %s", data)
	}
}
