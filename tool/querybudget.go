package tool

import (
	"context"
	"encoding/json"
)

// What one query may use. A short expression can be exponential in its length, in memory and in
// time, so both are counted while it runs.
const (
	// The rows multiplied, and a base for few of them, up to the maximum; in bytes.
	queryBytesPerByte = 8
	baseQueryBytes    = 8 << 20
	maxQueryBudget    = 32 << 20
	// maxQuerySteps is in evaluations of one node of an expression, of which each takes some 100 ns.
	maxQuerySteps = 2 << 20
	// maxResultDepth leaves room for the envelope below the 64 levels that some clients decode.
	maxResultDepth = 50

	// Sizes in memory, roughly.
	slotBytes   = 16 // an element of an array
	memberBytes = 64 // a member of an object
	// stepBytes is how many bytes are gone through at the price of a step; an element is sorted for one.
	stepBytes = slotBytes
)

// A budget is what is left for one query to use. Once exceeded it stays so: the library drops some errors.
type budget struct {
	ctx          context.Context
	bytes, steps int
	err          error
}

func newBudget(ctx context.Context, rows int) *budget {
	return &budget{ctx: ctx, bytes: min(baseQueryBytes+queryBytesPerByte*min(rows, maxQueryBudget), maxQueryBudget), steps: maxQuerySteps}
}

// spend takes from the budget what is about to be used, or was just now.
func (b *budget) spend(bytes, steps int) error {
	if b.err != nil {
		return b.err
	}
	if b.err = b.ctx.Err(); b.err != nil {
		return b.err
	}
	b.bytes -= bytes
	b.steps -= steps
	switch {
	case b.bytes < 0:
		b.err = queryError("needs too much memory on these rows; select fewer members, or ask for fewer rows")
	case b.steps < 0:
		b.err = queryError("takes too long on these rows; make it simpler, or ask for fewer rows")
	}
	return b.err
}

// shallow is what value itself takes up, without what an array or object holds.
func shallow(value any) int {
	switch v := value.(type) {
	case string:
		return len(v)
	case []any:
		return len(v) * slotBytes
	case map[string]any:
		return len(v) * memberBytes
	}
	return 0
}

// A ruler measures values as JSON. What a value holds many times counts as often, so it stops at a limit.
type ruler struct{ left, deepest int }

// encoded returns an upper bound for the length of value as JSON, and how deep it nests. If the length
// is beyond limit, it is any number that is, and the depth may be too small.
func encoded(value any, limit int) (length, depth int) {
	r := ruler{left: limit}
	r.measure(value, 0)
	return limit - r.left, r.deepest
}

func (r *ruler) measure(value any, depth int) {
	const longestNumber = 25
	switch v := value.(type) {
	case string:
		r.left -= quotedLength(v)
	case json.Number:
		r.left -= len(v)
	case float64:
		r.left -= longestNumber
	case []any:
		r.enter(len(v), depth)
		for i := 0; i < len(v) && r.left >= 0; i++ {
			r.measure(v[i], depth+1)
		}
	case map[string]any:
		r.enter(len(v), depth)
		for name, member := range v {
			if r.left < 0 {
				return
			}
			r.left -= quotedLength(name) + len(":")
			r.measure(member, depth+1)
		}
	default:
		r.left -= len("false")
	}
}

func (r *ruler) enter(size, depth int) {
	r.left -= size + len("[]")
	r.deepest = max(r.deepest, depth+1)
}

// quotedLength bounds the length of s as a JSON string.
func quotedLength(s string) int {
	n := len(s) + len(`""`)
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ':
			n += len(`\u0000`) - 1
		case c == '"', c == '\\', c > '~': // U+2028 has three bytes, its escape six
			n++
		}
	}
	return n
}
