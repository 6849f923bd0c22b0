package zscalertest

import (
	"slices"
	"strconv"
)

// renumber gives the rules of a set their orders from 1 without gaps.
func renumber(rows []object) {
	for i, rule := range rows {
		rule["ruleOrder"] = strconv.Itoa(i + 1)
	}
}

// reorderOne moves a rule to an order; the default rule stays last.
func (z *zpa) reorderOne(c *call) (reply, error) {
	set, rule, err := z.findRule(c)
	if err != nil {
		return reply{}, err
	}
	rows := z.rulesOf(str(set["id"]))
	to, err := strconv.Atoi(c.PathValue("order"))
	if err != nil || to < 1 || to >= len(rows) || isDefaultRule(rule) {
		return reply{}, zpaInvalid("invalid.rule.order", "The order must be between 1 and the place before the default rule", c.PathValue("order"))
	}
	from := slices.IndexFunc(rows, func(o object) bool { return o["id"] == rule["id"] })
	rows = slices.Insert(slices.Delete(rows, from, from+1), to-1, rule)
	renumber(rows)
	return noContent(), nil
}

// reorderAll takes the ids of all rules in their new order, the default rule last.
func (z *zpa) reorderAll(c *call) (reply, error) {
	set, err := z.set(c)
	if err != nil {
		return reply{}, err
	}
	var ids []string
	if err := c.decode(&ids); err != nil {
		return reply{}, zpaInvalid("invalid.request", err.Error())
	}
	rows := z.rulesOf(str(set["id"]))
	var ordered []object
	for _, id := range ids {
		if rule, found := z.rules.get(id); found && rule["policySetId"] == set["id"] && !slices.Contains(ids[:len(ordered)], id) {
			ordered = append(ordered, rule)
		}
	}
	if len(ordered) != len(rows) || len(ids) != len(rows) || !isDefaultRule(ordered[len(ordered)-1]) {
		return reply{}, zpaInvalid("invalid.rule.order", "Send the ids of all rules, the default rule last")
	}
	renumber(ordered)
	return noContent(), nil
}
