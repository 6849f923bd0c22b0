package zscalertest

import (
	"encoding/json"
	"slices"
	"strings"
)

// A table keeps the objects of one kind in the order in which they were added.
type table struct {
	order []string
	rows  map[string]object
}

func newTable() *table { return &table{rows: map[string]object{}} }

func (t *table) get(id string) (object, bool) {
	o, found := t.rows[id]
	return o, found
}

// put adds or replaces the object with this id.
func (t *table) put(id string, o object) {
	if _, found := t.rows[id]; !found {
		t.order = append(t.order, id)
	}
	t.rows[id] = o
}

func (t *table) remove(id string) {
	delete(t.rows, id)
	t.order = slices.DeleteFunc(t.order, func(have string) bool { return have == id })
}

// list returns the objects that keep accepts, in order. A nil keep accepts all.
func (t *table) list(keep func(object) bool) []object {
	out := []object{}
	for _, id := range t.order {
		if keep == nil || keep(t.rows[id]) {
			out = append(out, t.rows[id])
		}
	}
	return out
}

// named reports whether an object other than the one with id has this value in field, compared without case.
func (t *table) named(field, value, id string) bool {
	for have, o := range t.rows {
		if have != id && strings.EqualFold(str(o[field]), value) {
			return true
		}
	}
	return false
}

// str returns a JSON string or number as text, and "" for anything else.
func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// list returns a JSON array, or nil.
func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// contains reports whether text holds part, without regard to case.
func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// pick copies the fields of o that are present and not null.
func pick(o object, fields ...string) object {
	out := object{}
	for _, f := range fields {
		if v, found := o[f]; found && v != nil {
			out[f] = v
		}
	}
	return out
}

// without copies o without the named fields and without nulls.
func without(o object, fields ...string) object {
	out := object{}
	for k, v := range o {
		if v != nil && !slices.Contains(fields, k) {
			out[k] = v
		}
	}
	return out
}

// window returns the part of rows that starts at from and holds at most size.
func window[T any](rows []T, from, size int) []T {
	from = min(max(from, 0), len(rows))
	return rows[from:min(from+size, len(rows))]
}
