package rest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// The places of an in tag.
const (
	inPath  = "path"
	inQuery = "query"
	inBody  = "body"
	inVar   = "var"
)

// An argument is a field of the In struct: its name and where its value goes.
type argument struct {
	name      string
	places    []place
	unset     json.RawMessage // sent when absent, nil: nothing
	skipEmpty bool
	kind      reflect.Kind // of the field, behind a pointer

	hasDefault bool            // declared, so that the engine always sends it
	preset     json.RawMessage // that default; nil: none
	required   bool            // or has a default
}

// A place is one destination of an argument.
type place struct {
	kind    string // inPath, inQuery, inBody or inVar
	target  string // wildcard, parameter, member path, "*" or "$"
	member  memberPath
	convert convert // nil: as sent
}

// parseArguments reads the tags of the In struct into the argument table.
func (e *endpoint) parseArguments(in reflect.Type) {
	if in == nil || in.Kind() != reflect.Struct {
		e.mistake("the arguments must be a struct type")
		return
	}
	for _, field := range reflect.VisibleFields(in) {
		if !field.IsExported() || field.Anonymous && field.Tag.Get("in") == "" {
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if name == "" {
			e.mistake("field %s has no json tag to name the argument", field.Name)
			continue
		}
		e.args = append(e.args, e.parseArgument(name, field))
	}
}

func (e *endpoint) parseArgument(name string, field reflect.StructField) argument {
	arg := argument{name: name, kind: kindOf(field.Type)}
	preset, hasDefault := field.Tag.Lookup("default")
	if arg.hasDefault = hasDefault; hasDefault {
		if arg.preset = json.RawMessage(preset); arg.kind == reflect.String {
			arg.preset = quote(preset)
		}
	}
	arg.required = arg.hasDefault || !strings.Contains(field.Tag.Get("json"), ",omitempty")
	if unset, ok := field.Tag.Lookup("unset"); ok {
		if !json.Valid([]byte(unset)) {
			e.mistake("argument %q: unset:%q is not JSON", name, unset)
		}
		arg.unset = json.RawMessage(unset)
	}
	switch skip := field.Tag.Get("skipempty"); skip {
	case "", "true", "false":
		arg.skipEmpty = skip == "true"
	default:
		e.mistake("argument %q: skipempty must be true or false, not %q", name, skip)
	}
	tag, ok := field.Tag.Lookup("in")
	if !ok {
		e.mistake("argument %q has no in tag; in:\"-\" is for arguments that are not sent", name)
		return arg
	}
	if tag == "-" {
		return arg
	}
	for part := range strings.SplitSeq(tag, ";") {
		if p, err := parsePlace(name, part); err != nil {
			e.mistake("argument %q: %w", name, err)
		} else {
			arg.places = append(arg.places, p)
		}
	}
	return arg
}

// kindOf returns the kind of a field, behind pointers.
func kindOf(t reflect.Type) reflect.Kind {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[json.RawMessage]() {
		return reflect.Interface // any JSON value
	}
	return t.Kind()
}

// parsePlace parses one part of an in tag, such as "query=from|hours_ago".
func parsePlace(name, part string) (place, error) {
	where, conversion, converted := strings.Cut(strings.TrimSpace(part), "|")
	kind, target, named := strings.Cut(where, "=")
	p := place{kind: kind, target: target}
	if !named {
		p.target = name
	}
	if p.target == "" {
		return p, fmt.Errorf("in:%q names nothing after the equals sign", part)
	}
	if converted {
		if p.convert = conversions[conversion]; p.convert == nil {
			return p, fmt.Errorf("in:%q: unknown conversion %q; there are %s", part, conversion, conversionNames())
		}
	}
	switch kind {
	case inPath:
		return p, nil
	case inQuery, inVar, inBody:
		if !named {
			return p, fmt.Errorf("in:%q needs a name: %s=wireName", part, kind)
		}
	default:
		return p, fmt.Errorf("in:%q: unknown place %q; there are path, query, body, var and \"-\"", part, kind)
	}
	if kind == inQuery || kind == inBody && (target == "*" || target == "$") {
		return p, nil
	}
	var err error
	p.member, err = parseMember(target)
	return p, err
}
