package tool

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
)

// A kind is the JSON type that an argument must have.
type kind uint8

const (
	kindAny kind = iota + 1
	kindString
	kindBool
	kindInteger
	kindNumber
	kindArray
	kindObject // the declared members and no other
	kindMap    // any members, all of one shape
)

func (k kind) String() string {
	return [...]string{"", "any JSON value", "string", "boolean", "integer", "number", "array", "object", "object"}[k]
}

// A shape is a compiled argument type. Schema and validation are both made from it, so that they
// cannot disagree.
type shape struct {
	kind    kind
	elem    *shape  // of an array or a map
	fields  []field // of an object
	low     *bound  // minimum
	high    *bound  // maximum
	enum    []string
	pattern *regexp.Regexp
	full    bool // may not be empty: minLength, minItems or minProperties 1
}

// A field is a member of an object.
type field struct {
	name     string
	doc      string
	required bool
	hidden   bool            // accepted, not advertised
	preset   json.RawMessage // the default, nil for none
	shape    *shape
}

// has reports whether there is a member with the given name.
func (s *shape) has(name string) bool {
	return slices.ContainsFunc(s.fields, func(f field) bool { return f.name == name })
}

// holdsAny reports whether s has a place for any JSON.
func (s *shape) holdsAny() bool {
	if s == nil {
		return false
	}
	return s.kind == kindAny || s.elem.holdsAny() || slices.ContainsFunc(s.fields, func(f field) bool { return f.shape.holdsAny() })
}

// A bound is a limit, exact for integers.
type bound struct {
	text    string // as it stands in the schema
	integer int64
	float   float64
}

var rawMessageType = reflect.TypeFor[json.RawMessage]()

// kindOf returns the kind of a Go type, or false for types that no argument can have.
func kindOf(t reflect.Type) (kind, bool) {
	if t == rawMessageType {
		return kindAny, true
	}
	if hasOwnJSON(t) {
		return 0, false
	}
	switch t.Kind() {
	case reflect.Interface:
		return kindAny, t.NumMethod() == 0
	case reflect.String:
		return kindString, true
	case reflect.Bool:
		return kindBool, true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return kindInteger, true
	case reflect.Float64:
		return kindNumber, true
	case reflect.Slice:
		return kindArray, t.Elem().Kind() != reflect.Uint8
	case reflect.Struct:
		return kindObject, true
	case reflect.Map:
		return kindMap, t.Key().Kind() == reflect.String
	}
	return 0, false
}

// hasOwnJSON reports whether values of t decode themselves, so that their JSON cannot be known.
func hasOwnJSON(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[interface{ UnmarshalText([]byte) error }]())
}
