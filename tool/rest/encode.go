package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
)

// encodeObject writes the members in the order of their names, their values byte for byte.
func encodeObject(object map[string]json.RawMessage) json.RawMessage {
	size := 2
	for name, value := range object {
		size += len(name) + len(value) + 4
	}
	out := append(make([]byte, 0, size), '{')
	for i, name := range slices.Sorted(maps.Keys(object)) {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendString(out, name), ':')
		out = append(out, orNull(object[name])...)
	}
	return append(out, '}')
}

// encodeList writes the items, byte for byte.
func encodeList(items []json.RawMessage) json.RawMessage {
	out := []byte{'['}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, orNull(item)...)
	}
	return append(out, ']')
}

func orNull(value json.RawMessage) json.RawMessage {
	if len(value) == 0 {
		return json.RawMessage("null")
	}
	return value
}

// quote returns s as a JSON string.
func quote(s string) json.RawMessage { return appendString(nil, s) }

// appendString appends s as a JSON string without the HTML escapes of encoding/json.
func appendString(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			_ = enc.Encode(s) // a string always encodes
			return append(out, bytes.TrimRight(b.Bytes(), "\n")...)
		}
	}
	return append(append(append(out, '"'), s...), '"')
}

// decodeObject decodes a JSON object one level deep.
func decodeObject(raw json.RawMessage) (map[string]json.RawMessage, error) {
	if first(raw) != '{' {
		return nil, errors.New("not a JSON object")
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, err
	}
	return object, nil
}

// first returns the first byte of a JSON value, which tells its kind; 0 when there is none.
func first(raw json.RawMessage) byte {
	if raw = bytes.TrimLeft(raw, " \t\r\n"); len(raw) > 0 {
		return raw[0]
	}
	return 0
}

// plainText returns the text of a JSON string, number or boolean: digits exact, true and false in
// lower case. ok is false for everything else.
func plainText(raw json.RawMessage) (text string, ok bool) {
	switch c := first(raw); {
	case c == '"':
		err := json.Unmarshal(raw, &text)
		return text, err == nil
	case c == 't' || c == 'f' || c == '-' || c >= '0' && c <= '9':
		return string(bytes.TrimSpace(raw)), true
	}
	return "", false
}

// isEmpty reports whether raw is an empty string, list or object, or zero.
func isEmpty(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	switch first(raw) {
	case '"':
		return len(raw) == 2
	case '[', '{':
		return len(bytes.TrimSpace(raw[1:len(raw)-1])) == 0
	case 't', 'f':
		return false
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	return err == nil && n == 0
}
