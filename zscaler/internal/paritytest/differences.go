package paritytest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Of each tool so many failures are shown.
const shown = 4

// judge weighs the failures of a tool against its differences. Elsewhere excuses requests that the table cannot tell,
// and, where it can tell them all, such that differ from it.
func (c *comparison) judge(t testing.TB, u *use) {
	t.Helper()
	excused := false
	for _, d := range c.suite.differences(c.tool.Name) {
		u.requests[d] = u.requests[d] || c.changed[d] || c.beyond != ""
		if d.Elsewhere != "" {
			excused = true
			u.elsewhere[d] = u.elsewhere[d] || c.beyond != "" || len(c.failures) > 0
		}
	}
	if c.beyond != "" && !excused {
		t.Errorf("the table cannot tell all requests (%s): name the test that shows them as Elsewhere of a difference", c.beyond)
	}
	for i, failure := range c.failures {
		switch {
		case excused && c.beyond == "":
			t.Logf("shown elsewhere: %s", failure)
		case i < shown:
			t.Error(failure)
		case i == shown:
			t.Errorf("and %d more", len(c.failures)-shown)
		}
	}
}

// checkDifferences holds every difference against the table and the test functions of the package.
// u is nil when no requests were compared.
func (s *Suite) checkDifferences(t testing.TB, table []Tool, u *use) {
	functions := testFunctions(t, "*_test.go")
	for i := range s.Differences {
		d := &s.Differences[i]
		d.check(t, table, functions)
		if u == nil {
			continue
		}
		if d.Requests != nil && !u.requests[d] {
			t.Errorf("%s: the difference in requests changes none: %s", strings.Join(d.Tools, ", "), d.Text)
		}
		if d.Elsewhere != "" && !u.elsewhere[d] {
			t.Errorf("%s: all requests agree with the table's, so Elsewhere is stale: name %s as Test", strings.Join(d.Tools, ", "), d.Elsewhere)
		}
	}
	for i := range s.Hints {
		checkPatterns(t, "hint", s.Hints[i].Tools, table)
	}
	for _, ref := range table {
		answered := false
		for _, d := range s.differences(ref.Name) {
			answered = answered || d.Defect
		}
		if ref.Defect != "" && !answered {
			t.Errorf("%s: no difference with Defect answers: %s", ref.Name, ref.Defect)
		}
	}
}

// check reports what is missing or stale in a difference.
func (d *Difference) check(t testing.TB, table []Tool, functions map[string]bool) {
	t.Helper()
	about := strings.Join(d.Tools, ", ")
	if d.Text == "" {
		t.Errorf("%s: a difference without text", about)
	}
	checkPatterns(t, about, d.Tools, table)
	for _, name := range []string{d.Elsewhere, d.Test} {
		if name != "" && !functions[name] {
			t.Errorf("%s: no test function %s is here", about, name)
		}
	}
	if d.Elsewhere == "" && d.Test == "" && d.Params == nil && d.Adds == nil && d.Declare == nil && d.Requests == nil {
		t.Errorf("%s: the difference changes nothing; if it is about answers, name the Test that shows it: %s", about, d.Text)
	}
	d.checkArguments(t, table)
	if d.Defect && !d.answers(table) {
		t.Errorf("%s: the table records no defect of these tools", about)
	}
}

// answers reports whether the table records a defect of a tool of the difference.
func (d *Difference) answers(table []Tool) bool {
	for _, ref := range table {
		if ref.Defect != "" && d.covers(ref.Name) {
			return true
		}
	}
	return false
}

// checkArguments reports changes of arguments and declarations that change nothing.
func (d *Difference) checkArguments(t testing.TB, table []Tool) {
	t.Helper()
	changed := map[string]bool{}
	for _, ref := range table {
		if !d.covers(ref.Name) {
			continue
		}
		for _, p := range ref.Params {
			if change := d.Params[p.Name]; change != nil {
				ours := p
				change(&ours)
				changed[p.Name] = changed[p.Name] || !reflect.DeepEqual(p, ours)
			}
			if _, ok := d.Adds[p.Name]; ok {
				t.Errorf("%s: the vendor's tool has the argument %s", ref.Name, p.Name)
			}
		}
		if d.Declare != nil {
			ours := ref.Declaration
			d.Declare(&ours)
			changed[""] = changed[""] || ours != ref.Declaration
		}
	}
	for name := range d.Params {
		if !changed[name] {
			t.Errorf("%s: the difference in the argument %s changes nothing", strings.Join(d.Tools, ", "), name)
		}
	}
	if d.Declare != nil && !changed[""] {
		t.Errorf("%s: the difference in the declaration changes nothing", strings.Join(d.Tools, ", "))
	}
}

// checkPatterns reports patterns that match no tool.
func checkPatterns(t testing.TB, about string, patterns []string, table []Tool) {
	t.Helper()
	for _, pattern := range patterns {
		used := false
		for _, ref := range table {
			used = used || matches([]string{pattern}, ref.Name)
		}
		if !used {
			t.Errorf("%s: %q matches no tool", about, pattern)
		}
	}
	if len(patterns) == 0 {
		t.Errorf("%s: about no tool", about)
	}
}

// testFunctions returns the names of the test functions in the files.
func testFunctions(t testing.TB, pattern string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range parsed.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				names[f.Name.Name] = true
			}
		}
	}
	return names
}
