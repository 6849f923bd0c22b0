package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmespath-community/go-jmespath/pkg/functions"
)

// maxFloatDigits is how many significant decimal digits always survive a float64.
const maxFloatDigits = 15

// decodeForQuery decodes JSON as the JMESPath library expects it: numbers are float64, or nothing
// compares. Numbers that a float64 would change stay text; they cannot be computed with, but they
// come out as they went in.
func decodeForQuery(raw json.RawMessage) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil, fmt.Errorf("tool: rows: %w", err)
	}
	return withFloats(value), nil
}

func withFloats(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = withFloats(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = withFloats(v[name])
		}
	case json.Number:
		if x, err := v.Float64(); err == nil && exact(v.String(), x) {
			return x
		}
	}
	return value
}

// exact reports whether x stands for the number in text without loss.
func exact(text string, x float64) bool {
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(mantissa), "0")
	if len(digits) <= maxFloatDigits {
		return x != 0 || digits == ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64) == text && x >= -1<<53 && x <= 1<<53
}

// exactly returns to_number or type so that it knows exact numbers too; the library has only float64.
func exactly(entry functions.FunctionEntry) functions.FunctionEntry {
	inner := entry.Handler
	entry.Handler = func(args []any) (any, error) {
		n, ok := args[0].(json.Number)
		switch {
		case !ok:
			return inner(args)
		case entry.Name == "type":
			return string(functions.JpNumber), nil
		}
		x, err := n.Float64()
		if err != nil {
			return nil, nil // as of any text that is no number
		}
		return x, nil
	}
	return entry
}
