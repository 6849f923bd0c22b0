package zscalermcp_test

import (
	"bytes"
	"io/fs"
	"os"
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
