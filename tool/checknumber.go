package tool

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// number checks an integer or a number. 1.0 and 1e3 are integers to JSON Schema; they are accepted
// and rewritten as plain digits.
func (c *checker) number(s *shape, raw json.RawMessage, at *place) json.RawMessage {
	if got := typeOf(raw); got != "number" {
		c.wrongType(s, got, raw, at)
		return raw
	}
	if s.kind == kindNumber {
		x, err := strconv.ParseFloat(string(raw), 64)
		if err != nil {
			c.fail(at, "is outside the range of a 64-bit float")
			return raw
		}
		c.within(s, bound{text: string(raw), float: x}, at)
		return raw
	}
	n, problem := parseInteger(string(raw))
	if problem != "" {
		c.fail(at, "%s", problem)
		return raw
	}
	plain := strconv.FormatInt(n, 10)
	c.within(s, *integerBound(n), at)
	if s.enum != nil && !slices.Contains(s.enum, plain) {
		c.fail(at, "must be one of %s", strings.Join(s.enum, ", "))
	}
	return json.RawMessage(plain)
}

func (c *checker) within(s *shape, x bound, at *place) {
	if s.low != nil && x.less(s.low) {
		c.fail(at, "%s is below the minimum of %s", clip(x.text), s.low.text)
	}
	if s.high != nil && s.high.less(&x) {
		c.fail(at, "%s is above the maximum of %s", clip(x.text), s.high.text)
	}
}

// Bounds that keep the exact arithmetic on hostile literals such as 1e999999999 cheap.
const (
	maxLiteral  = 40
	maxExponent = 30
)

// parseInteger reads a JSON number as an int64, exactly; problem says why it cannot be one.
func parseInteger(text string) (n int64, problem string) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, ""
	}
	const outside = "is outside the range of a 64-bit integer"
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(text), "e")
	if !hasExponent && !strings.Contains(mantissa, ".") {
		return 0, outside
	}
	e := 0
	if hasExponent {
		var err error
		if e, err = strconv.Atoi(exponent); err != nil {
			e = maxExponent + 1
		}
	}
	if len(text) > maxLiteral || e > maxExponent || e < -maxExponent {
		return 0, "must be an integer written in plain digits"
	}
	r, ok := new(big.Rat).SetString(text)
	switch {
	case !ok || !r.IsInt():
		return 0, "must be an integer, such as 10; " + clip(text) + " is a fraction"
	case !r.Num().IsInt64():
		return 0, outside
	}
	return r.Num().Int64(), ""
}
