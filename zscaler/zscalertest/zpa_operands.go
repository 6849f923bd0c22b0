package zscalertest

import "slices"

// showConditions returns the conditions of a rule with the names of what the operands stand for.
func (z *zpa) showConditions(rule object) []any {
	var out []any
	for _, entry := range list(rule["conditions"]) {
		condition := without(entry.(object))
		var operands []any
		for _, o := range list(condition["operands"]) {
			operand := without(o.(object))
			operand["conditionId"] = condition["id"]
			z.nameOperand(operand)
			operands = append(operands, operand)
		}
		condition["operands"] = operands
		out = append(out, condition)
	}
	return out
}

func (z *zpa) nameOperand(o object) {
	kind, lhs, rhs := str(o["objectType"]), str(o["lhs"]), str(o["rhs"])
	var target object
	switch kind {
	case "APP":
		target, _ = z.segments.get(rhs)
	case "APP_GROUP":
		target, _ = z.groups.get(rhs)
	case "SCIM_GROUP":
		target, _ = z.scim.get(rhs)
		idp, _ := z.directory["idp"].get(lhs)
		o["idpId"], o["idpName"] = lhs, str(idp["name"])
	default:
		target = object{"name": z.names[kind+"/"+lhs]}
		if lhs == "id" {
			target = object{"name": z.names[kind+"/"+rhs]}
		}
	}
	if name := str(target["name"]); name != "" {
		o["name"] = name
	}
}

func hasOperand(rule object, kind, id string) bool {
	return slices.ContainsFunc(list(rule["conditions"]), func(entry any) bool {
		return slices.ContainsFunc(list(entry.(object)["operands"]), isOperand(kind, id))
	})
}

func isOperand(kind, id string) func(any) bool {
	return func(o any) bool { return o.(object)["objectType"] == kind && o.(object)["rhs"] == id }
}

// dropOperand takes an operand out of a rule, and conditions that become empty.
func dropOperand(rule object, kind, id string) {
	var kept []any
	for _, entry := range list(rule["conditions"]) {
		condition := entry.(object)
		operands := slices.DeleteFunc(slices.Clone(list(condition["operands"])), isOperand(kind, id))
		if condition["operands"] = operands; len(operands) > 0 {
			kept = append(kept, condition)
		}
	}
	rule["conditions"] = kept
}
