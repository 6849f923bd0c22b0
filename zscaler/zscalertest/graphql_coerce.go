package zscalertest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// coerce reports why a value is not of the type, such as "Int" or "ID!".
func coerce(value any, typ string) error {
	name, required := strings.CutSuffix(typ, "!")
	if value == nil {
		if required {
			return fmt.Errorf("%s must not be null", typ)
		}
		return nil
	}
	if element, isList := strings.CutPrefix(name, "["); isList {
		return coerceList(value, strings.TrimSuffix(element, "]"))
	}
	fits := false
	switch name {
	case "ID":
		fits = str(value) != ""
	case "String":
		_, fits = value.(string)
	case "Int", "Long":
		_, fits = number(value)
	case "Boolean":
		_, fits = value.(bool)
	default:
		return coerceInput(value, name)
	}
	if !fits {
		return fmt.Errorf("expected type '%s'", name)
	}
	return nil
}

func coerceList(value any, element string) error {
	entries, isList := value.([]any)
	if !isList {
		return fmt.Errorf("expected a list of type '%s'", element)
	}
	for _, entry := range entries {
		if err := coerce(entry, element); err != nil {
			return err
		}
	}
	return nil
}

func coerceInput(value any, name string) error {
	if allowed, isEnum := enums[name]; isEnum {
		if !slices.Contains(allowed, str(value)) {
			return fmt.Errorf("expected one of %v for type '%s'", allowed, name)
		}
		return nil
	}
	fields, isFilter := filters[name]
	allowed, isOrder := orders[name]
	if !isFilter && !isOrder {
		return fmt.Errorf("unknown type '%s'", name)
	}
	o, isObject := value.(object)
	if !isObject {
		return fmt.Errorf("expected an object of type '%s'", name)
	}
	for field, v := range o {
		if isOrder && (!slices.Contains(allowed, field) || !slices.Contains(enums["SortDirection"], str(v))) {
			return fmt.Errorf("'%s' is not a field of '%s' with ASC or DESC", field, name)
		}
		if isFilter && fields[field] == "" {
			return fmt.Errorf("'%s' is not a field of '%s'", field, name)
		}
		if isFilter {
			if err := coerceTest(v); err != nil {
				return fmt.Errorf("field '%s': %w", field, err)
			}
		}
	}
	return nil
}

func coerceTest(v any) error {
	test, isObject := v.(object)
	if !isObject {
		return errors.New("expected an object with equals, contains, starts, ends or in")
	}
	for op, want := range test {
		_, isText := want.(string)
		_, isList := want.([]any)
		if (op == "in" && !isList) || (op != "in" && (stringTests[op] == nil || !isText)) {
			return fmt.Errorf("operator '%s' is unknown or has a wrong operand", op)
		}
	}
	return nil
}

// accepts reports whether a row passes a filter value of the input type.
func accepts(row object, filter any, typ string) bool {
	o, _ := filter.(object)
	for field, v := range o {
		have := row[filters[typ][field]]
		for op, want := range v.(object) {
			if !passes(have, op, want) {
				return false
			}
		}
	}
	return true
}

// passes applies one operator; of a list one entry has to pass.
func passes(have any, op string, want any) bool {
	if entries, isList := have.([]any); isList {
		return slices.ContainsFunc(entries, func(e any) bool { return passes(e, op, want) })
	}
	if op == "in" {
		return slices.Contains(list(want), have)
	}
	return stringTests[op](str(have), str(want))
}

// sortRows orders rows by one field, ASC or DESC.
func sortRows(rows []object, field, direction string) {
	slices.SortStableFunc(rows, func(a, b object) int {
		if direction == "DESC" {
			a, b = b, a
		}
		return compare(text(a[field]), text(b[field]))
	})
}

// text is str, but also for numbers that this package made.
func text(v any) string {
	if n, isInt := v.(int); isInt {
		return strconv.Itoa(n)
	}
	return str(v)
}
