package tool

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// toCSV writes rows as RFC 4180, if there are any, all are objects without nested values, and the
// table has at most limit bytes: one of rows that share no names is mostly commas. The line of names is every
// name in the order of first appearance, as header writes it; numbers stay as they are written, null and absent are empty.
// Texts that a spreadsheet would run are kept from it, see [guarded]; structured content has them verbatim.
func toCSV(rows []json.RawMessage, limit int, header func(string) string) (string, bool) {
	t := table{column: map[string]int{}}
	for i, row := range rows {
		if !t.add(i, row) || len(t.names)*len(rows) > limit {
			return "", false
		}
	}
	if len(t.names) == 0 {
		return "", false
	}
	out := make([]byte, 0, limit)
	for i, name := range t.names {
		out = appendCell(separate(out, i), []byte(guarded(header(name))))
	}
	out = append(out, '\n')
	line, from := make([][]byte, len(t.names)), 0
	for i := range rows {
		clear(line)
		for ; from < len(t.cells) && t.cells[from].row == i; from++ {
			line[t.cells[from].column] = t.cells[from].raw
		}
		if out = t.appendLine(out, line); len(out) > limit {
			return "", false
		}
	}
	return string(out), true
}

// A table is what rows hold, before it is written.
type table struct {
	names   []string
	column  map[string]int // by name
	cells   []cell         // in the order of the rows
	scratch []byte
}

type cell struct {
	row, column int
	raw         []byte // JSON, no object or array
}

// add takes the members of a flat object; false for anything else.
func (t *table) add(i int, row json.RawMessage) bool {
	if row = bytes.TrimSpace(row); len(row) == 0 || row[0] != '{' {
		return false
	}
	for at := spaceEnd(row, 1); row[at] != '}'; at = spaceEnd(row, at) {
		if row[at] == ',' {
			at++
			continue
		}
		nameEnd := stringEnd(row, at)
		column := t.named(row[at:nameEnd], len(t.cells))
		at = spaceEnd(row, spaceEnd(row, nameEnd)+len(":"))
		if row[at] == '{' || row[at] == '[' {
			return false
		}
		end := valueEnd(row, at)
		t.cells = append(t.cells, cell{i, column, row[at:end]})
		at = end
	}
	return true
}

// named returns the column of the name with the given literal. Rows that are alike have their names in the same order, so that the
// column behind that of the cell before is tried first.
func (t *table) named(literal []byte, cells int) int {
	if cells > 0 && bytes.IndexByte(literal, '\\') < 0 {
		next := t.cells[cells-1].column + 1
		if next == len(t.names) {
			next = 0
		}
		if t.names[next] == string(literal[1:len(literal)-1]) {
			return next
		}
	}
	name := unquote(literal)
	column, known := t.column[name]
	if !known {
		column = len(t.names)
		t.column[name] = column
		t.names = append(t.names, name)
	}
	return column
}

func separate(out []byte, column int) []byte {
	if column > 0 {
		out = append(out, ',')
	}
	return out
}

// appendLine writes one row.
func (t *table) appendLine(out []byte, line [][]byte) []byte {
	start := len(out)
	for i, raw := range line {
		out = separate(out, i)
		switch {
		case len(raw) == 0 || raw[0] == 'n':
		case raw[0] != '"':
			out = append(out, raw...)
		default:
			inner := raw[1 : len(raw)-1]
			if bytes.IndexByte(inner, '\\') >= 0 {
				t.scratch = appendUnquoted(t.scratch[:0], inner)
				inner = t.scratch
			}
			if mayRun(inner) {
				inner = []byte(guarded(string(inner)))
			}
			out = appendCell(out, inner)
		}
	}
	if len(out) == start { // an empty line would be no row
		out = append(out, '"', '"')
	}
	return append(out, '\n')
}

// appendCell writes a text, in quotes where RFC 4180 or a spreadsheet with another separator needs them.
func appendCell(out, text []byte) []byte {
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	if !bytes.ContainsAny(text, "\",;\t\r\n|") && (len(text) == 0 || text[0] != ' ') {
		return append(out, text...)
	}
	out = append(out, '"')
	for _, c := range text {
		if c == '"' {
			out = append(out, '"')
		}
		out = append(out, c)
	}
	return append(out, '"')
}

// mayRun reports whether guarded could change text.
func mayRun(text []byte) bool {
	const wide = 0xEF // begins the wide forms in UTF-8
	return bytes.ContainsAny(text, "=+@-\t\r") || bytes.IndexByte(text, wide) >= 0
}

// guarded returns the text of a cell so that no spreadsheet runs it: an apostrophe comes before a text that begins with = + - @, their
// wide forms, a tab or a carriage return, unless the text is a number in any usual form, such as -5 or +49 (89) 123. A spreadsheet with another
// separator, or that ends a cell at a quote, sees cells where this one has none: behind a separator, a quote or a line end, = and
// @ get an apostrophe too, and + and - where the rest could call something.
func guarded(text string) string {
	var b strings.Builder
	// How far something stands that could be called, and a letter: looked up once, since every cell of a text asks.
	callable := min(strings.LastIndexAny(text, "(|!"), strings.LastIndexFunc(text, isLetter))
	copied, start, first := 0, true, true
	for i, r := range text {
		switch {
		case start && runs(text[i:], r, first, i <= callable):
			b.WriteString(text[copied:i])
			b.WriteByte('\'')
			copied, start = i, r == '\t' || r == '\r'
		case strings.ContainsRune(",;|\t\r\n\"", r):
			start = true
		case r != ' ':
			start = false
		}
		first = first && r == ' '
	}
	return b.String() + text[copied:]
}

// runs reports whether a spreadsheet takes what begins a cell for a formula; first tells that it begins the whole text, calls that a
// call could follow.
func runs(rest string, r rune, first, calls bool) bool {
	switch r {
	case '=', '@', '\uFF1D', '\uFF20':
		return true
	case '\t', '\r':
		return first
	case '+', '-', '\uFF0B', '\uFF0D':
		return first && strings.Trim(rest, "0123456789+-.,:/()% ") != "" || calls
	}
	return false
}

func isLetter(r rune) bool { return r >= utf8.RuneSelf || letter(byte(r)) }
