package zscalermcp_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

// The list of variables, what the code reads and what the guide says are the same.
func TestVariablesAreThoseThatAreReadAndWrittenAbout(t *testing.T) {
	known := zscalermcp.Variables()
	if !slices.IsSorted(known) || len(slices.Compact(slices.Clone(known))) != len(known) {
		t.Errorf("unsorted or doubled: %q", known)
	}
	guide, err := os.ReadFile("docs/guides/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	ofBinary := []string{"ZSCALER_MCP_DEBUG", "ZSCALER_MCP_DEMO", "ZSCALER_MCP_DOTENV_PATH", "ZSCALER_MCP_LOG_FORMAT"}
	name := regexp.MustCompile(`\b(ZSCALER|OIDCPROXY|ZCELL|ZPA)_[A-Z_]*[A-Z]\b`)
	for _, written := range name.FindAllString(string(guide), -1) {
		if !slices.Contains(known, written) && !slices.Contains(ofBinary, written) {
			t.Errorf("configuration.md names %s, which is not known", written)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var read string
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") && file != "variables.go" {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			read += string(text)
		}
	}
	for _, literal := range regexp.MustCompile(`"(ZSCALER|OIDCPROXY|ZCELL|ZPA)_[A-Z_]+"`).FindAllString(read, -1) {
		if !slices.Contains(known, strings.Trim(literal, `"`)) {
			t.Errorf("%s is read, but not in the list", literal)
		}
	}
	for _, one := range known {
		if base := strings.TrimSuffix(one, "_FILE"); !strings.Contains(string(guide), base) { // written as NAME (_FILE)
			t.Errorf("configuration.md says nothing of %s", one)
		}
	}
}
