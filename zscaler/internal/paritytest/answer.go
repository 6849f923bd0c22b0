package paritytest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// A gateway answers the calls of one tool after the other. Every object exists, and has members with
// values of their own wherever the tool can change it.
type gateway struct {
	tool    *Tool
	hints   []Hint
	objects map[string]map[string]any // what the GETs of the latest call were answered, by path
}

// answer is an [Answer].
func (g *gateway) answer(r Request) (int, string) {
	status, body := http.StatusOK, ""
	for _, h := range g.hints {
		if h.Answer == nil {
			continue
		}
		if status, body = h.Answer(r); status != 0 {
			break
		}
	}
	if body == "" {
		status, body = http.StatusOK, encode(g.object(r))
	}
	if r.Method == http.MethodGet && g.objects != nil {
		var object map[string]any
		if decode([]byte(body), &object) == nil {
			g.objects[r.Path] = object
		}
	}
	return status, body
}

// object is what stands at a path: with the id in the path, if there is one.
func (g *gateway) object(r Request) map[string]any {
	var id any = answeredID
	if last := r.Path[strings.LastIndex(r.Path, "/")+1:]; digits.MatchString(last) {
		id = last
	}
	if g.tool.Service == "zia" || g.tool.Service == "ztw" {
		id = json.Number(id.(string))
	}
	object := map[string]any{"id": id, "name": "object", "memberOfTheService": map[string]any{"kept": above}}
	for _, c := range g.tool.Calls {
		if g.tool.Effect != "update" || c.Method == http.MethodGet {
			continue
		}
		for name, a := range c.Args {
			if a.In != "body" || strings.ContainsAny(a.API, "*$") {
				continue
			}
			member, _, list := strings.Cut(a.API, "[]")
			object[member] = g.before(name, list)
		}
	}
	return object
}

// before is the value of a member before an update.
func (g *gateway) before(name string, list bool) any {
	if list {
		return []any{map[string]any{"id": json.Number("99")}}
	}
	for _, p := range g.tool.Params {
		if p.Name != name {
			continue
		}
		switch {
		case strings.HasPrefix(p.Type, "array"):
			return []any{"before"}
		case p.Type == "integer" || p.Type == "number":
			return json.Number("99")
		case p.Type == "boolean":
			return false
		case p.Type == "object":
			return map[string]any{"before": true}
		}
	}
	return "before"
}
