package tool

import (
	"encoding/json"
	"html"
	"strings"
)

// maskCore is what is left of the mask where somebody's Markdown has eaten its underscores.
var maskCore = strings.Trim(Masked, "_")

// refuseMask refuses arguments of a change that hold the mask anywhere, also in JSON in a text: it would become the tenant's secret.
func (c *call) refuseMask(members map[string]json.RawMessage) error {
	if c.tool.spec.Effect == Read {
		return nil
	}
	var problems []string
	for _, name := range sortedKeys(members) {
		if path := maskIn(members[name], name, 0); path != "" && len(problems) < maxProblems {
			problems = append(problems, path+": holds "+Masked+", which stands for a secret that was not shown; leave the argument out to keep the secret, or ask the user for the real value")
		}
	}
	if problems == nil {
		return nil
	}
	return &argumentError{problems}
}

// maskIn returns the path of the first place in raw that holds the mask, "" for none.
func maskIn(raw json.RawMessage, path string, depth int) string {
	switch typeOf(raw) {
	case "object", "array":
		for _, p := range parts(raw) {
			below := path + "[]"
			if p.name != "" || raw[0] == '{' {
				below = path + "." + clip(p.name)
			}
			if holdsMask(p.name) {
				return below
			}
			if found := maskIn(p.value, below, depth); found != "" {
				return found
			}
		}
	case "string":
		text := unquote(raw)
		if holdsMask(text) {
			return path
		}
		if body := json.RawMessage(strings.TrimSpace(text)); depth < maxInnerJSON && len(body) > 0 && strings.IndexByte(`{["`, body[0]) >= 0 && valid(body) {
			return maskIn(body, path, depth+1)
		}
	}
	return ""
}

// holdsMask reports whether text holds the mask, in capitals or not, also where Markdown, HTML or a URL writes it with escapes, or where something
// that cannot be seen stands in it.
func holdsMask(text string) bool {
	if len(text) < len(maskCore) {
		return false
	}
	if strings.IndexByte(text, '&') >= 0 {
		text = html.UnescapeString(text)
	}
	bare := strings.Map(func(r rune) rune {
		if r == '\\' || r == '*' || r == '`' || hidden(r) && r != ' ' {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToUpper(text), "%5F", "_"))
	return strings.Contains(bare, maskCore)
}
