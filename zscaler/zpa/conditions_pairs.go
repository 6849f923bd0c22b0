package zpa

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A pairCondition is a parsed [type, values] with its operator.
type pairCondition struct {
	operator string
	operand  operand
}

// parsePair parses [type, values] and [AND|OR, [type, values]]; types are written in any case.
func parsePair(raw json.RawMessage, place string) (pairCondition, error) {
	p := pairCondition{operator: "OR"}
	pair := list(raw)
	if len(pair) == 2 {
		if word := strings.ToUpper(text(pair[0])); word == "AND" || word == "OR" {
			p.operator, pair, place = word, list(pair[1]), place+"[1]"
		}
	}
	if len(pair) != 2 {
		return p, wrong(place, `must be [type, values] or ["AND" or "OR", [type, values]]`)
	}
	p.operand.objectType = strings.ToUpper(text(pair[0]))
	kind, known := objectTypes[p.operand.objectType]
	if !known {
		return p, wrong(place+"[0]", "must be AND, OR or one of %s, in any case", strings.ToLower(typeNames()))
	}
	var err error
	if p.operand.entries, err = kind.parseEntries(pair[1], place+"[1]"); err != nil {
		return p, err
	}
	if len(p.operand.entries) == 0 {
		return p, wrong(place+"[1]", "must hold at least one value; %s needs %s", p.operand.objectType, kind.usage())
	}
	return p, nil
}

// pairOrder is the order in which the conditions made of pairs are sent; all other types follow.
var pairOrder = []string{"chrome", "app", "CONSOLE", "LOCATION", "MACHINE_GRP", "CLIENT_TYPE", "USER_PORTAL"}

// pairFamily is what pairs share a condition by: applications with application groups, and the two
// Chrome types; identity attributes stay apart, and so are ANDed.
func pairFamily(name string) string {
	if family := objectTypes[name].family; family == "app" || family == "chrome" {
		return family
	}
	return name
}

// joinPairs makes one condition of the pairs of the same family and operator: pairs are a list of
// criteria, not of conditions.
func joinPairs(pairs []pairCondition) []condition {
	type block struct {
		condition
		key  string
		rank int
	}
	var blocks []*block
	for _, p := range pairs {
		family := pairFamily(p.operand.objectType)
		key := fmt.Sprint(p.operator, " ", family)
		i := slices.IndexFunc(blocks, func(b *block) bool { return b.key == key })
		if i < 0 {
			rank := slices.Index(pairOrder, family)
			if rank < 0 {
				rank = len(pairOrder)
			}
			i = len(blocks)
			blocks = append(blocks, &block{condition{operator: p.operator}, key, rank})
		}
		blocks[i].add(p.operand)
	}
	slices.SortStableFunc(blocks, func(a, b *block) int { return a.rank - b.rank })
	var all []condition
	for _, b := range blocks {
		all = append(all, b.condition)
	}
	return all
}
