package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Args are the checked arguments of one call, as the caller sent them: original bytes, so that numbers
// stay exact. Declared defaults are filled in; null counts as absent. Args are read-only.
type Args struct {
	raw    map[string]json.RawMessage
	text   json.RawMessage // all of raw as one object, if it is at hand
	closed reflect.Type    // pointer to a struct that holds no any, see Decode; may be nil
}

// NewArgs returns Args with the given members, unchecked; for tests and for handlers that call others.
func NewArgs(raw map[string]json.RawMessage) Args { return Args{raw: raw} }

// Raw returns the JSON of the named argument, and whether it was sent (or has a default).
func (a Args) Raw(name string) (json.RawMessage, bool) {
	raw, ok := a.raw[name]
	return raw, ok
}

// Has reports whether the named argument was sent or has a default.
func (a Args) Has(name string) bool {
	_, ok := a.raw[name]
	return ok
}

// Text returns the named argument if it is a string, else "".
func (a Args) Text(name string) string {
	var s string
	if raw, ok := a.raw[name]; ok && json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// Decode decodes all arguments into the struct that into points to, by its json tags. Where a field
// is of type any, or holds values that are, numbers become [json.Number] so that they stay exact.
func (a Args) Decode(into any) error {
	text := a.text
	if text == nil {
		text = joinObject(a.raw)
	}
	if err := a.decode(text, into); err != nil {
		return fmt.Errorf("tool: arguments: %w", err)
	}
	return nil
}

// decode spares types that cannot hold a Number the decoder for them, which copies the text.
func (a Args) decode(text json.RawMessage, into any) error {
	if reflect.TypeOf(into) == a.closed {
		return json.Unmarshal(text, into)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return dec.Decode(into)
}
