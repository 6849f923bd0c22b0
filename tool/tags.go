package tool

import (
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

var tagPairs = regexp.MustCompile(`^(?:[^\x00-\x20":]+:"(?:[^"\\]|\\.)*"(?: +|$))*$`)

// wellFormed reports whether tag is a list of pairs, as reflect expects; it silently ignores all else.
func wellFormed(tag reflect.StructTag) bool { return tagPairs.MatchString(string(tag)) }

// constrain applies the tags that limit a field. Those on a slice are about its elements, nonempty
// and default apart.
func (w *walker) constrain(f *field, tag reflect.StructTag, path string) {
	target := f.shape
	if target.kind == kindArray {
		target = target.elem
	}
	if text, ok := tag.Lookup("min"); ok {
		target.low = w.limit(target, text, path, "min", target.low)
	}
	if text, ok := tag.Lookup("max"); ok {
		target.high = w.limit(target, text, path, "max", target.high)
	}
	if target.low != nil && target.high != nil && target.high.less(target.low) {
		w.fail(path, "min %s is above max %s", target.low.text, target.high.text)
	}
	if text, ok := tag.Lookup("enum"); ok {
		w.choices(target, text, path)
	}
	if text, ok := tag.Lookup("pattern"); ok {
		w.match(target, text, path)
	}
	if text, ok := tag.Lookup("nonempty"); ok {
		w.nonempty(f.shape, text, path)
	}
	if text, ok := tag.Lookup("default"); ok {
		w.preset(f, text, path)
	}
}

func (w *walker) limit(s *shape, text, path, tag string, old *bound) *bound {
	var b *bound
	switch s.kind {
	case kindInteger:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			b = integerBound(n)
		}
	case kindNumber:
		if x, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(x, 0) && json.Valid([]byte(text)) {
			b = &bound{text: text, float: x}
		}
	default:
		w.fail(path, "%s stands on %s; it limits integers and numbers", tag, article(s.kind.String()))
		return old
	}
	if b == nil {
		w.fail(path, "%s %q is not of the argument's type", tag, text)
		return old
	}
	if old != nil && (tag == "min") == b.less(old) && b.integer != old.integer {
		w.fail(path, "%s %s lies outside the range of the Go type", tag, text)
	}
	return b
}

func (w *walker) choices(s *shape, text, path string) {
	if s.kind != kindString && s.kind != kindInteger {
		w.fail(path, "enum stands on %s; it limits strings and integers", article(s.kind.String()))
		return
	}
	for choice := range strings.SplitSeq(text, ",") {
		if _, err := strconv.ParseInt(choice, 10, 64); choice == "" || s.kind == kindInteger && err != nil {
			w.fail(path, "enum value %q is not of the argument's type", choice)
		}
		s.enum = append(s.enum, choice)
	}
}

func (w *walker) match(s *shape, text, path string) {
	re, err := regexp.Compile(text)
	switch {
	case s.kind != kindString:
		w.fail(path, "pattern stands on %s; it limits strings", article(s.kind.String()))
	case err != nil:
		w.fail(path, "pattern: %v", err)
	default:
		s.pattern = re
	}
}

func (w *walker) nonempty(s *shape, text, path string) {
	switch {
	case text != "true":
		w.fail(path, "nonempty must be \"true\", or left out")
	case s.kind != kindString && s.kind != kindArray && s.kind != kindMap:
		w.fail(path, "nonempty stands on %s; it limits strings, arrays and maps", article(s.kind.String()))
	default:
		s.full = true
	}
}

// preset sets the default: for a string the text of the tag, else JSON.
func (w *walker) preset(f *field, text, path string) {
	raw := json.RawMessage(text)
	if f.shape.kind == kindString {
		raw = quote(text)
	}
	if f.required {
		w.fail(path, "a default on a required argument is never used; add omitempty")
	}
	if !json.Valid(raw) {
		w.fail(path, "default %q is not JSON", text)
		return
	}
	var c checker
	f.preset = c.value(f.shape, raw, &place{name: path})
	for _, problem := range c.problems {
		w.fail(path, "the default is not valid: %s", problem)
	}
}

// integerRange returns the limits of a Go integer type that are narrower than those of int64.
func integerRange(t reflect.Type) (low, high *bound) {
	bits := t.Bits()
	switch t.Kind() {
	case reflect.Uint, reflect.Uint64:
		return integerBound(0), nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return integerBound(0), integerBound(1<<bits - 1)
	case reflect.Int8, reflect.Int16, reflect.Int32:
		return integerBound(-1 << (bits - 1)), integerBound(1<<(bits-1) - 1)
	}
	return nil, nil
}

func integerBound(n int64) *bound {
	return &bound{text: strconv.FormatInt(n, 10), integer: n, float: float64(n)}
}

func (b *bound) less(c *bound) bool {
	return b.integer < c.integer || b.integer == c.integer && b.float < c.float
}
