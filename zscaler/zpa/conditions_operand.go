package zpa

import (
	"encoding/json"
	"fmt"
	"strings"
)

// parseOperand parses an operand with values, with entryValues, or with lhs and rhs as in answers.
func parseOperand(raw json.RawMessage, place string) (operand, error) {
	o, err := members(raw, place, "objectType", "values", "entryValues", "lhs", "rhs", "object_type", "entry_values")
	if err != nil {
		return operand{}, err
	}
	for snake, wire := range map[string]string{"object_type": "objectType", "entry_values": "entryValues"} {
		if value, ok := o[snake]; ok {
			if _, twice := o[wire]; twice {
				return operand{}, wrong(place, "has both %s and %s", wire, snake)
			}
			o[wire] = value
			delete(o, snake)
		}
	}
	op := operand{objectType: strings.ToUpper(text(o["objectType"]))}
	kind, known := objectTypes[op.objectType]
	if !known {
		return unknownOperand(o, op.objectType, place)
	}
	for _, name := range []string{"values", "entryValues"} {
		if isNull(o[name]) {
			continue
		}
		entries, err := kind.parseEntries(o[name], place+"."+name)
		if err != nil {
			return operand{}, err
		}
		op.entries = append(op.entries, entries...)
	}
	if !isNull(o["lhs"]) || !isNull(o["rhs"]) {
		e, err := kind.parseBare(o, place)
		if err != nil {
			return operand{}, err
		}
		op.entries = append(op.entries, e)
	}
	if len(op.entries) == 0 {
		return operand{}, wrong(place, "%s needs %s", op.objectType, kind.usage())
	}
	return op, nil
}

// unknownOperand accepts an object type that this package does not know only as the read tools show
// it, with lhs and rhs, so that conditions can be written back; else the name is taken for a mistake.
func unknownOperand(o object, name, place string) (operand, error) {
	lhs, rhs := !isNull(o["lhs"]), !isNull(o["rhs"])
	if name == "" || !lhs || !rhs || o["values"] != nil || o["entryValues"] != nil {
		return operand{}, wrong(place+".objectType", "must be one of %s", typeNames())
	}
	return operand{verbatim: encode(o)}, nil
}

// parseBare reads lhs and rhs of the operand itself. Plain values have the word id or nothing as lhs.
func (t objectType) parseBare(o object, place string) (entry, error) {
	if isNull(o["rhs"]) {
		return entry{}, wrong(place+".rhs", "is needed beside lhs: %s", orValue(t.rhs))
	}
	if t.form == valuesForm {
		return t.parseEntry(o["rhs"], place+".rhs")
	}
	return t.parseEntry(encode(object{"lhs": o["lhs"], "rhs": o["rhs"]}), place)
}

// parseEntries parses a list of values of the type; a single value is taken for a list of one.
func (t objectType) parseEntries(raw json.RawMessage, place string) ([]entry, error) {
	items := []json.RawMessage{raw}
	if strings.HasPrefix(strings.TrimSpace(string(raw)), "[") {
		items = list(raw)
	}
	entries := make([]entry, 0, len(items))
	for i, item := range items {
		e, err := t.parseEntry(item, fmt.Sprintf("%s[%d]", place, i))
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// parseEntry parses one value: a plain one, {lhs, rhs} or [lhs, rhs].
func (t objectType) parseEntry(raw json.RawMessage, place string) (entry, error) {
	if value, ok := scalar(raw); ok {
		switch {
		case t.form == valuesForm:
			return entry{RHS: value}, nil
		case t.form == setForm && value != "true" && value != "false":
			return entry{LHS: value, RHS: "true"}, nil
		}
		return entry{}, wrong(place, "must be a pair: %s", t.usage())
	}
	var sides struct{ LHS, RHS json.RawMessage }
	if pair := list(raw); len(pair) == 2 {
		sides.LHS, sides.RHS = pair[0], pair[1]
	} else if json.Unmarshal(raw, &sides) != nil {
		return entry{}, wrong(place, "want %s", t.usage())
	}
	rhs, ok := scalar(sides.RHS)
	if !ok {
		return entry{}, wrong(place, "rhs must be %s", orValue(t.rhs))
	}
	lhs, ok := scalar(sides.LHS)
	if t.form == valuesForm {
		if ok && lhs != "id" {
			return entry{}, wrong(place, "is a pair; want %s", t.usage())
		}
		return entry{RHS: rhs}, nil
	}
	if !ok {
		return entry{}, wrong(place, "lhs must be %s", orValue(t.lhs))
	}
	return entry{lhs, rhs}, nil
}

func orValue(text string) string {
	if text == "" {
		return "a text"
	}
	return text
}

// scalar returns the text of a non-empty JSON string, a number or a boolean; digits stay exact.
func scalar(raw json.RawMessage) (string, bool) {
	trimmed := strings.TrimSpace(string(raw))
	switch {
	case trimmed == "", trimmed == "null", trimmed[0] == '{', trimmed[0] == '[':
		return "", false
	case trimmed[0] == '"':
		s := text(raw)
		return s, s != ""
	}
	return trimmed, true
}
