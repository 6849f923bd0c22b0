package tool

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
)

// toCSV writes rows as RFC 4180, if there are any, all are objects without nested values, and the
// table has at most limit bytes: one of rows that share no names is mostly commas. The header is every
// name in the order of first appearance; numbers stay as they are written, null and absent are empty.
// Cells are not escaped for spreadsheets (a leading = stays): the reader is a model, and a changed cell
// would be a wrong one.
func toCSV(rows []json.RawMessage, limit int) (string, bool) {
	if len(rows) == 0 {
		return "", false
	}
	var header []string
	column := map[string]int{}
	table, commas := make([][]string, len(rows)), 0
	for i, row := range rows {
		cells, ok := flatCells(row)
		if !ok {
			return "", false
		}
		for _, cell := range cells {
			j, known := column[cell.name]
			if !known {
				j = len(header)
				column[cell.name] = j
				header = append(header, cell.name)
			}
			for len(table[i]) <= j {
				table[i] = append(table[i], "")
			}
			table[i][j] = cell.text
		}
		if commas += len(table[i]); commas > limit {
			return "", false
		}
	}
	if len(header) == 0 || len(header)*len(rows) > limit {
		return "", false
	}
	text := writeTable(header, table)
	return text, len(text) <= limit
}

type cell struct{ name, text string }

// flatCells returns the members of a flat object in their order; false for anything else.
func flatCells(row json.RawMessage) ([]cell, bool) {
	dec := json.NewDecoder(bytes.NewReader(row))
	dec.UseNumber()
	if token, err := dec.Token(); err != nil || token != json.Delim('{') {
		return nil, false
	}
	var cells []cell
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, false
		}
		value, err := dec.Token()
		if err != nil {
			return nil, false
		}
		c := cell{name: name.(string)}
		switch v := value.(type) {
		case json.Delim:
			return nil, false
		case string:
			c.text = v
		case json.Number:
			c.text = v.String()
		case bool:
			c.text = map[bool]string{true: "true", false: "false"}[v]
		}
		cells = append(cells, c)
	}
	return cells, true
}

func writeTable(header []string, table [][]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(header) // a strings.Builder never fails
	for _, line := range table {
		for len(line) < len(header) {
			line = append(line, "")
		}
		_ = w.Write(line)
	}
	w.Flush()
	return b.String()
}
