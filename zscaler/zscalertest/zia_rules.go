package zscalertest

import (
	"fmt"
	"slices"
)

// showLabel adds how many rules carry the label.
func (z *zia) showLabel(label object) object {
	out := without(label)
	count := 0
	for _, rules := range z.labelled {
		count += len(rules.list(func(rule object) bool { return refersTo(rule, "labels", str(label["id"])) }))
	}
	out["referencedRuleCount"] = count
	return out
}

// refersTo reports whether a list of references in the rule holds the id.
func refersTo(rule object, field, id string) bool {
	return slices.ContainsFunc(list(rule[field]), func(ref any) bool { return refID(ref) == id })
}

func (z *zia) showRule(rule object) object { return showReferences(rule, z.directory) }

// showReferences adds the names of what the rule refers to.
func showReferences(rule object, directory map[string]*table) object {
	out := without(rule)
	for field, rows := range directory {
		var refs []any
		for _, ref := range list(rule[field]) {
			if target, found := rows.get(refID(ref)); found {
				refs = append(refs, pick(target, "id", "name"))
			}
		}
		delete(out, field)
		if len(refs) > 0 {
			out[field] = refs
		}
	}
	return out
}

// refID returns the id of a reference object as text.
func refID(ref any) string {
	o, _ := ref.(object)
	return str(o["id"])
}

// oneOf are the rule fields with a closed set of values, and the value when absent.
var oneOf = []struct {
	field, fallback string
	values          []string
}{
	{"action", "", []string{"BLOCK", "CAUTION", "ALLOW", "ISOLATE"}},
	{"state", "ENABLED", []string{"ENABLED", "DISABLED"}},
}

// checkRule judges a URL filtering rule and fills in defaults.
func (z *zia) checkRule(rule object) error {
	for _, f := range oneOf {
		if rule[f.field] == nil {
			rule[f.field] = f.fallback
		}
		if !slices.Contains(f.values, str(rule[f.field])) {
			return ziaInvalid(fmt.Sprintf("%s must be one of %v", f.field, f.values))
		}
	}
	if err := checkPlace(rule); err != nil {
		return err
	}
	if len(list(rule["protocols"])) == 0 {
		rule["protocols"] = []any{"ANY_RULE"}
	}
	if err := checkReferences(rule, z.directory); err != nil {
		return err
	}
	return z.checkCategories(rule)
}

// checkCategories wants existing URL categories, by id or by reference.
func (z *zia) checkCategories(rule object) error {
	for _, category := range list(rule["urlCategories"]) {
		if _, found := z.categories.get(str(category) + refID(category)); !found {
			return ziaInvalid(fmt.Sprintf("urlCategories holds the unknown category %v", category))
		}
	}
	return nil
}

// checkPlace judges order and rank, and fills in the rank.
func checkPlace(rule object) error {
	if order, isInt := number(rule["order"]); !isInt || order < 1 {
		return ziaInvalid("order must be a positive integer")
	}
	if rule["rank"] == nil {
		rule["rank"] = ziaNumber(7)
	}
	if rank, isInt := number(rule["rank"]); !isInt || rank < 0 || rank > 7 {
		return ziaInvalid("rank must be an integer between 0 and 7")
	}
	return nil
}

// checkReferences wants {"id": integer} for every reference and an existing target.
func checkReferences(rule object, directory map[string]*table) error {
	for field, rows := range directory {
		if _, isList := rule[field].([]any); rule[field] != nil && !isList {
			return ziaInvalid(field + " must be a list of references")
		}
		for _, ref := range list(rule[field]) {
			o, _ := ref.(object)
			if _, isInt := number(o["id"]); !isInt {
				return ziaInvalid(field + " must be a list of objects with an integer id")
			}
			if _, found := rows.get(refID(ref)); !found {
				return ziaInvalid(fmt.Sprintf("%s refers to %s, which does not exist", field, refID(ref)))
			}
		}
	}
	return nil
}

func (z *zia) arrangeRules(changed object, from int) { arrange(z.rules, changed, from) }

// arrange makes room at the order of the changed rule: 1 is the top, the rest shifts. A rule whose order
// is below 1 stands apart, as default rules do.
func arrange(rows *table, changed object, from int) {
	last := len(rows.list(func(o object) bool { n, _ := number(o["order"]); return n > 0 }))
	to, _ := number(changed["order"])
	to = min(to, last)
	changed["order"] = ziaNumber(to)
	switch {
	case from == 0:
		shift(rows, changed, to, last, 1)
	case to < from:
		shift(rows, changed, to, from-1, 1)
	case to > from:
		shift(rows, changed, from+1, to, -1)
	}
}

// shift moves the rules with an order from first to last, but not except, by delta.
func shift(rows *table, except object, first, last, delta int) {
	for _, rule := range rows.list(nil) {
		order, _ := number(rule["order"])
		if str(rule["id"]) != str(except["id"]) && order >= first && order <= last {
			rule["order"] = ziaNumber(order + delta)
		}
	}
}

func sortByOrder(rows []object) {
	slices.SortStableFunc(rows, func(a, b object) int {
		x, _ := number(a["order"])
		y, _ := number(b["order"])
		return x - y
	})
}

// dropReferences takes a deleted object out of every rule.
func (z *zia) dropReferences(field, id string) {
	for _, rules := range z.labelled {
		for _, rule := range rules.list(nil) {
			refs := slices.DeleteFunc(slices.Clone(list(rule[field])), func(ref any) bool {
				return refID(ref) == id || str(ref) == id
			})
			if rule[field] != nil {
				rule[field] = refs
			}
		}
	}
}
