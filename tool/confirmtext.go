package tool

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How many characters of a text the question shows. Each value is cut on its own, so that none
// can push out another. A tool's own description names what goes, so that it is shown whole or not at all.
const (
	maxAbout    = 8000 // of a tool's own description
	maxRequired = 1000 // of an argument that says what is deleted, perhaps a list of ids
	maxOptional = 100  // of any other
)

// describe says what is about to be deleted.
func (c *call) describe(ctx context.Context, members map[string]json.RawMessage) (string, error) {
	c.asking = true
	if c.tool.spec.Confirm != nil {
		text, err := c.tool.spec.Confirm(ctx, Args{raw: members})
		if err != nil {
			return "", err
		}
		if text != "" {
			return c.whole(byPart(text, maskedText))
		}
	}
	return c.tool.spec.Name + c.listed(c.maskArguments(members)), nil
}

// whole refuses a description that is too long for people to be shown: what is cut off would be deleted unseen.
func (c *call) whole(text string) (string, error) {
	if n := utf8.RuneCountInString(text); n > maxAbout {
		return "", refuse("This deletion would take %d characters to describe, more than a question can show (%d), so nobody was asked and nothing was deleted. Delete fewer objects in one call.", n, maxAbout)
	}
	return shown(text, maxAbout, ""), nil
}

// listed lists the arguments, the required ones first.
func (c *call) listed(members map[string]json.RawMessage) string {
	var required, others []string
	for _, name := range sortedKeys(members) {
		if slices.ContainsFunc(c.tool.args.fields, func(f field) bool { return f.name == name && f.required }) {
			required = append(required, name+" = "+shownValue(members[name], maxRequired))
		} else {
			others = append(others, name+" = "+shownValue(members[name], maxOptional))
		}
	}
	if all := append(required, others...); len(all) > 0 {
		return " with " + strings.Join(all, ", ")
	}
	return ""
}

// shownValue shows a value: text in quotes, all else as JSON, without the escapes that it was sent with.
func shownValue(raw json.RawMessage, limit int) string {
	if typeOf(raw) == "string" {
		return shown(unquote(raw), limit, `"`)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) == nil { // always: the arguments have been checked
		raw = marshal(value)
	}
	return shown(string(raw), limit, "")
}

// shown shows text, in quotes if quote is given, so that nothing in it is invisible or reorders what
// stands around it. It is cut after limit characters; then its length follows.
func shown(text string, limit int, quote string) string {
	var b strings.Builder
	b.WriteString(quote)
	n := 0
	for _, r := range text {
		if n++; n > limit {
			continue
		}
		switch {
		case quote != "" && (r == '"' || r == '\\'):
			b.WriteByte('\\')
			b.WriteRune(r)
		case hidden(r):
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	if n > limit {
		return b.String() + "…" + quote + fmt.Sprintf(" (%d characters)", n)
	}
	return b.String() + quote
}

// blanks are characters that count as letters or marks and yet show nothing. Never modified.
var blanks = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x034F, Hi: 0x034F, Stride: 1}, {Lo: 0x115F, Hi: 0x1160, Stride: 1}, {Lo: 0x17B4, Hi: 0x17B5, Stride: 1}, {Lo: 0x180B, Hi: 0x180F, Stride: 1},
	{Lo: 0x2065, Hi: 0x2065, Stride: 1},
	{Lo: 0x2800, Hi: 0x2800, Stride: 1}, {Lo: 0x3164, Hi: 0x3164, Stride: 1}, {Lo: 0xFE00, Hi: 0xFE0F, Stride: 1},
	{Lo: 0xFFA0, Hi: 0xFFA0, Stride: 1}, {Lo: 0xFFF0, Hi: 0xFFF8, Stride: 1},
}, R32: []unicode.Range32{{Lo: 0xE0100, Hi: 0xE01EF, Stride: 1}}}

// hidden reports whether r cannot be seen: control and format characters, and spaces but the plain one.
func hidden(r rune) bool { return !strconv.IsPrint(r) || unicode.Is(blanks, r) }
