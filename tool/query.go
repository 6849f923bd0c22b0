package tool

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jmespath-community/go-jmespath/pkg/functions"
	"github.com/jmespath-community/go-jmespath/pkg/interpreter"
	"github.com/jmespath-community/go-jmespath/pkg/parsing"
)

const queryDoc = "JMESPath expression that runs on the array of rows, to filter or to select members, such as [?enabled].{id: id, name: name}. " +
	"A number of more than 15 digits compares as text: [?to_string(id) == '216196257331368721']."

const (
	maxQueryBytes = 4 << 10
	// maxQueryWork bounds how much an expression can multiply the rows (see growth), in bytes.
	maxQueryWork = 64 << 20
	// maxQueryError bounds how much of the library's error, which repeats the data, is told.
	maxQueryError = 200
)

// A query is a checked JMESPath expression.
type query struct {
	expression string
	ast        parsing.ASTNode
	growth     int
}

func queryError(format string, args ...any) error {
	return &refusal{text: fmt.Sprintf("query: "+format, args...), outcome: outcomeInvalid}
}

// parseQuery parses and judges an expression, before any work is done.
func parseQuery(expression string) (q *query, err error) {
	defer func() {
		if p := recover(); p != nil {
			q, err = nil, queryError("is not a JMESPath expression that this server can read")
		}
	}()
	if len(expression) > maxQueryBytes {
		return nil, queryError("is longer than %d bytes", maxQueryBytes)
	}
	ast, err := parsing.NewParser().Parse(expression)
	if err != nil {
		var syntax parsing.SyntaxError
		if errors.As(err, &syntax) {
			return nil, queryError("%s, at position %d of %s", clipTo(err.Error(), maxQueryError), syntax.Offset+1, clip(expression))
		}
		return nil, queryError("%s, in %s", clipTo(err.Error(), maxQueryError), clip(expression))
	}
	n, err := growth(ast)
	if err != nil {
		return nil, err
	}
	return &query{expression: expression, ast: ast, growth: n}, nil
}

// apply runs the query on the array of rows. No match gives no rows, a single value one row.
func (q *query) apply(rows []json.RawMessage) (out []json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, queryError("%s cannot be run on these rows", clip(q.expression))
		}
	}()
	raw := joinArray(rows)
	if q.growth > 1 && len(raw) > maxQueryWork/q.growth {
		return nil, queryError("repeats the rows too often; select fewer members, or ask for fewer rows")
	}
	data, err := decodeForQuery(raw)
	if err != nil {
		return nil, err
	}
	caller := interpreter.NewFunctionCaller(queryFunctions()...)
	value, err := interpreter.NewInterpreter(data, caller, nil).Execute(q.ast, data)
	if err != nil {
		return nil, queryError("%s", clipTo(err.Error(), maxQueryError))
	}
	return encodeQueried(value)
}

func encodeQueried(value any) ([]json.RawMessage, error) {
	values, ok := value.([]any)
	switch {
	case value == nil:
		return nil, nil
	case !ok:
		values = []any{value}
	}
	rows := make([]json.RawMessage, len(values))
	for i, v := range values {
		row, err := encodeJSON(v)
		if err != nil {
			return nil, queryError("the result is no JSON value (infinite, not a number, or an expression)")
		}
		rows[i] = row
	}
	return rows, nil
}

// queryFunctions are those of the JMESPath specification. What the library has beyond them is left
// out: pad_left and replace could fill the memory.
func queryFunctions() []functions.FunctionEntry {
	var entries []functions.FunctionEntry
	for _, entry := range functions.GetDefaultFunctions() {
		if slices.Contains(standardFunctions, entry.Name) {
			entries = append(entries, entry)
		}
	}
	return append(entries, exactFunctions()...)
}

var standardFunctions = []string{
	"abs", "avg", "ceil", "contains", "ends_with", "floor", "join", "keys", "length", "map", "max", "max_by", "merge",
	"min", "min_by", "not_null", "reverse", "sort", "sort_by", "starts_with", "sum", "to_array", "to_number", "to_string",
	"type", "values", "lower", "upper", "trim",
}
