package zscalertest

import (
	"cmp"
	"slices"
	"strconv"
)

func (z *zpa) policyRoutes() []route {
	one := "/policySet/{set}/rule/{id}"
	return []route{
		{"GET " + zpaV1 + "/policySet/policyType/{type}", z.policySet},
		{"GET " + zpaV1 + "/policySet/rules/policyType/{type}", z.listRules},
		{"GET " + zpaV1 + one, z.getRule},
		{"POST " + zpaV1 + "/policySet/{set}/rule", z.writeRule(operandsV1)},
		{"POST " + zpaV2 + "/policySet/{set}/rule", z.writeRule(operandsV2)},
		{"PUT " + zpaV1 + one, z.writeRule(operandsV1)},
		{"PUT " + zpaV2 + one, z.writeRule(operandsV2)},
		{"DELETE " + zpaV1 + one, z.deleteRule},
		{"PUT " + zpaV1 + one + "/reorder/{order}", z.reorderOne},
		{"PUT " + zpaV1 + "/policySet/{set}/reorder", z.reorderAll},
	}
}

// findSet returns the policy set of a type: every microtenant has its own.
func (z *zpa) findSet(kind, tenant string) (object, error) {
	for _, set := range z.sets.list(nil) {
		if set["type"] == kind && str(set["microtenantId"]) == tenant {
			return set, nil
		}
	}
	return nil, zpaInvalid("invalid.policy.type", "There is no policy set of this type", kind)
}

func (z *zpa) policySet(c *call) (reply, error) {
	set, err := z.findSet(c.PathValue("type"), microtenantOf(c, nil))
	if err != nil {
		return reply{}, err
	}
	return ok(without(set, "type")), nil
}

func (z *zpa) listRules(c *call) (reply, error) {
	set, err := z.findSet(c.PathValue("type"), microtenantOf(c, nil))
	if err != nil {
		return reply{}, err
	}
	rows := z.rulesOf(str(set["id"]))
	for i, o := range rows {
		rows[i] = z.showRule(o, len(rows))
	}
	return zpaList(c, rows)
}

// rulesOf returns the rules of a set by order, the default rule last.
func (z *zpa) rulesOf(set string) []object {
	rows := z.rules.list(func(o object) bool { return o["policySetId"] == set })
	slices.SortStableFunc(rows, func(a, b object) int {
		if d := isDefaultRule(a); d != isDefaultRule(b) {
			return map[bool]int{true: 1, false: -1}[d]
		}
		return cmp.Compare(ruleOrder(a), ruleOrder(b))
	})
	return rows
}

func ruleOrder(rule object) int {
	n, _ := strconv.Atoi(str(rule["ruleOrder"]))
	return n
}

// showRule adds the priority, which counts from the end, and current names.
func (z *zpa) showRule(rule object, count int) object {
	out := without(rule)
	out["priority"] = strconv.Itoa(count - ruleOrder(rule) + 1)
	if conditions := z.showConditions(rule); len(conditions) > 0 {
		out["conditions"] = conditions
	}
	return out
}

// set returns the policy set in the path, if it belongs to the microtenant of the call.
func (z *zpa) set(c *call) (object, error) {
	set, found := z.sets.get(c.PathValue("set"))
	if !found || str(set["microtenantId"]) != microtenantOf(c, nil) {
		return nil, zpaMissing(c.PathValue("set"))
	}
	return set, nil
}

func (z *zpa) findRule(c *call) (set, rule object, err error) {
	if set, err = z.set(c); err != nil {
		return nil, nil, err
	}
	rule, found := z.rules.get(c.PathValue("id"))
	if !found || rule["policySetId"] != set["id"] {
		return nil, nil, zpaMissing(c.PathValue("id"))
	}
	return set, rule, nil
}

func (z *zpa) getRule(c *call) (reply, error) {
	set, rule, err := z.findRule(c)
	if err != nil {
		return reply{}, err
	}
	return ok(z.showRule(rule, len(z.rulesOf(str(set["id"]))))), nil
}

func (z *zpa) deleteRule(c *call) (reply, error) {
	set, rule, err := z.findRule(c)
	if err != nil {
		return reply{}, err
	}
	if isDefaultRule(rule) {
		return reply{}, zpaInvalid("default.rule.undeletable", "The default rule cannot be deleted", rule["id"])
	}
	z.rules.remove(str(rule["id"]))
	renumber(z.rulesOf(str(set["id"])))
	return noContent(), nil
}
