package tool

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jmespath-community/go-jmespath/pkg/functions"
)

// standardFunctions are those of the JMESPath specification, and three more. What else the library has
// (pad_left, replace, group_by and so on) is left out: less to bound.
var standardFunctions = []string{
	"abs", "avg", "ceil", "contains", "ends_with", "floor", "join", "keys", "length", "map", "max", "max_by", "merge",
	"min", "min_by", "not_null", "reverse", "sort", "sort_by", "starts_with", "sum", "to_array", "to_number", "to_string",
	"type", "values", "lower", "upper", "trim",
}

// queryFunctions returns the functions that a query can call, and those that meter calls. They all
// charge b.
func queryFunctions(b *budget) []functions.FunctionEntry {
	entries := []functions.FunctionEntry{
		{Name: fnStep, Handler: b.step}, {Name: fnMade, Handler: b.made},
		{Name: fnFlat, Handler: b.flat}, {Name: fnDeep, Handler: b.deep},
	}
	for _, entry := range functions.GetDefaultFunctions() {
		if !slices.Contains(standardFunctions, entry.Name) {
			continue
		}
		switch entry.Name {
		case "to_number", "type":
			entry = exactly(entry)
		case "to_string":
			entry.Handler = b.toString
		case "join":
			entry.Handler = b.joined(entry.Handler)
		}
		entries = append(entries, b.charging(entry))
	}
	return entries
}

// charging returns entry so that it charges for what it goes through and for what it makes. The
// library would write the whole of an argument of the wrong type into its error, so types are checked
// here too.
func (b *budget) charging(entry functions.FunctionEntry) functions.FunctionEntry {
	specs, inner := entry.Arguments, entry.Handler
	entry.Arguments = slices.Clone(specs)
	for i := range entry.Arguments {
		entry.Arguments[i].Types = []functions.JpType{functions.JpAny}
	}
	entry.Handler = func(args []any) (any, error) {
		steps := 1
		for i, arg := range args {
			steps += shallow(arg) / stepBytes
			if spec := specs[min(i, len(specs)-1)]; !accepts(spec.Types, arg) {
				return nil, fmt.Errorf("invalid type: argument %d of %s must be %s, got %s", i+1, entry.Name, anyOf(spec.Types), queryType(arg))
			}
		}
		if err := b.spend(0, steps); err != nil {
			return nil, err
		}
		value, err := inner(args)
		if err != nil {
			return nil, err
		}
		return value, b.spend(shallow(value), 0)
	}
	return entry
}

func accepts(types []functions.JpType, arg any) bool {
	return slices.ContainsFunc(types, func(t functions.JpType) bool {
		switch t {
		case functions.JpAny:
			return true
		case functions.JpArrayNumber:
			return all[float64](arg)
		case functions.JpArrayString:
			return all[string](arg)
		}
		return queryType(arg) == string(t)
	})
}

// all reports whether arg is an array of T.
func all[T any](arg any) bool {
	array, ok := arg.([]any)
	return ok && !slices.ContainsFunc(array, func(element any) bool { _, ok := element.(T); return !ok })
}

// queryType names the JMESPath type of a value.
func queryType(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		return string(functions.JpNumber)
	case json.Number:
		return "a number of too many digits (use to_number)"
	case []any:
		return string(functions.JpArray)
	case map[string]any:
		return string(functions.JpObject)
	}
	return string(functions.JpExpref)
}

func anyOf(types []functions.JpType) string {
	text := string(types[0])
	for _, t := range types[1:] {
		text += " or " + string(t)
	}
	return text
}

func (b *budget) step(args []any) (any, error) { return args[1], b.spend(0, args[0].(int)) }

func (b *budget) made(args []any) (any, error) { return args[0], b.spend(shallow(args[0]), 0) }

func (b *budget) flat(args []any) (any, error) {
	size := shallow(args[0])
	array, _ := args[0].([]any)
	for _, element := range array {
		if inner, ok := element.([]any); ok {
			size += shallow(inner)
		}
	}
	return args[0], b.spend(size, size/stepBytes)
}

func (b *budget) deep(args []any) (any, error) {
	size, _ := encoded(args[0], b.steps*stepBytes)
	return args[0], b.spend(0, size/stepBytes+1)
}

// toString is to_string, which doubles every backslash: a chain of it is exponential.
func (b *budget) toString(args []any) (any, error) {
	if text, ok := args[0].(string); ok {
		return text, nil
	}
	size, _ := encoded(args[0], b.bytes)
	if err := b.spend(size, size/stepBytes); err != nil {
		return nil, err
	}
	raw, err := encodeJSON(args[0])
	if err != nil {
		return nil, fmt.Errorf("the argument of to_string %w", errNoValue)
	}
	return string(raw), nil
}

// joined charges for a join before it is done: an array may hold one long text many times.
func (b *budget) joined(join functions.JpFunction) functions.JpFunction {
	return func(args []any) (any, error) {
		size, array := 0, args[1].([]any)
		for _, element := range array {
			size += len(args[0].(string)) + len(element.(string))
		}
		if err := b.spend(size+shallow(array), size/stepBytes); err != nil {
			return nil, err
		}
		return join(args)
	}
}
