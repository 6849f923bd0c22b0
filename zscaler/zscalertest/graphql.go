package zscalertest

import (
	"errors"
	"fmt"
	"slices"
)

// The field that every GraphQL type has (GraphQL, section 4.4), and the name of the type of queries.
const (
	typeName  = "__typename"
	queryType = "Query"
)

// A rootField is one query of a GraphQL schema.
type rootField struct {
	name    string
	args    map[string]string // argument to type
	shape   []selection       // the fields that can be asked for; none for a scalar
	resolve func(args object) (any, error)
}

// A graphQLRefusal is an error that the service reports with HTTP 200.
type graphQLRefusal struct {
	message, class string
	path           []any // the root field, when the query was valid
}

func (e *graphQLRefusal) Error() string { return e.message }

func invalidQuery(format string, args ...any) error {
	return &graphQLRefusal{message: fmt.Sprintf(format, args...), class: "VALIDATION_ERROR"}
}

// graphQLFailure is the error shape as recorded: HTTP 200, and null data for the field in path.
func graphQLFailure(message string, path []any, class string) reply {
	failure := object{"message": message, "locations": []any{object{"line": 1, "column": 1}}, "extensions": object{"classification": class}}
	if class == "FORBIDDEN" {
		failure["extensions"] = object{"code": "FORBIDDEN", "http_status": 403, "classification": "INTERNAL_ERROR"}
	}
	var data any
	if len(path) > 0 {
		failure["path"] = path
	}
	for _, field := range slices.Backward(path) {
		data = object{field.(string): data}
	}
	return ok(object{"errors": []any{failure}, "data": data})
}

// graphQLReply answers with the body, or with the refusal that err is.
func graphQLReply(body any, err error) (reply, error) {
	var refused *graphQLRefusal
	if errors.As(err, &refused) {
		return graphQLFailure(refused.message, refused.path, refused.class), nil
	}
	return ok(body), err
}

// A graphQLRequest is a query whose variables have been found good.
type graphQLRequest struct {
	*operation
	values object            // of the variables
	types  map[string]string // of the variables
}

// readGraphQL reads the request and checks its variables.
func readGraphQL(c *call) (*graphQLRequest, error) {
	var in struct {
		Query         string
		Variables     object
		OperationName string
	}
	if err := c.decode(&in); err != nil {
		return nil, &graphQLRefusal{message: err.Error(), class: "BAD_REQUEST"}
	}
	op, err := parseQuery(in.Query)
	if err != nil {
		return nil, invalidQuery("%v", err)
	}
	if in.OperationName != "" && in.OperationName != op.name {
		return nil, invalidQuery("Unknown operation named '%s'", in.OperationName)
	}
	types, err := op.checkVariables(in.Variables)
	return &graphQLRequest{op, in.Variables, types}, err
}

// execute answers a GraphQL request against the schema.
func execute(schema []rootField, c *call) (any, error) {
	request, err := readGraphQL(c)
	if err != nil {
		return nil, err
	}
	data := object{}
	for _, field := range request.fields {
		if field.name == typeName {
			data[field.alias] = queryType
			continue
		}
		root, err := validate(schema, field, request.types)
		if err != nil {
			return nil, err
		}
		value, err := root.resolve(bind(field, request.values))
		if err != nil {
			return nil, err
		}
		data[field.alias] = project(value, field.fields)
	}
	return object{"data": data}, nil
}

// checkVariables wants every value to be declared and of its type. The real service passes over
// values that no one declared; here they are an error, since they never do what their sender meant.
func (op *operation) checkVariables(values object) (map[string]string, error) {
	types := map[string]string{}
	for _, d := range op.variables {
		types[d.name] = d.typ
		if err := coerce(values[d.name], d.typ); err != nil {
			return nil, invalidQuery("Variable '%s' has an invalid value: %v", d.name, err)
		}
	}
	for name := range values {
		if types[name] == "" {
			return nil, invalidQuery("Variable '%s' is not declared by the operation", name)
		}
	}
	return types, nil
}
