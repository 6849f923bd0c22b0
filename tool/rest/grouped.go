package rest

import (
	"encoding/json"
	"maps"
	"slices"
)

// Grouped is an [Option] for a list whose answer may also be one object, which holds a value for each
// group. Every member of that object then becomes a row {name: the group, value: what it holds}, in the
// order of the groups; what a group holds stays byte for byte.
func Grouped(name, value string) Option {
	return func(e *endpoint) { e.list, e.group = true, [2]string{name, value} }
}

// groups returns the rows of an answer that is an object of groups; ok is false for any other answer.
func (e *endpoint) groups(body json.RawMessage) (rows []json.RawMessage, ok bool) {
	if e.group[0] == "" {
		return nil, false
	}
	object, err := decodeObject(body)
	if err != nil {
		return nil, false
	}
	for _, group := range slices.Sorted(maps.Keys(object)) {
		rows = append(rows, encodeObject(map[string]json.RawMessage{e.group[0]: quote(group), e.group[1]: object[group]}))
	}
	return rows, true
}
