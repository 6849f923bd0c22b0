package zpa

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asAnswered turns conditions into the v1 shape of answers: one operand a value, with the service's
// own members.
func asAnswered(conditions []condition) json.RawMessage {
	answer := make([]object, len(conditions))
	for i, c := range conditions {
		var operands []object
		for _, o := range c.operands {
			if o.verbatim != nil {
				var raw object
				_ = json.Unmarshal(o.verbatim, &raw)
				raw["id"] = encode("9")
				operands = append(operands, raw)
			}
			for _, e := range o.entries {
				lhs := e.LHS
				if objectTypes[o.objectType].form == valuesForm {
					lhs = "id"
				}
				operands = append(operands, object{"id": encode("8"), "objectType": encode(o.objectType),
					"lhs": encode(lhs), "rhs": encode(e.RHS), "name": encode("shown"), "conditionId": encode("7")})
			}
		}
		answer[i] = object{"id": encode("7"), "modifiedTime": encode("1"), "operator": encode(c.operator), "operands": encode(operands)}
		for name, value := range c.members {
			answer[i][name] = value
		}
	}
	return encode(answer)
}

// FuzzConditions: whatever is accepted can be sent, means the same when it is given again, and comes
// back from the v1 shape of the answer as it was.
func FuzzConditions(f *testing.F) {
	for _, seed := range []string{
		`null`, `""`, `[]`, `"[]"`, `[["app",["1"]],["AND",["posture",[["u",true]]]]]`, `[[]]`, `[null]`, `[{"operands":[null]}]`,
		`[{"operator":"AND","negated":true,"operands":[{"objectType":"SCIM_GROUP","entryValues":[{"lhs":1,"rhs":2}]}]}]`,
		`[{"operands":[{"objectType":"NEW","lhs":"id","rhs":"7"},{"objectType":"APP","lhs":"id","rhs":"1"}]}]`,
		`"[{\"operands\":[{\"object_type\":\"platform\",\"values\":[\"mac\"]}]}]"`, `[["AND",["OR",["app",["1"]]]]]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) {
			return // arguments are JSON before they come here
		}
		conditions, given, err := parseConditions(data)
		if err != nil || !given {
			return
		}
		sent := encode(conditions)
		if !json.Valid(sent) {
			t.Fatalf("sends %q", sent)
		}
		again, _, err := parseConditions(sent)
		if err != nil {
			t.Fatalf("%s is sent, but refused when given: %v", sent, err)
		}
		if diff := cmp.Diff(string(sent), string(encode(again))); diff != "" {
			t.Errorf("given again (-first +second):\n%s", diff)
		}
		if diff := cmp.Diff(string(sent), string(regroup(asAnswered(conditions)))); diff != "" {
			t.Errorf("after a round trip (-sent +read):\n%s", diff)
		}
	})
}
