package zscalermcp

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// A docSchema is what the schema of arguments says, as the pages show it.
type docSchema struct {
	Properties map[string]docSchema
	Required   []string

	Type                               string
	Description                        string
	Default                            json.RawMessage
	Enum                               []any
	Minimum, Maximum                   json.Number
	Pattern                            string
	MinLength, MinItems, MinProperties int
	Items                              *docSchema
}

func (s docSchema) kind() string {
	switch {
	case s.Type == "":
		return "any JSON"
	case s.Items != nil:
		return "list of " + s.Items.kind()
	}
	return s.Type
}

// limits are what a value has to keep to; those of a list are about its elements, too.
func (s docSchema) limits() string {
	var said []string
	if s.MinLength+s.MinItems+s.MinProperties > 0 {
		said = append(said, "not empty")
	}
	switch {
	case s.Minimum != "" && s.Maximum != "":
		said = append(said, s.Minimum.String()+" to "+s.Maximum.String())
	case s.Minimum != "":
		said = append(said, "at least "+s.Minimum.String())
	case s.Maximum != "":
		said = append(said, "at most "+s.Maximum.String())
	}
	var choices []string
	for _, choice := range s.Enum {
		raw, _ := json.Marshal(choice) // a text or a number
		choices = append(choices, code(strings.Trim(string(raw), `"`)))
	}
	if choices != nil {
		said = append(said, "one of "+strings.Join(choices, ", "))
	}
	if s.Pattern != "" {
		said = append(said, code(s.Pattern))
	}
	if s.Items != nil {
		if of := s.Items.limits(); of != "" {
			said = append(said, "each "+of)
		}
	}
	return strings.Join(said, "; ")
}

// code shows text as code, in a table too; nothing for nothing.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "|", `\|`) + "`"
}

// markdown shows text as it is: what would be markup or end a cell is escaped, but not in backticks, where only the bar would.
func markdown(text string) string {
	var b strings.Builder
	inCode, before := false, ' '
	for _, r := range text {
		switch {
		case r == '`':
			inCode = !inCode
		case r == '|', !inCode && slices.Contains([]rune{'*', '<', '[', '\\'}, r), !inCode && r == '_' && !unicode.IsLetter(before) && !unicode.IsDigit(before):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

func TestMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"plain zia_list_x, 3 < 4":     `plain zia_list_x, 3 \< 4`,
		"*.a.example and *.b.example": `\*.a.example and \*.b.example`,
		"a | b, [link](x), c\\d":      `a \| b, \[link](x), c\\d`,
		"code `a | *b*` and _c":       "code `a \\| *b*` and \\_c",
	} {
		if got := markdown(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
