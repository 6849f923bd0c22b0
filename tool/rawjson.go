package tool

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// quote returns s as a JSON string.
func quote(s string) json.RawMessage {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return marshal(s)
		}
	}
	literal := make([]byte, 0, len(s)+len(`""`))
	return append(append(append(literal, '"'), s...), '"')
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

func membersOf(raw json.RawMessage) (map[string]json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	err := json.Unmarshal(raw, &members)
	return members, err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

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
	var b bytes.Buffer
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
