package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A checker compares values with shapes and collects every problem.
type checker struct{ problems []string }

func (c *checker) fail(path, format string, args ...any) {
	c.problems = append(c.problems, path+": "+fmt.Sprintf(format, args...))
}

// value checks raw, which is valid JSON, against s. The result is raw itself, or its equal after
// normalisation: integers as plain digits, null members left out, defaults filled in.
func (c *checker) value(s *shape, raw json.RawMessage, path string) json.RawMessage {
	raw = bytes.TrimSpace(raw)
	switch s.kind {
	case kindAny:
		return raw
	case kindInteger, kindNumber:
		return c.number(s, raw, path)
	}
	if got := typeOf(raw); got != s.kind.String() {
		c.wrongType(s, got, raw, path)
		return raw
	}
	switch s.kind {
	case kindString:
		c.text(s, raw, path)
	case kindArray:
		return c.array(s, raw, path)
	case kindMap:
		return c.mapping(s, raw, path)
	case kindObject:
		return c.object(s, raw, path)
	}
	return raw
}

func (c *checker) text(s *shape, raw json.RawMessage, path string) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		c.fail(path, "is not a readable string")
		return
	}
	switch {
	case s.full && text == "":
		c.fail(path, "must not be empty")
	case s.enum != nil && !slices.Contains(s.enum, text):
		c.fail(path, "must be one of %s%s", strings.Join(s.enum, ", "), didYouMean(text, s.enum))
	case s.pattern != nil && !s.pattern.MatchString(text):
		c.fail(path, "must match the pattern %s", s.pattern)
	}
}

func (c *checker) array(s *shape, raw json.RawMessage, path string) json.RawMessage {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		c.fail(path, "is not a readable array")
		return raw
	}
	if s.full && len(items) == 0 {
		c.fail(path, "must not be empty")
	}
	changed := false
	for i, item := range items {
		items[i] = c.value(s.elem, item, fmt.Sprintf("%s[%d]", path, i))
		changed = changed || !bytes.Equal(item, items[i])
	}
	if !changed {
		return raw
	}
	return joinArray(items)
}

func (c *checker) mapping(s *shape, raw json.RawMessage, path string) json.RawMessage {
	members, err := membersOf(raw)
	if err != nil {
		c.fail(path, "is not a readable object")
		return raw
	}
	if s.full && len(members) == 0 {
		c.fail(path, "must not be empty")
	}
	if s.elem.kind == kindAny {
		return raw
	}
	changed := false
	for _, name := range sortedKeys(members) {
		item := c.value(s.elem, members[name], join(path, clip(name)))
		changed = changed || !bytes.Equal(item, members[name])
		members[name] = item
	}
	if !changed {
		return raw
	}
	return joinObject(members)
}

func (c *checker) object(s *shape, raw json.RawMessage, path string) json.RawMessage {
	members, err := membersOf(raw)
	if err != nil {
		c.fail(path, "is not a readable object")
		return raw
	}
	if !c.members(s, members, path) {
		return raw
	}
	return joinObject(members)
}

// members checks the members of an object and normalises them in place; it reports whether any changed.
func (c *checker) members(s *shape, members map[string]json.RawMessage, path string) bool {
	changed := false
	for _, name := range sortedKeys(members) {
		if _, ok := s.field(name); !ok {
			c.unknown(s, name, path)
		}
	}
	for _, f := range s.fields {
		raw, sent := members[f.name]
		if sent && string(bytes.TrimSpace(raw)) == "null" {
			delete(members, f.name)
			sent, changed = false, true
		}
		switch {
		case sent:
			members[f.name] = c.value(f.shape, raw, join(path, f.name))
			changed = changed || !bytes.Equal(raw, members[f.name])
		case f.required:
			c.fail(join(path, f.name), "is missing; %s", f.doc)
		case f.preset != nil:
			members[f.name] = f.preset
			changed = true
		}
	}
	return changed
}

func (c *checker) unknown(s *shape, name, path string) {
	var names []string
	for _, f := range s.fields {
		if !f.hidden {
			names = append(names, f.name)
		}
	}
	if len(names) == 0 {
		c.fail(join(path, clip(name)), "there is no such argument; this takes none")
		return
	}
	c.fail(join(path, clip(name)), "there is no such argument%s; the valid ones are %s", didYouMean(name, names), strings.Join(names, ", "))
}
