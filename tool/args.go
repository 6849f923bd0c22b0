package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Args are the checked arguments of one call, as the caller sent them: original bytes, so that numbers
// stay exact. Declared defaults are filled in; null counts as absent. Args are read-only.
type Args struct{ raw map[string]json.RawMessage }

// NewArgs returns Args with the given members, unchecked; for tests and for handlers that call others.
func NewArgs(raw map[string]json.RawMessage) Args { return Args{raw} }

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
	dec := json.NewDecoder(bytes.NewReader(joinObject(a.raw)))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("tool: arguments: %w", err)
	}
	return nil
}
