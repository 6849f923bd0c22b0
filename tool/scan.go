package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scan splits an object into its members, and finds what makes JSON ambiguous or dangerous before it
// is looked at: size, bytes that are not UTF-8, nesting, names that occur twice in an object. The
// members are part of raw.
func scan(raw json.RawMessage) (members map[string]json.RawMessage, problems []string) {
	switch {
	case len(raw) > maxArgumentBytes:
		return nil, []string{fmt.Sprintf("the arguments are larger than %d bytes", maxArgumentBytes)}
	case !utf8.Valid(raw):
		return nil, []string{"the arguments are not valid UTF-8"}
	case !valid(raw):
		return nil, []string{"the arguments are not valid JSON"}
	case raw[0] != '{':
		return nil, []string{"the arguments must be a JSON object; got " + article(typeOf(raw))}
	}
	s := scanner{raw: raw, members: map[string]json.RawMessage{}}
	s.value()
	if s.tooDeep {
		return nil, []string{fmt.Sprintf("the arguments nest more than %d deep", maxNesting)}
	}
	return s.members, s.problems
}

// A scanner walks over valid JSON.
type scanner struct {
	raw      []byte
	i        int
	members  map[string]json.RawMessage // of the outermost object
	path     []string                   // names on the way to here; "[]" for an element
	problems []string
	tooDeep  bool
}

// value walks over one value, and stops at the first that is too deep.
func (s *scanner) value() {
	s.space()
	switch s.raw[s.i] {
	case '{':
		s.container('}', s.objectMember())
	case '[':
		s.container(']', func() { s.inside("[]") })
	case '"':
		s.text()
	default:
		s.i = valueEnd(s.raw, s.i)
	}
}

// container walks over an object or array; each reads one member or element.
func (s *scanner) container(end byte, each func()) {
	if len(s.path) >= maxNesting {
		s.tooDeep = true
		return
	}
	s.i++
	for s.space(); !s.tooDeep && len(s.problems) <= maxProblems && s.raw[s.i] != end; s.space() {
		if s.raw[s.i] == ',' {
			s.i++
			continue
		}
		each()
	}
	s.i++
}

// objectMember returns the reader for the members of one object, which remembers their names.
func (s *scanner) objectMember() func() {
	var seen nameSet
	return func() {
		name := unquote(s.text())
		if !seen.add(name) {
			s.problems = append(s.problems, strings.Join(append(s.path, clip(name)), ".")+": is there twice")
		}
		s.space()
		s.i++ // the colon
		s.space()
		start := s.i
		s.inside(name)
		if len(s.path) == 0 {
			s.members[name] = s.raw[start:s.i:s.i]
		}
	}
}

func (s *scanner) inside(name string) {
	s.path = append(s.path, clip(name))
	s.value()
	s.path = s.path[:len(s.path)-1]
}

// text reads a string literal. Half a surrogate pair is refused: Go reads every such half as
// U+FFFD, so that two different strings would look the same to a confirmation.
func (s *scanner) text() []byte {
	start := s.i
	s.i = stringEnd(s.raw, s.i)
	literal := s.raw[start:s.i]
	if bytes.IndexByte(literal, '\\') < 0 {
		return literal
	}
	if halfPair(literal) {
		s.problems = append(s.problems, strings.Join(s.path, ".")+": holds half a surrogate pair (such as \\ud800)")
	}
	return literal
}

// halfPair reports whether a string literal of valid JSON escapes a surrogate without the other one.
func halfPair(literal []byte) bool {
	for i := 0; i < len(literal); {
		switch n := escapeLength(literal[i:]); {
		case literal[i] != '\\':
			i++
		case n < len(`\u0000`) || !utf16.IsSurrogate(escaped(literal[i:])):
			i += n
		default:
			low := literal[i+n:]
			if len(low) < n || low[0] != '\\' || low[1] != 'u' || utf16.DecodeRune(escaped(literal[i:]), escaped(low)) == utf8.RuneError {
				return true
			}
			i += 2 * n
		}
	}
	return false
}

// escaped returns the code unit that b, which begins with an escape such as \u0041, stands for.
func escaped(b []byte) rune {
	unit, _ := strconv.ParseUint(string(b[2:6]), 16, 16) // four hexadecimal digits, as the JSON is valid
	return rune(unit)
}

func (s *scanner) space() { s.i = spaceEnd(s.raw, s.i) }

// A nameSet is a set of strings that is cheap while it is small.
type nameSet struct {
	few  []string
	many map[string]bool
}

const fewNames = 16

// add reports whether name is new.
func (n *nameSet) add(name string) bool {
	if n.many[name] || slices.Contains(n.few, name) {
		return false
	}
	if n.few == nil {
		n.few = make([]string, 0, fewNames/2)
	}
	if len(n.few) < fewNames {
		n.few = append(n.few, name)
		return true
	}
	if n.many == nil {
		n.many = map[string]bool{}
	}
	n.many[name] = true
	return true
}
