package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmespath-community/go-jmespath/pkg/interpreter"
	"github.com/jmespath-community/go-jmespath/pkg/parsing"
)

const queryDoc = "JMESPath expression that runs on the array of rows, to filter or to select members, such as [?size > `5` && type == 'A'].{id: id, name: name}: " +
	"numbers in backticks, text in single quotes. A number of more than 15 digits compares as text: [?to_string(id) == '216196257331368721']."

const recordQueryDoc = "JMESPath expression that runs on the answer, one object, and takes rows out of it, such as rows[?type == 'A'].{id: id, name: name}: " +
	"numbers in backticks, text in single quotes. Without it the whole object is returned."

const (
	maxQueryBytes = 4 << 10
	// maxQueryError bounds how much of the library's error, which repeats the data, is told.
	maxQueryError = 200
)

// A query is a checked JMESPath expression.
type query struct {
	expression string
	ast        parsing.ASTNode // metered
}

var errNoValue = errors.New("is no JSON value (infinite, not a number, or an expression)")

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
		return nil, queryError("%s", explainSyntax(expression, err))
	}
	if ast, err = meter(ast); err != nil {
		return nil, err
	}
	return &query{expression: expression, ast: ast}, nil
}

// apply runs the query on the array of rows. No match gives no rows, a single value one row.
func (q *query) apply(ctx context.Context, rows []json.RawMessage) ([]json.RawMessage, error) {
	return q.run(ctx, joinArray(rows))
}

// run is apply for a value that is not rows, too.
func (q *query) run(ctx context.Context, raw json.RawMessage) (out []json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, queryError("%s cannot be run on this answer", clip(q.expression))
		}
	}()
	data := decodeForQuery(raw)
	b := newBudget(ctx, len(raw))
	caller := interpreter.NewFunctionCaller(queryFunctions(b)...)
	value, err := interpreter.NewInterpreter(data, caller, nil).Execute(q.ast, data)
	switch {
	case b.err != nil:
		return nil, b.err
	case err != nil:
		return nil, queryError("%s", clipTo(err.Error(), maxQueryError))
	}
	return encodeQueried(b, value)
}

func encodeQueried(b *budget, value any) ([]json.RawMessage, error) {
	values, ok := value.([]any)
	switch {
	case value == nil:
		return nil, nil
	case !ok:
		values = []any{value}
	}
	rows := make([]json.RawMessage, len(values))
	for i, v := range values {
		size, depth := encoded(v, b.bytes)
		if err := b.spend(size, size/stepBytes); err != nil {
			return nil, err
		}
		if depth > maxResultDepth {
			return nil, queryError("the result nests more than %d deep, which not every client can read", maxResultDepth)
		}
		row, err := appendQueried(make([]byte, 0, size), v)
		if err != nil {
			return nil, queryError("the result %v", errNoValue)
		}
		rows[i] = row
	}
	return rows, nil
}
