package zpa

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A conditionError is a mistake in the conditions argument: where, and what is allowed there.
type conditionError struct{ place, text string }

func (e conditionError) Error() string { return e.place + ": " + e.text }

func wrong(place, format string, args ...any) error {
	return conditionError{place, fmt.Sprintf(format, args...)}
}

// parseConditions turns the conditions argument into conditions for the v2 API. It may be a list, or
// the JSON text of one, of objects {operator, operands} and of pairs [type, values] or [AND|OR, [type,
// values]]. given is false when there are none to speak of: absent, null or an empty text.
func parseConditions(raw json.RawMessage) (all []condition, given bool, err error) {
	const place = "conditions"
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && raw[0] == '"' {
		if raw = json.RawMessage(text(raw)); !isNull(raw) && !json.Valid(raw) {
			return nil, false, wrong(place, "the text is not JSON; %s", conditionsUsage)
		}
	}
	if isNull(raw) {
		return nil, false, nil
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil, false, wrong(place, "%s", conditionsUsage)
	}
	all = []condition{}
	var pairs []pairCondition
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", place, i)
		if strings.HasPrefix(strings.TrimSpace(string(item)), "[") {
			p, err := parsePair(item, at)
			if err != nil {
				return nil, false, err
			}
			pairs = append(pairs, p)
			continue
		}
		split, err := parseCondition(item, at)
		if err != nil {
			return nil, false, err
		}
		all = append(all, split...)
	}
	return append(all, joinPairs(pairs)...), true, nil
}

const conditionsUsage = `must be a list of {"operator": "AND" or "OR", "operands": [{"objectType": "APP", "values": ["id"]}]}, or of pairs such as ["app", ["id"]]`

// members decodes a JSON object with none but the allowed members and those that the service adds to
// its answers, which are dropped.
func members(raw json.RawMessage, place string, allowed ...string) (object, error) {
	var o object
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return nil, wrong(place, "must be an object with %s", strings.Join(allowed, ", "))
	}
	o = withoutOwned(o)
	for name := range o {
		if !slices.Contains(allowed, name) {
			return nil, wrong(place, "unknown member %q; there are %s", name, strings.Join(allowed, ", "))
		}
	}
	return o, nil
}

// parseCondition parses {operator, negated, operands}. A condition whose operands cannot share one is
// split where that keeps its meaning.
func parseCondition(raw json.RawMessage, place string) ([]condition, error) {
	o, err := members(raw, place, "operator", "operands", "negated")
	if err != nil {
		return nil, err
	}
	c := condition{}
	if c.operator, err = parseOperator(o["operator"], place); err != nil {
		return nil, err
	}
	negated := false
	if raw := o["negated"]; !isNull(raw) {
		if json.Unmarshal(raw, &negated) != nil {
			return nil, wrong(place+".negated", "must be true or false")
		}
		c.members = object{"negated": raw}
	}
	var operands []json.RawMessage
	if json.Unmarshal(o["operands"], &operands) != nil || len(operands) == 0 {
		return nil, wrong(place+".operands", "must be a list of at least one operand")
	}
	for i, item := range operands {
		op, err := parseOperand(item, fmt.Sprintf("%s.operands[%d]", place, i))
		if err != nil {
			return nil, err
		}
		c.add(op)
	}
	parts := c.split()
	if len(parts) > 1 && (negated || text(o["operator"]) != "" && c.operator == "OR") {
		return nil, wrong(place, "%s cannot be joined by %s in one condition; give each a condition of its own (conditions are ANDed)", c.typeList(), c.joined(negated))
	}
	return parts, nil
}

func (c condition) joined(negated bool) string {
	if negated {
		return "a negated " + c.operator
	}
	return c.operator
}

func (c condition) typeList() string {
	var names []string
	for _, o := range c.operands {
		names = append(names, o.objectType)
	}
	return strings.Join(names, ", ")
}

// split returns a condition for each family of object types in c. Joined by AND they mean the same,
// since conditions are ANDed.
func (c condition) split() []condition {
	var parts []condition
	for _, o := range c.operands {
		i := slices.IndexFunc(parts, func(p condition) bool {
			return o.verbatim != nil || p.operands[0].verbatim != nil || familyOf(p.operands[0].objectType) == familyOf(o.objectType)
		})
		if i < 0 {
			i = len(parts)
			parts = append(parts, condition{members: c.members, operator: c.operator})
		}
		parts[i].operands = append(parts[i].operands, o)
	}
	return parts
}

// parseOperator reads AND or OR in any case; OR when there is none.
func parseOperator(raw json.RawMessage, place string) (string, error) {
	if isNull(raw) {
		return "OR", nil
	}
	switch operator := strings.ToUpper(text(raw)); operator {
	case "AND", "OR":
		return operator, nil
	}
	return "", wrong(place+".operator", "must be AND or OR")
}
