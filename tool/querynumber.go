package tool

import (
	"encoding/json"
	"strconv"

	"github.com/jmespath-community/go-jmespath/pkg/functions"
)

// maxFloatDigits is how many significant decimal digits always survive a float64.
const maxFloatDigits = 15

// A decoder decodes valid JSON as the JMESPath library expects it: numbers are float64, or nothing
// compares. Numbers that a float64 would change stay text; they cannot be computed with, but they
// come out as they went in.
type decoder struct {
	raw   []byte
	i     int
	names map[string]string // rows have the same names over and over
}

func decodeForQuery(raw json.RawMessage) any {
	d := decoder{raw: raw, names: map[string]string{}}
	return d.value()
}

func (d *decoder) value() any {
	d.i = spaceEnd(d.raw, d.i)
	start := d.i
	switch d.raw[start] {
	case '{':
		return d.object()
	case '[':
		return d.array()
	case '"':
		d.i = stringEnd(d.raw, start)
		return unquote(d.raw[start:d.i])
	case 't', 'f', 'n':
		d.i = valueEnd(d.raw, start)
		if d.raw[start] == 'n' {
			return nil
		}
		return d.raw[start] == 't'
	}
	d.i = valueEnd(d.raw, start)
	text := string(d.raw[start:d.i])
	if x, err := strconv.ParseFloat(text, 64); err == nil && exact(text, x) {
		return x
	}
	return json.Number(text)
}

func (d *decoder) object() any {
	object := map[string]any{}
	for d.next('}') {
		start := d.i
		d.i = stringEnd(d.raw, start)
		literal := d.raw[start:d.i]
		name, known := d.names[string(literal)]
		if !known {
			name = unquote(literal)
			d.names[string(literal)] = name
		}
		d.i = spaceEnd(d.raw, d.i) + len(":")
		object[name] = d.value()
	}
	return object
}

func (d *decoder) array() any {
	array := []any{}
	for d.next(']') {
		array = append(array, d.value())
	}
	return array
}

// next goes to the next member or element, and over the end when there is none.
func (d *decoder) next(end byte) bool {
	if c := d.raw[d.i]; c == '{' || c == '[' {
		d.i++
	}
	if d.i = spaceEnd(d.raw, d.i); d.raw[d.i] == ',' {
		d.i = spaceEnd(d.raw, d.i+1)
		return true
	}
	if d.raw[d.i] == end {
		d.i++
		return false
	}
	return true
}

// exact reports whether x stands for the number in text without loss.
func exact(text string, x float64) bool {
	digits, significant := 0, false
	for i := 0; i < len(text) && text[i]|0x20 != 'e'; i++ {
		if significant = significant || digit(text[i]) && text[i] != '0'; significant && digit(text[i]) {
			digits++
		}
	}
	if digits <= maxFloatDigits {
		return x != 0 || digits == 0
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
