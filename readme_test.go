package zscalermcp_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

//go:generate go test -run TestReadmeShowsTheExample . -update

var update = flag.Bool("update", false, "rewrite generated files")

// The README's embedding example is the body of ExampleServer_Mount, which is compiled.
func TestReadmeShowsTheExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "```go\n", "```\n<!-- end -->"
	head, rest, ok := strings.Cut(string(readme), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("README.md has lost its woven block")
	}
	want := head + begin + exampleBody(t, "ExampleServer_Mount") + end + tail
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(readme) {
		t.Error("README.md differs from the example: run go generate .")
	}
	if lines := strings.Count(want, "\n"); lines >= 200 {
		t.Errorf("README.md has %d lines; it must stay under 200", lines)
	}
}

// exampleBody returns the statements of an example function, without their indentation.
func exampleBody(t *testing.T, name string) string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "example_test.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == name {
			source, err := os.ReadFile("example_test.go")
			if err != nil {
				t.Fatal(err)
			}
			body := source[fset.Position(fn.Body.Lbrace).Offset+1 : fset.Position(fn.Body.Rbrace).Offset]
			out, err := format.Source(bytes.TrimSpace(body))
			if err != nil {
				t.Fatal(err)
			}
			return string(out) + "\n"
		}
	}
	t.Fatalf("no %s in example_test.go", name)
	return ""
}
