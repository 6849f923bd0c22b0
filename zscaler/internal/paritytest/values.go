package paritytest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	// above is the first integer that a float cannot hold.
	above = json.Number("9007199254740993")
	// special holds what has to be escaped somewhere.
	special = `a b&c+d%e=f"ü`
	// segment is special as far as a path takes it: ours refuse percent signs there.
	segment = `a b&c+d=e"ü`
	// generatedReference is a member of ZIA rules that points to other objects.
	generatedReference = "location_groups"
)

var alternatives = regexp.MustCompile(`^\^\(([A-Za-z_|]+)\)\$$`)

// lawful returns values that the tool takes, the most ordinary first. p is as ours declares it.
func (g *generator) lawful(p Param) []any {
	if values := g.hinted(p.Name); values != nil {
		return values
	}
	if element, ok := strings.CutPrefix(p.Type, "array<"); ok {
		return lists(g.single(p, strings.TrimSuffix(element, ">")), p.NonEmpty)
	}
	values := g.single(p, p.Type)
	if p.Type == "string" && !p.NonEmpty && p.Enum == nil && p.Pattern == "" && !g.in("path", p.Name) {
		values = append(values, "")
	}
	return values
}

// lists returns a list of each value, one of all, and the empty one.
func lists(values []any, nonEmpty bool) []any {
	out := []any{slices.Clone(values)}
	for _, value := range values {
		out = append(out, []any{value})
	}
	if !nonEmpty {
		out = append(out, []any{})
	}
	return out
}

// single returns values of one type, with the bounds of p.
func (g *generator) single(p Param, kind string) []any {
	switch kind {
	case "boolean":
		return []any{true, false}
	case "integer":
		return g.integers(p)
	case "number":
		return []any{json.Number("1.5"), json.Number("-77.0369"), json.Number("0")}
	case "string":
		return g.texts(p)
	case "object":
		return append(g.objects(p), map[string]any{})
	}
	return []any{map[string]any{"first_key": "v", "second_key": map[string]any{"third_key": above}}}
}

func (g *generator) integers(p Param) []any {
	least, most := int64(0), int64(0)
	if p.Min != nil {
		least = int64(*p.Min)
	}
	if p.Max != nil {
		most = int64(*p.Max)
	}
	all := []any{integer(least + 2), integer(least)}
	switch {
	case p.Max != nil:
		all = append(all, integer(most))
	case !g.timed(p.Name):
		all = append(all, above)
	}
	return all
}

func integer(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// texts returns texts, by what the table says of the argument.
func (g *generator) texts(p Param) []any {
	as := g.as(p.Name)
	switch m := alternatives.FindStringSubmatch(p.Pattern); {
	case p.Enum != nil:
		return anyOf(p.Enum)
	case m != nil:
		return anyOf(strings.Split(m[1], "|"))
	case mapping.MatchString(as):
		var keys []string
		for pair := range strings.SplitSeq(as, ", ") {
			key, _, _ := strings.Cut(pair, "=")
			keys = append(keys, key)
		}
		return anyOf(keys)
	case as == "upper-cased two-letter code":
		return []any{"us", "DE"}
	case as == "upper-cased, ASC or DESC":
		return []any{"asc", "DESC"}
	case as == "zpa_filter":
		return []any{"text", ` "` + special + `" `, "name+co+x", "description+contains+x", `"`}
	case g.in("path", p.Name):
		return []any{"7", string(above), segment}
	case strings.HasSuffix(p.Name, "_id") || strings.HasSuffix(p.Name, "_ids"):
		return []any{"7", string(above), special}
	}
	return []any{"text", special, "0"}
}

func anyOf(texts []string) []any {
	var all []any
	for _, text := range texts {
		all = append(all, text)
	}
	return all
}

// objects returns objects; of those that the tool takes single members from, objects with these.
func (g *generator) objects(p Param) []any {
	members := map[string]any{}
	for _, as := range g.conversions(p.Name) {
		if m := ofMember.FindStringSubmatch(as); m != nil {
			members[m[1]] = []any{"text", special}
		}
	}
	if len(members) == 0 {
		members = map[string]any{"some_key": above, "another_key": map[string]any{"inner_key": []any{special}}, "flag": false}
		if g.tool.Service == "zia" && g.in("body", p.Name) {
			members["null_key"] = nil // is left out
			members[generatedReference] = []any{"8", above}
		}
	}
	return []any{members}
}

// unlawful returns values that both refuse before they send anything.
func (g *generator) unlawful(p Param) []any {
	single := strings.TrimSuffix(strings.TrimPrefix(p.Type, "array<"), ">")
	var values []any
	if p.Min != nil {
		values = append(values, integer(int64(*p.Min)-1))
	}
	if p.Max != nil {
		values = append(values, integer(int64(*p.Max)+1))
	}
	if p.Enum != nil || p.Pattern != "" {
		values = append(values, "no such value")
	}
	if g.in("path", p.Name) && !g.in("client", p.Name) && single == "string" {
		if !slices.ContainsFunc(g.places(p.Name), func(a Arg) bool { return a.In == "path" && a.SkipEmpty }) { // else it is as good as absent
			values = append(values, "")
		}
		values = append(values, "..", "a/../b", "%2e%2e") // each could name another resource; the vendor's sends them
	}
	if single != p.Type {
		values = lists(values, true)[1:]
	}
	if p.NonEmpty && single == "string" {
		values = append(values, map[bool]any{true: "", false: []any{}}[single == p.Type])
	}
	return values
}
