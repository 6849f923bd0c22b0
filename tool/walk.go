package tool

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// maxNesting bounds how deep argument types and argument values nest.
const maxNesting = 32

var argumentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// A walker compiles argument types and collects the mistakes in them.
type walker struct {
	mistakes []string
}

func (w *walker) fail(path, format string, args ...any) {
	w.mistakes = append(w.mistakes, strings.TrimPrefix(path+": ", ": ")+fmt.Sprintf(format, args...))
}

// object compiles the struct type t; path is where it stands in the arguments.
func (w *walker) object(t reflect.Type, path string, depth int) *shape {
	s := &shape{kind: kindObject}
	w.collect(s, t, path, depth)
	return s
}

// collect appends the fields of t to s; the fields of embedded structs count as its own.
func (w *walker) collect(s *shape, t reflect.Type, path string, depth int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct && sf.Tag.Get("json") == "" {
			w.collect(s, sf.Type, path, depth)
			continue
		}
		if sf.Tag.Get("json") == "-" {
			continue
		}
		if f, ok := w.member(sf, path, depth); ok {
			if s.has(f.name) {
				w.fail(join(path, f.name), "declared twice")
			}
			s.fields = append(s.fields, f)
		}
	}
}

// member compiles one struct field.
func (w *walker) member(sf reflect.StructField, path string, depth int) (field, bool) {
	name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
	where := join(path, name)
	switch {
	case !wellFormed(sf.Tag):
		w.fail(join(path, sf.Name), "the struct tag is malformed; it must be a list of key:\"value\" pairs with single spaces between")
		return field{}, false
	case !sf.IsExported():
		w.fail(join(path, sf.Name), "the field is not exported, so it cannot be decoded")
		return field{}, false
	case name == "":
		w.fail(join(path, sf.Name), "the field has no name in a json tag")
		return field{}, false
	case !argumentName.MatchString(name):
		w.fail(where, "not a usable argument name; letters, digits and underscores, at most 64")
		return field{}, false
	}
	f := field{name: name, doc: sf.Tag.Get("jsonschema"), required: true}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty", "omitzero":
			f.required = false
		case "string":
			w.fail(where, "the json option string is not supported; declare the type that is sent")
		}
	}
	if strings.TrimSpace(f.doc) == "" {
		w.fail(where, "no description; give it a jsonschema tag")
	}
	f.shape = w.shape(sf.Type, where, depth)
	if f.shape == nil {
		return field{}, false
	}
	w.constrain(&f, sf.Tag, where)
	return f, true
}

// shape compiles the type t; nil after a mistake.
func (w *walker) shape(t reflect.Type, path string, depth int) *shape {
	if depth > maxNesting {
		w.fail(path, "the type nests too deeply, or contains itself")
		return nil
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	k, ok := kindOf(t)
	if !ok {
		w.fail(path, "arguments cannot be of type %s", t)
		return nil
	}
	s := &shape{kind: k}
	switch k {
	case kindInteger:
		s.low, s.high = integerRange(t)
	case kindArray, kindMap:
		s.elem = w.shape(t.Elem(), path+"[]", depth+1)
		if s.elem == nil {
			return nil
		}
	case kindObject:
		return w.object(t, path, depth+1)
	}
	return s
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
