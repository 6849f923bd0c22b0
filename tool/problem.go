package tool

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/org/zscalermcp/internal/spelling"
)

// maxClip is how many bytes of a caller's name or number an error repeats.
const maxClip = 64

// clip shortens what came from outside, for error texts.
func clip(s string) string { return clipTo(s, maxClip) }

func clipTo(s string, limit int) string {
	s = plain(s)
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// typeOf returns the JSON type of valid JSON.
func typeOf(raw json.RawMessage) string {
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

// wrongType says what came and what is wanted. Values are not repeated, since one may be a secret, but
// for an integer that only lacks its quotes: ids come like that out of the services' answers.
func (c *checker) wrongType(s *shape, got string, raw json.RawMessage, at *place) {
	if got == "number" && s.takesDigits(raw) {
		c.fail(at, "must be a string; got a number: send %s", quote(string(raw)))
		return
	}
	hint := ""
	var text string
	if got == "string" && json.Unmarshal(raw, &text) == nil {
		inner := json.RawMessage(bytes.TrimSpace([]byte(text)))
		if json.Valid(inner) && fits(s.kind, typeOf(inner)) {
			hint = "; send the value itself, not JSON inside a string"
		}
	}
	c.fail(at, "must be %s, such as %s; got %s%s", article(s.kind.String()), s.example(), article(got), hint)
}

// plainInteger matches an integer as people write it, with all digits that an id can have.
var plainInteger = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,39})$`)

// takesDigits reports whether the digits of raw would be accepted in quotes.
func (s *shape) takesDigits(raw json.RawMessage) bool {
	return s.kind == kindString && s.enum == nil && plainInteger.Match(raw) && (s.pattern == nil || s.pattern.Match(raw))
}

func fits(k kind, jsonType string) bool {
	return k.String() == jsonType || k == kindInteger && jsonType == "number"
}

func article(noun string) string {
	switch noun[0] {
	case 'a', 'i', 'o':
		return "an " + noun
	}
	if noun == "null" || noun == "nothing" {
		return noun
	}
	return "a " + noun
}

// example returns a value that s accepts, but for a pattern, which nothing is made up for.
func (s *shape) example() string {
	switch s.kind {
	case kindString:
		if s.enum != nil {
			return string(quote(s.enum[0]))
		}
		return `"text"`
	case kindBool:
		return "true"
	case kindInteger, kindNumber:
		return s.exampleNumber()
	case kindArray:
		return "[" + s.elem.example() + "]"
	case kindAny:
		return `"text"`
	}
	return s.exampleObject()
}

func (s *shape) exampleNumber() string {
	switch {
	case s.enum != nil:
		return s.enum[0]
	case s.low != nil:
		return s.low.text
	case s.high != nil:
		return s.high.text
	}
	return "10"
}

func (s *shape) exampleObject() string {
	if s.kind == kindMap {
		return `{"name": ` + s.elem.example() + `}`
	}
	var members []string
	for _, f := range s.fields {
		if f.required {
			members = append(members, string(quote(f.name))+": "+f.shape.example())
		}
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// didYouMean returns a suggestion, or "".
func didYouMean(name string, names []string) string {
	if near := nearest(name, names); len(near) > 0 {
		return "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return ""
}

// nearest returns up to three of names that are close to name, the closest first.
func nearest(name string, names []string) []string {
	type match struct {
		name     string
		distance int
	}
	var found []match
	if len(name) > maxClip {
		return nil
	}
	limit := max(2, len(name)/3)
	for _, candidate := range names {
		d := spelling.Distance(strings.ToLower(name), strings.ToLower(candidate))
		if d <= limit || len(name) > 3 && strings.Contains(candidate, name) {
			found = append(found, match{candidate, d})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return a.distance - b.distance })
	var near []string
	for _, m := range found[:min(3, len(found))] {
		near = append(near, m.name)
	}
	return near
}
