package zscalermcp_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/tool"
)

// In the texts of prompts a word in backticks is the name of a tool, or an argument of the tool that was named last, perhaps with a value: `days=7`.
var (
	inBackticks = regexp.MustCompile("`([^`\n]*)`")
	toolName    = regexp.MustCompile(`^(get_)?(zia|zpa|zdx|zcc|ztw|zid|zins|zms|zcell|zeasm|zscaler)_[a-z0-9_]+$`)
)

func isToolName(word string) bool { return toolName.MatchString(word) }

func backticked(text string) (words []string) {
	for _, match := range inBackticks.FindAllStringSubmatch(text, -1) {
		words = append(words, match[1])
	}
	return words
}

func tools(t *testing.T, opts ...zscalermcp.Option) []tool.Info {
	t.Helper()
	infos, err := zscalermcp.Tools(append(opts, zscalermcp.WithEnv(nil))...)
	if err != nil {
		t.Fatal(err)
	}
	return infos
}

// An argumentSchema is what a tool says of an argument.
type argumentSchema struct {
	Type             string
	Enum             []any
	Minimum, Maximum *float64
}

// Every tool and argument that a prompt names exists, and the values that it gives are lawful.
func TestPromptsNameWhatExists(t *testing.T) {
	arguments := map[string]map[string]argumentSchema{}
	for _, info := range tools(t, zscalermcp.WithWriteTools("*")) {
		var schema struct{ Properties map[string]argumentSchema }
		if err := json.Unmarshal(info.InputSchema, &schema); err != nil {
			t.Fatal(err)
		}
		arguments[info.Name] = schema.Properties
	}
	for kind, opts := range map[string][]zscalermcp.Option{"reading": nil, "writing": {zscalermcp.WithWriteTools("*")}} {
		session := promptSession(t, "", opts...)
		for name, p := range listedPrompts(t, session) {
			checkNames(t, name+", "+kind, promptText(t, session, name, allValues(t, p)), arguments)
		}
	}
}

// The same for the files, with the tools of the vendor's server for those that are not there yet: nothing in a branch that no test takes is wrong.
func TestPromptFilesNameWhatExists(t *testing.T) {
	raw, err := os.ReadFile("zscaler/internal/paritytest/testdata/tools.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Name   string
		Query  bool `json:"query_param"`
		Params []struct {
			Name, Type string
			Enum       []any
			Min, Max   *float64
		}
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	arguments := map[string]map[string]argumentSchema{"zscaler_enable_toolset": {"toolset": {Type: "string"}}}
	for _, row := range rows {
		arguments[row.Name] = map[string]argumentSchema{}
		for _, p := range row.Params {
			arguments[row.Name][p.Name] = argumentSchema{Type: p.Type, Enum: p.Enum, Minimum: p.Min, Maximum: p.Max}
		}
	}
	files, err := filepath.Glob("prompts/*.md")
	if err != nil || len(files) < 11 {
		t.Fatal(files, err)
	}
	action := regexp.MustCompile(`{{[^}]*}}`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		checkNames(t, file, action.ReplaceAllString(string(text), ""), arguments)
	}
}

func checkNames(t *testing.T, where, text string, arguments map[string]map[string]argumentSchema) {
	t.Helper()
	last := ""
	for _, word := range backticked(text) {
		if isToolName(word) {
			if last = word; arguments[word] == nil {
				t.Errorf("%s: there is no tool %s", where, word)
			}
			continue
		}
		name, value, given := strings.Cut(word, "=")
		schema, ok := arguments[last][name]
		switch {
		case !ok:
			t.Errorf("%s: %s has no argument %s; it has %v", where, last, name, slices.Sorted(maps.Keys(arguments[last])))
		case given && !schema.takes(value):
			t.Errorf("%s: %s of %s does not take %q: %+v", where, name, last, value, schema)
		}
	}
}

// takes reports whether a value that a text gives is lawful; "" is one that stands in the text later.
func (s argumentSchema) takes(value string) bool {
	if s.Type == "integer" && value != "" {
		n, err := strconv.ParseFloat(value, 64)
		return err == nil && (s.Minimum == nil || n >= *s.Minimum) && (s.Maximum == nil || n <= *s.Maximum)
	}
	if s.Type == "boolean" {
		return value == "true" || value == "false"
	}
	return s.Enum == nil || slices.Contains(s.Enum, any(value))
}
