package tool

import (
	"bytes"
	"encoding/json"
	"iter"
	"slices"
)

// quote returns s as a JSON string.
func quote(s string) json.RawMessage { return appendQuoted(make([]byte, 0, len(s)+len(`""`)), s) }

// appendQuoted appends s to b as a JSON string.
func appendQuoted(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, marshal(s)...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// unquote returns what a string literal says; it is valid JSON.
func unquote(literal []byte) string {
	if bytes.IndexByte(literal, '\\') < 0 {
		return string(literal[1 : len(literal)-1])
	}
	var text string
	_ = json.Unmarshal(literal, &text) // valid, as the caller says
	return text
}

// marshal returns v as JSON. It is for strings, numbers and slices of them, which always marshal.
func marshal(v any) json.RawMessage {
	raw, _ := encodeJSON(v)
	return raw
}

// encodeJSON returns v as JSON without HTML escapes.
func encodeJSON(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// A part is a member of an object, or an element of an array, which has no name.
type part struct {
	name  string
	value json.RawMessage
}

// parts returns what an object or array holds, in its order; raw is valid JSON and UTF-8 without
// space around.
func parts(raw json.RawMessage) []part { return slices.Collect(each(raw)) }

// each is parts one by one.
func each(raw json.RawMessage) iter.Seq[part] {
	return func(yield func(part) bool) {
		named := raw[0] == '{'
		for i := 1; ; {
			switch i = spaceEnd(raw, i); raw[i] {
			case '}', ']':
				return
			case ',':
				i++
				continue
			}
			var p part
			if named {
				end := stringEnd(raw, i)
				p.name = unquote(raw[i:end])
				i = spaceEnd(raw, spaceEnd(raw, end)+len(":"))
			}
			end := valueEnd(raw, i)
			p.value = raw[i:end:end]
			if i = end; !yield(p) {
				return
			}
		}
	}
}

func membersOf(object []part) map[string]json.RawMessage {
	members := make(map[string]json.RawMessage, len(object))
	for _, p := range object {
		members[p.name] = p.value
	}
	return members
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func joinArray(items []json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(item)
	}
	b.WriteByte(']')
	return b.Bytes()
}

func joinObject(members map[string]json.RawMessage) json.RawMessage {
	size := len("{}")
	for name, value := range members {
		size += len(name) + len(value) + len(`"":,`)
	}
	var b bytes.Buffer
	b.Grow(size)
	b.WriteByte('{')
	for _, name := range sortedKeys(members) {
		member(&b, name, members[name])
	}
	b.WriteByte('}')
	return b.Bytes()
}

// stringEnd returns where the string literal that starts at raw[i] ends; raw is valid JSON.
func stringEnd(raw []byte, i int) int {
	for i++; raw[i] != '"'; i++ {
		if raw[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// valueEnd returns where the value that starts at raw[i] ends; raw is valid JSON.
func valueEnd(raw []byte, i int) int {
	for depth := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = stringEnd(raw, i) - 1
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// spaceEnd returns where the white space that may start at raw[i] ends.
func spaceEnd(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\t' || raw[i] == '\r' || raw[i] == '\n') {
		i++
	}
	return i
}
