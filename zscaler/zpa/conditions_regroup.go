package zpa

import (
	"bytes"
	"encoding/json"
)

// regroup turns the conditions of an answer, one operand a value, into the form that the v2 API takes.
// Nothing is lost: operands of an object type that this package does not know stay as they are, but for
// the members that the service sets, and so does every member of a condition.
func regroup(raw json.RawMessage) json.RawMessage {
	var items []json.RawMessage
	if isNull(raw) || json.Unmarshal(raw, &items) != nil {
		return raw
	}
	for i, item := range items {
		items[i] = regroupCondition(item)
	}
	return encode(items)
}

func regroupCondition(raw json.RawMessage) json.RawMessage {
	var o object
	var operands []json.RawMessage
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return raw
	}
	if !isNull(o["operands"]) && json.Unmarshal(o["operands"], &operands) != nil {
		return raw
	}
	c := condition{members: withoutOwned(o, "operator", "operands"), operator: "OR"}
	if operator := text(o["operator"]); operator != "" {
		c.operator = operator
	}
	for _, item := range operands {
		c.add(regroupOperand(item))
	}
	return encode(c)
}

// regroupOperand reads an operand of an answer, in either shape.
func regroupOperand(raw json.RawMessage) operand {
	var o object
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return operand{verbatim: raw}
	}
	kept := withoutOwned(o)
	if name := text(o["objectType"]); objectTypes[name].form > valuesForm && isText(o["lhs"]) && isText(o["rhs"]) {
		return operand{objectType: name, entries: []entry{{text(o["lhs"]), text(o["rhs"])}}} // empty texts too
	}
	if op, err := parseOperand(encode(onlyOperand(kept)), "operand"); err == nil && op.verbatim == nil {
		return op
	}
	return operand{verbatim: encode(kept)}
}

// onlyOperand keeps the members that carry the meaning of an operand.
func onlyOperand(o object) object {
	kept := object{}
	for _, name := range []string{"objectType", "values", "entryValues", "lhs", "rhs"} {
		if value, ok := o[name]; ok {
			kept[name] = value
		}
	}
	return kept
}

// isText reports whether raw is a JSON string.
func isText(raw json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte(`"`)) }
