package tool

import (
	"encoding/json"
	"slices"
	"strconv"
)

// maxWhole is below where encoding/json writes whole numbers with an exponent, and above which a float64 skips some.
const maxWhole = 1 << 53

// appendQueried appends to b the JSON of what a query made, as encoding/json would write it.
func appendQueried(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case string:
		return appendQuoted(b, v), nil
	case json.Number:
		return append(b, v...), nil
	case float64:
		if whole := int64(v); v > -maxWhole && v < maxWhole && float64(whole) == v && whole != 0 {
			return strconv.AppendInt(b, whole, 10), nil
		}
	case []any:
		return appendArray(b, v)
	case map[string]any:
		return appendObject(b, v)
	}
	raw, err := encodeJSON(value)
	return append(b, raw...), err
}

func appendArray(b []byte, array []any) (_ []byte, err error) {
	b = append(b, '[')
	for i, v := range array {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendQueried(b, v); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendObject(b []byte, object map[string]any) (_ []byte, err error) {
	var few [fewNames * 2]string
	names := few[:0]
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, name), ':')
		if b, err = appendQueried(b, object[name]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}
