package zscalertest

import (
	"slices"
	"strings"
)

// validate checks one root selection: field, arguments, variable types and the fields asked for.
func validate(schema []rootField, field selection, types map[string]string) (rootField, error) {
	i := slices.IndexFunc(schema, func(r rootField) bool { return r.name == field.name })
	if i < 0 {
		return rootField{}, invalidQuery("Field '%s' in type 'Query' is undefined", field.name)
	}
	root := schema[i]
	for name, value := range field.args {
		want, known := root.args[name]
		if !known {
			return root, invalidQuery("Unknown field argument '%s' of '%s'", name, field.name)
		}
		if err := checkArgument(name, want, value, types); err != nil {
			return root, err
		}
	}
	for name, typ := range root.args {
		if _, given := field.args[name]; !given && strings.HasSuffix(typ, "!") {
			return root, invalidQuery("Missing field argument '%s' of '%s'", name, field.name)
		}
	}
	return root, checkShape(field, root.shape)
}

func checkArgument(name, want string, value any, types map[string]string) error {
	v, isVariable := value.(variable)
	if !isVariable {
		if err := coerce(value, want); err != nil {
			return invalidQuery("Argument '%s' has an invalid value: %v", name, err)
		}
		return nil
	}
	have := types[string(v)]
	if have == "" {
		return invalidQuery("Undefined variable '%s'", string(v))
	}
	if have != want && strings.TrimSuffix(have, "!") != want {
		return invalidQuery("Variable '%s' of type '%s' used in position expecting type '%s'", string(v), have, want)
	}
	return nil
}

func checkShape(field selection, shape []selection) error {
	if (len(shape) > 0) != field.braces {
		return invalidQuery("Field '%s' has a selection that does not fit its type", field.name)
	}
	for _, sub := range field.fields {
		i := slices.IndexFunc(shape, func(s selection) bool { return s.name == sub.name })
		if i < 0 {
			return invalidQuery("Field '%s' of '%s' is undefined", sub.name, field.name)
		}
		if err := checkShape(sub, shape[i].fields); err != nil {
			return err
		}
	}
	return nil
}

// bind puts the values of the variables into the arguments. Nulls are as good as absent.
func bind(field selection, values object) object {
	args := object{}
	for name, value := range field.args {
		if v, isVariable := value.(variable); isVariable {
			value = values[string(v)]
		}
		if value != nil {
			args[name] = value
		}
	}
	return args
}

// project returns the fields asked for, and null for those that the value does not have.
func project(value any, fields []selection) any {
	if len(fields) == 0 {
		return value
	}
	switch v := value.(type) {
	case object:
		out := object{}
		for _, f := range fields {
			out[f.alias] = project(v[f.name], f.fields)
		}
		return out
	case []object:
		out := []any{}
		for _, o := range v {
			out = append(out, project(o, fields))
		}
		return out
	case []any:
		out := []any{}
		for _, o := range v {
			out = append(out, project(o, fields))
		}
		return out
	}
	return nil
}
