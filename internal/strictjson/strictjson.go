// Package strictjson reads JSON objects that two readers could not read in two ways.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

var (
	ErrNotObject = errors.New("not a JSON object")
	ErrDuplicate = errors.New("a JSON object with a member twice")
	ErrNotText   = errors.New("JSON with text that is not UTF-8")
)

// usualMembers is for how many members space is made ahead: what is sent does not say how much memory is taken.
const usualMembers = 32

// Object returns the members of a JSON object. An object with one member twice is refused, since two readers
// could differ in which of the two counts. Names are compared after unescaping, with regard to case. Text that is not UTF-8 is
// refused (RFC 8259 section 8.1): readers would replace what they cannot read, and make one of two names.
func Object(data []byte) (map[string]json.RawMessage, error) {
	if !json.Valid(data) {
		return nil, ErrNotObject
	}
	return Valid(data)
}

// Valid is Object for data that is known to be valid JSON.
func Valid(data []byte) (map[string]json.RawMessage, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 || data[0] != '{' {
		return nil, ErrNotObject
	}
	if !utf8.Valid(data) {
		return nil, ErrNotText
	}
	members := make(map[string]json.RawMessage, min(bytes.Count(data, []byte{':'}), usualMembers))
	for rest := data[1:]; ; {
		rest = bytes.TrimLeft(rest, ", \t\r\n")
		if rest[0] == '}' {
			return members, nil
		}
		end := valueEnd(rest)
		name, err := Text(rest[:end])
		if err != nil {
			return nil, err
		}
		rest = bytes.TrimLeft(rest[end:], ": \t\r\n")
		end = valueEnd(rest)
		if _, twice := members[name]; twice {
			return nil, ErrDuplicate
		}
		members[name] = json.RawMessage(rest[:end:end])
		rest = rest[end:]
	}
}

// valueEnd is the length of the JSON value at the start of valid JSON.
func valueEnd(data []byte) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = stringEnd(data, i)
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ' ', '\t', '\r', '\n', ':':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(data)
}

// stringEnd is the index of the closing quote of the string that begins at start.
func stringEnd(data []byte, start int) int {
	for i := start + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(data) - 1
}

// Text is the text of a JSON string. Half a surrogate pair is no text (RFC 8259 section 8.2).
func Text(quoted []byte) (string, error) {
	if text := quoted[1 : len(quoted)-1]; bytes.IndexByte(text, '\\') < 0 && utf8.Valid(text) {
		return string(text), nil
	}
	var text string
	err := json.Unmarshal(quoted, &text)
	if strings.ContainsRune(text, utf8.RuneError) {
		err = ErrNotText
	}
	return text, err
}
