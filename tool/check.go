package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A checker compares values with shapes and collects every problem, until it is full.
type checker struct{ problems []string }

// full reports whether there are more problems than anybody is told: a megabyte holds so many that
// putting them into words would be an attack.
func (c *checker) full() bool { return len(c.problems) > maxProblems }

func (c *checker) fail(at *place, format string, args ...any) {
	c.problems = append(c.problems, at.String()+": "+fmt.Sprintf(format, args...))
}

// A place is where a value stands in the arguments; nil is the outermost object. It becomes text
// only when there is a problem.
type place struct {
	outer   *place
	name    string // of a member
	element bool   // of an array, at index
	index   int
}

func (p *place) String() string {
	switch {
	case p == nil:
		return ""
	case p.element:
		return p.outer.String() + "[" + strconv.Itoa(p.index) + "]"
	}
	return join(p.outer.String(), clip(p.name))
}

// value checks raw, which is valid JSON, against s. The result is raw itself, or its equal after
// normalisation: integers as plain digits, null members left out, defaults filled in.
func (c *checker) value(s *shape, raw json.RawMessage, at *place) json.RawMessage {
	raw = bytes.TrimSpace(raw)
	switch s.kind {
	case kindAny:
		return raw
	case kindInteger, kindNumber:
		return c.number(s, raw, at)
	}
	if got := typeOf(raw); got != s.kind.String() {
		c.wrongType(s, got, raw, at)
		return raw
	}
	switch s.kind {
	case kindString:
		c.text(s, raw, at)
	case kindArray:
		return c.array(s, raw, at)
	case kindMap:
		return c.mapping(s, raw, at)
	case kindObject:
		return c.object(s, raw, at)
	}
	return raw
}

func (c *checker) text(s *shape, raw json.RawMessage, at *place) {
	if !s.full && s.enum == nil && s.pattern == nil {
		return
	}
	text := unquote(raw)
	switch {
	case s.full && text == "":
		c.fail(at, "must not be empty")
	case s.enum != nil && !slices.Contains(s.enum, text):
		c.fail(at, "must be one of %s%s", strings.Join(s.enum, ", "), didYouMean(text, s.enum))
	case s.pattern != nil && !s.pattern.MatchString(text):
		c.fail(at, "must match the pattern %s", s.pattern)
	}
}

func (c *checker) array(s *shape, raw json.RawMessage, at *place) json.RawMessage {
	var values []json.RawMessage
	changed := false
	for item := range each(raw) {
		if c.full() {
			break
		}
		value := c.value(s.elem, item.value, &place{outer: at, element: true, index: len(values)})
		changed = changed || !bytes.Equal(item.value, value)
		values = append(values, value)
	}
	if s.full && len(values) == 0 {
		c.fail(at, "must not be empty")
	}
	if !changed {
		return raw
	}
	return joinArray(values)
}

func (c *checker) mapping(s *shape, raw json.RawMessage, at *place) json.RawMessage {
	var items []part
	changed := false
	for item := range each(raw) {
		if c.full() || s.elem.kind == kindAny && len(items) > 0 {
			break
		}
		value := c.value(s.elem, item.value, &place{outer: at, name: item.name})
		changed = changed || !bytes.Equal(item.value, value)
		items = append(items, part{item.name, value})
	}
	if s.full && len(items) == 0 {
		c.fail(at, "must not be empty")
	}
	if !changed {
		return raw
	}
	return joinObject(membersOf(items))
}

func (c *checker) object(s *shape, raw json.RawMessage, at *place) json.RawMessage {
	members := membersOf(parts(raw))
	if !c.members(s, members, at) {
		return raw
	}
	return joinObject(members)
}

// members checks the members of an object and normalises them in place; it reports whether any changed.
func (c *checker) members(s *shape, members map[string]json.RawMessage, at *place) bool {
	c.strangers(s, members, at)
	changed := false
	for i := range s.fields {
		f := &s.fields[i]
		raw, sent := members[f.name]
		if sent && string(bytes.TrimSpace(raw)) == "null" {
			delete(members, f.name)
			sent, changed = false, true
		}
		switch {
		case sent:
			members[f.name] = c.value(f.shape, raw, &place{outer: at, name: f.name})
			changed = changed || !bytes.Equal(raw, members[f.name])
		case f.required:
			c.fail(&place{outer: at, name: f.name}, "is missing; %s", f.doc)
		case f.preset != nil:
			members[f.name] = f.preset
			changed = true
		}
	}
	return changed
}

// strangers reports the members that s does not have.
func (c *checker) strangers(s *shape, members map[string]json.RawMessage, at *place) {
	var unknown []string
	for name := range members {
		if !s.has(name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown[:min(len(unknown), maxProblems+1)] {
		c.unknown(s, &place{outer: at, name: name})
	}
}

func (c *checker) unknown(s *shape, at *place) {
	var names []string
	for _, f := range s.fields {
		if !f.hidden {
			names = append(names, f.name)
		}
	}
	if len(names) == 0 {
		c.fail(at, "there is no such argument; this takes none")
		return
	}
	c.fail(at, "there is no such argument%s; the valid ones are %s", didYouMean(at.name, names), strings.Join(names, ", "))
}
