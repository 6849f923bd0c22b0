package zscalertest

import (
	"fmt"
	"slices"
)

// An operandParser turns one operand of a request into pairs of left and right side.
type operandParser func(object) ([][2]string, error)

// families names the object types that may share a condition with others of the same family.
var families = map[string]string{
	"APP": "applications", "APP_GROUP": "applications",
	"SAML": "identity", "SCIM": "identity", "SCIM_GROUP": "identity",
	"CHROME_ENTERPRISE": "chrome", "CHROME_POSTURE_PROFILE": "chrome",
}

// valueKinds are the object types whose operands are plain ids; all others are pairs.
var valueKinds = []string{
	"APP", "APP_GROUP", "CLIENT_TYPE", "CONSOLE", "MACHINE_GRP", "LOCATION", "BRANCH_CONNECTOR_GROUP",
	"EDGE_CONNECTOR_GROUP", "CHROME_POSTURE_PROFILE", "USER_PORTAL", "PRIVILEGE_PORTAL",
}

// pairKinds maps the object types that have pairs to the right sides they take; empty means any.
var pairKinds = map[string][]string{
	"SAML": nil, "SCIM": nil, "SCIM_GROUP": nil,
	"PLATFORM": {"true"}, "COUNTRY_CODE": {"true"}, "TRUSTED_NETWORK": {"true"},
	"POSTURE": {"true", "false"}, "CHROME_ENTERPRISE": {"true", "false"},
	"RISK_FACTOR_TYPE": {"UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL"},
}

// operandsV1 reads {objectType, lhs, rhs}.
func operandsV1(o object) ([][2]string, error) {
	lhs, isText := o["lhs"].(string)
	rhs, isText2 := o["rhs"].(string)
	if !isText || !isText2 || lhs == "" || rhs == "" {
		return nil, zpaInvalid("invalid.operand", "A v1 operand has lhs and rhs", o["objectType"])
	}
	return [][2]string{{lhs, rhs}}, nil
}

// operandsV2 reads {objectType, values} or {objectType, entryValues}.
func operandsV2(o object) ([][2]string, error) {
	var out [][2]string
	if slices.Contains(valueKinds, str(o["objectType"])) {
		for _, v := range list(o["values"]) {
			id, _ := v.(string)
			out = append(out, [2]string{"id", id})
		}
	} else {
		for _, v := range list(o["entryValues"]) {
			pair, _ := v.(object)
			lhs, _ := pair["lhs"].(string)
			rhs, _ := pair["rhs"].(string)
			out = append(out, [2]string{lhs, rhs})
		}
	}
	empty := slices.ContainsFunc(out, func(p [2]string) bool { return p[0] == "" || p[1] == "" })
	if len(out) == 0 || empty || o["lhs"] != nil || o["rhs"] != nil {
		return nil, zpaInvalid("invalid.operand", "A v2 operand has values, or entryValues with lhs and rhs, as its object type wants", o["objectType"])
	}
	return out, nil
}

// conditions turns the conditions of a request into the stored v1 form: one operand per value.
func (z *zpa) conditions(v any, parse operandParser) ([]any, error) {
	entries, isList := v.([]any)
	if v != nil && !isList {
		return nil, zpaInvalid("invalid.request", "A list is expected", "conditions")
	}
	var out []any
	for _, entry := range entries {
		condition, _ := entry.(object)
		operator := str(condition["operator"])
		if operator == "" {
			operator = "OR"
		}
		if operator != "OR" && operator != "AND" {
			return nil, zpaInvalid("invalid.operator", "The operator of a condition is OR or AND", operator)
		}
		operands, err := z.operands(list(condition["operands"]), parse)
		if err != nil {
			return nil, err
		}
		out = append(out, object{"id": z.newShortID(), "operator": operator, "negated": condition["negated"] == true, "operands": operands})
	}
	return out, nil
}

func (z *zpa) operands(entries []any, parse operandParser) ([]any, error) {
	if len(entries) == 0 {
		return nil, zpaInvalid("invalid.condition", "A condition needs at least one operand")
	}
	var out []any
	first := ""
	for _, entry := range entries {
		in, _ := entry.(object)
		kind := str(in["objectType"])
		if first == "" {
			first = kind
		}
		if kind != first && (families[kind] == "" || families[kind] != families[first]) {
			return nil, zpaInvalid("invalid.condition", "The operands of a condition have one object type", first, kind)
		}
		pairs, err := parse(in)
		if err != nil {
			return nil, err
		}
		for _, pair := range pairs {
			if err := z.checkOperand(kind, pair[0], pair[1]); err != nil {
				return nil, err
			}
			operand := object{"id": z.newShortID(), "objectType": kind, "lhs": pair[0], "rhs": pair[1]}
			z.stamp(operand, nil)
			out = append(out, operand)
		}
	}
	return out, nil
}

// checkOperand judges one operand. Objects that this tenant holds have to exist.
func (z *zpa) checkOperand(kind, lhs, rhs string) error {
	found := true
	switch kind {
	case "APP":
		_, found = z.segments.get(rhs)
	case "APP_GROUP":
		_, found = z.groups.get(rhs)
	case "SCIM_GROUP":
		group, known := z.scim.get(rhs)
		found = known && str(group["idpId"]) == lhs
	}
	if !found {
		return zpaInvalid("resource.not.found", "An operand names an object that does not exist", kind, rhs)
	}
	if slices.Contains(valueKinds, kind) {
		return nil
	}
	allowed, known := pairKinds[kind]
	if !known || (allowed != nil && !slices.Contains(allowed, rhs)) {
		return zpaInvalid("invalid.operand", fmt.Sprintf("%s does not take %q", kind, rhs), kind, lhs, rhs)
	}
	return nil
}
