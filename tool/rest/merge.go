package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// merge appends a write for each member of the object that arg, one of body=*, holds, under its wire name.
func (c *call) merge(writes []write, arg string, value json.RawMessage) ([]write, error) {
	object, err := decodeObject(value)
	if err != nil {
		return writes, errors.New("must be an object")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		member := object[name]
		if !snakeOnWire(c.service) {
			name = Camel(name)
			if member, err = camelKeys(member); err != nil {
				return writes, err
			}
		}
		if err := c.mergeable(name); err != nil {
			return writes, err
		}
		if i := slices.IndexFunc(writes, func(w write) bool { return w.names[0] == name }); i >= 0 && !sameJSON(writes[i].value, member) {
			return writes, givenTwice(name)
		}
		writes = append(writes, write{kind: inBody, names: []string{name}, value: member, arg: arg})
	}
	return writes, nil
}

// givenTwice is the error of two spellings of one member, such as domain_names and domainNames.
func givenTwice(name string) error {
	return fmt.Errorf("member %q is given twice with different values: give it once", name)
}

// mergeable refuses the members that say which object a body is about, and those that the service sets:
// in a merged object they could turn an update to another object than was read. Services differ in
// whether the case of a name counts, so it does not here.
func (c *call) mergeable(name string) error {
	switch {
	case strings.EqualFold(name, microtenant):
		return fmt.Errorf("member %q cannot be set here: %s", name, c.chooseMicrotenant())
	case strings.EqualFold(name, "id"):
		return fmt.Errorf("member %q cannot be set: the object keeps its own", name)
	}
	for member := range owned[c.service].members {
		if strings.EqualFold(name, member) {
			return fmt.Errorf("member %q cannot be set: the service sets it itself", name)
		}
	}
	return nil
}

// chooseMicrotenant says how to name the microtenant instead.
func (c *call) chooseMicrotenant() string {
	for i := range c.args {
		for _, p := range c.args[i].places {
			if p.target == microtenant {
				return fmt.Sprintf("name the microtenant by the argument %q", c.args[i].name)
			}
		}
	}
	return "this tool takes no microtenant"
}

// contradiction finds a member that the caller gave twice with different values: by an argument of its
// own and in a merged object. One of them would be lost without a word. Values that the caller did not
// give, such as defaults, give way.
func (c *call) contradiction(merged []write) error {
	for _, m := range merged {
		for _, w := range c.writes {
			if w.arg == "" || w.kind != inBody || w.names[0] != m.names[0] {
				continue
			}
			if inner, ok := memberAt(m.value, w.names[1:]); !ok || !sameJSON(inner, w.value) {
				return argumentError{m.arg, fmt.Errorf("member %q has another value than the argument %q: give one of them", m.names[0], w.arg)}
			}
		}
	}
	return nil
}

// memberAt returns the value under the path names inside value.
func memberAt(value json.RawMessage, names []string) (json.RawMessage, bool) {
	for _, name := range names {
		object, err := decodeObject(value)
		if err != nil {
			return nil, false
		}
		inner, ok := object[name]
		if !ok {
			return nil, false
		}
		value = inner
	}
	return value, true
}

// sameJSON reports whether two values mean the same; numbers must agree digit for digit.
func sameJSON(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	var values [2]any
	for i, raw := range []json.RawMessage{a, b} {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if dec.Decode(&values[i]) != nil {
			return false
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}

// givenBy returns the name of arg if value, which goes to one of its places, was the caller's choice, and
// "" when it is the declared default, which the engine fills in unseen.
func givenBy(arg *argument, value json.RawMessage) string {
	if arg.preset != nil && sameJSON(arg.preset, value) {
		return ""
	}
	return arg.name
}

// keepID makes the body name the object that was read, whatever the preparation made of it.
func (c *call) keepID() {
	if id, ok := c.Current["id"]; ok && c.Body != nil {
		c.Body["id"] = id
	}
}
