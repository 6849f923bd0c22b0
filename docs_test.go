package zscalermcp_test

import (
	"bytes"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var requirementID = regexp.MustCompile(`\b[RD][0-9]{1,3}\b`)

// docs/security.md explains each requirement and attack that the code cites, and no other.
func TestCitedRequirementsAreExplained(t *testing.T) {
	page, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	for line := range strings.Lines(string(page)) {
		if id := requirementID.FindString(line); strings.HasPrefix(line, "| "+id+" |") && id != "" {
			explained[id] = false
		}
	}
	for id, file := range citations(t) {
		if _, ok := explained[id]; !ok {
			t.Errorf("%s cites %s, which docs/security.md does not explain", file, id)
		}
		explained[id] = true
	}
	for id, cited := range explained {
		if !cited {
			t.Errorf("docs/security.md explains %s, which nothing cites", id)
		}
	}
}

// The program in the guide is one: formatted, and accepted by the compiler and vet.
func TestGuideProgramCompiles(t *testing.T) {
	guide, err := os.ReadFile("docs/guides/oidc-proxy.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "```go\npackage main\n")
	program, _, ok := strings.Cut(rest, "```\n")
	program = "package main\n" + program
	formatted, err := format.Source([]byte(program))
	if !ok || err != nil || string(formatted) != program {
		t.Errorf("not as gofmt writes it: %v\n%s", err, formatted)
	}
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "vet", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// citations returns the ids that Go files cite, each with one of the files.
func citations(t *testing.T) map[string]string {
	t.Helper()
	cited := map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, at := range requirementID.FindAllIndex(source, -1) {
			if field := bytes.HasPrefix(source[at[1]:], []byte(": []")); !field { // of a unicode.RangeTable
				cited[string(source[at[0]:at[1]])] = path
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return cited
}
