package tool

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestQuerySyntaxIsExplained: the text names what is wrong in words, where, and how literals are
// written; the nearest correct expression is accepted.
func TestQuerySyntaxIsExplained(t *testing.T) {
	for expression, tc := range map[string]struct{ says, correct string }{
		"[?id==2401001]":    {"query: a bare number cannot stand there, write `2401001`, at position 7 of [?id==2401001]. Numbers", "[?id==`2401001`]"},
		"[?size > -5.5]":    {"a bare number cannot stand there, write `-5.5`, at position 10 of", "[?size > `-5.5`]"},
		"[?'é' == 5]":       {"write `5`, at position 10 of", "[?'é' == `5`]"},
		"[?name==foo":       {"expected ] but found the end of the expression, at position 12 of", "[?name==foo]"},
		"[?a==b and c==d]":  {"expected ] but found a name, at position 8 of", "[?a==b && c==d]"},
		"[].{id id}":        {"expected a colon but found a name", "[].{id: id}"},
		"[].{1:id}":         {"expected a name in double quotes or a name, at position 5", "[].{one:id}"},
		"[?name == 'foo]":   {"the closing ' is missing", "[?name == 'foo']"},
		"[?size == `5]":     {"the closing ` is missing", "[?size == `5`]"},
		"[?name == `foo`]":  {"what stands in backticks is not JSON", "[?name == `\"foo\"`]"},
		"#":                 {"the character '#' means nothing there, at position 1 of #", "\"#\""},
		"[?a &&]":           {"] cannot stand there", "[?a && b]"},
		"sort(":             {"the expression ends too early, at position 6", "sort(@)"},
		"id, name":          {"a comma cannot follow; the expression before it is complete, at position 3", "[id, name]"},
		"[?a === 'b']":      {"= cannot stand there", "[?a == 'b']"},
		"[:":                {"expected a colon or a number but found the end of the expression", "[:1]"},
		"[].{`1`: id}":      {"expected a name in double quotes or a name", "[].{\"1\": id}"},
		"[?a\nb\u202e == 5": {"query: ", "[?a]"},
	} {
		_, err := parseQuery(expression)
		if err == nil || !strings.Contains(err.Error(), tc.says) || !strings.Contains(err.Error(), "backticks and text in single quotes") {
			t.Errorf("%s: %v; want %q", expression, err, tc.says)
		}
		if err != nil && (strings.Contains(err.Error(), "TOK") || strings.Contains(err.Error(), "\u202e") || strings.Contains(err.Error(), "SyntaxError")) {
			t.Errorf("%s: in the parser's words: %v", expression, err)
		}
		if _, err := parseQuery(tc.correct); err != nil {
			t.Errorf("%s: %v", tc.correct, err)
		}
	}
}

// FuzzQuerySyntax: every refusal is short, valid text.
func FuzzQuerySyntax(f *testing.F) {
	for _, seed := range []string{"[?id==1]", "[?", "'", "`x`", "a b", "\xff", "[?é==5]", "{", "let", "a.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		_, err := parseQuery(expression)
		if err != nil && (len(err.Error()) > 700 || !utf8.ValidString(err.Error()) && utf8.ValidString(expression)) {
			t.Fatalf("%q: %q", expression, err)
		}
	})
}
