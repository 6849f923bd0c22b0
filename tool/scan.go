package tool

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
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
	case !json.Valid(raw):
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
		for s.i < len(s.raw) && !strings.ContainsRune(",]} \t\r\n", rune(s.raw[s.i])) {
			s.i++
		}
	}
}

// container walks over an object or array; each reads one member or element.
func (s *scanner) container(end byte, each func()) {
	if len(s.path) >= maxNesting {
		s.tooDeep = true
		return
	}
	s.i++
	for s.space(); !s.tooDeep && s.raw[s.i] != end; s.space() {
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
		name := s.text()
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

// text reads a string, unescaped. Half a surrogate pair is refused: Go reads every such half as
// U+FFFD, so that two different strings would look the same to a confirmation.
func (s *scanner) text() string {
	start := s.i
	s.i = stringEnd(s.raw, s.i)
	literal := s.raw[start:s.i]
	if !slices.Contains(literal, '\\') {
		return string(literal[1 : len(literal)-1])
	}
	var text string
	_ = json.Unmarshal(literal, &text) // valid, as part of valid JSON
	if strings.ContainsRune(text, utf8.RuneError) && halfPair.Match(wholePair.ReplaceAll(literal, nil)) {
		s.problems = append(s.problems, strings.Join(s.path, ".")+": holds half a surrogate pair (such as \\ud800)")
	}
	return text
}

var (
	wholePair = regexp.MustCompile(`(?i)\\ud[89ab]..\\ud[c-f]..`)
	halfPair  = regexp.MustCompile(`(?i)\\ud[89a-f]`)
)

func (s *scanner) space() {
	for s.i < len(s.raw) && strings.ContainsRune(" \t\r\n", rune(s.raw[s.i])) {
		s.i++
	}
}

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
