package rest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/org/zscalermcp/zscaler"
)

// A memberPath is a dotted wire path such as parent.name, or serverGroups[].id where every element of
// a list is wrapped into an object.
type memberPath struct {
	names []string // members from the root to the value
	each  []string // members inside each element of the list; nil: no list
}

// parseMember parses a dotted wire path.
func parseMember(text string) (memberPath, error) {
	before, after, list := strings.Cut(text, "[].")
	path := memberPath{names: strings.Split(before, ".")}
	if list {
		path.each = strings.Split(after, ".")
	}
	for _, name := range slices.Concat(path.names, path.each) {
		if name == "" || strings.ContainsAny(name, "[]*$ ") {
			return path, fmt.Errorf("%q is not a member path: want names between dots, [] before the last part at most", text)
		}
	}
	return path, nil
}

// reference reports whether the path ends in the id of an object that another object points to.
func (p memberPath) reference() bool {
	if p.each != nil {
		return p.each[len(p.each)-1] == "id"
	}
	return len(p.names) > 1 && p.names[len(p.names)-1] == "id"
}

// A write is a value on its way into a body or the variables of a GraphQL query.
type write struct {
	kind  string // inBody or inVar
	names []string
	value json.RawMessage
	weak  bool   // from an unset tag: gives way to what an updated object has
	fixed bool   // a constant of the declaration
	arg   string // that the caller gave it by, "" for none
}

// shape turns the value of an argument into the write that the path asks for. References become
// integers where the service numbers its objects, and strings in ZPA; digits stay exact.
func (p memberPath) shape(service zscaler.Service, value json.RawMessage) (write, error) {
	if p.each == nil {
		if p.reference() {
			value = wireID(service, value)
		}
		return write{names: p.names, value: value}, nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(value, &items); err != nil {
		return write{}, fmt.Errorf("must be a list")
	}
	for i, item := range items {
		items[i] = p.wrap(service, item)
	}
	return write{names: p.names, value: encodeList(items)}, nil
}

// wrap makes {"id": item} of a list element; objects are taken as wrapped already.
func (p memberPath) wrap(service zscaler.Service, item json.RawMessage) json.RawMessage {
	if first(item) == '{' {
		return item
	}
	if p.reference() {
		item = wireID(service, item)
	}
	for _, name := range slices.Backward(p.each) {
		out := append(make([]byte, 0, len(name)+len(item)+6), '{')
		out = append(appendString(out, name), ':')
		item = append(append(out, item...), '}')
	}
	return item
}

// setMember stores value under the path names of object, making the objects between.
func setMember(object map[string]json.RawMessage, names []string, value json.RawMessage) error {
	if len(names) == 1 {
		object[names[0]] = value
		return nil
	}
	inner := map[string]json.RawMessage{}
	if raw, ok := object[names[0]]; ok && !absent(raw) {
		if err := json.Unmarshal(raw, &inner); err != nil {
			return fmt.Errorf("member %q is not an object", names[0])
		}
	}
	if err := setMember(inner, names[1:], value); err != nil {
		return err
	}
	object[names[0]] = encodeObject(inner)
	return nil
}

// hasMember reports whether object has a value under the path names.
func hasMember(object map[string]json.RawMessage, names []string) bool {
	raw, ok := object[names[0]]
	if !ok || len(names) == 1 {
		return ok
	}
	inner, err := decodeObject(raw)
	return err == nil && hasMember(inner, names[1:])
}
