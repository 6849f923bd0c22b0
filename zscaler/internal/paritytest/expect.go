package paritytest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// answeredID is the id in every answer of the engine's gateway to a path that names none.
const answeredID = "72057594037927944"

// An expectation is the requests of the vendor's tool for some arguments, worked out from the table.
type expectation struct {
	tool   *Tool
	params map[string]Param
	args   map[string]any
	now    time.Time
	times  []int64 // epoch seconds or milliseconds in the requests

	requests []Request
	why      string // what the table cannot tell; "" when the requests are known
	refused  bool   // the path lacks an argument
}

// expect works out the requests of the vendor's tool.
func expect(tool *Tool, args map[string]any) *expectation {
	x := &expectation{tool: tool, args: args, params: map[string]Param{}, now: time.Now()}
	for _, param := range tool.Params {
		x.params[param.Name] = param
	}
	for i := range tool.Calls {
		switch x.decide(tool.Calls[i].When) {
		case unknown:
			x.why = fmt.Sprintf("whether %q", tool.Calls[i].When)
			return x
		case yes:
			x.requests = append(x.requests, x.request(&tool.Calls[i]))
		}
	}
	return x
}

// value returns an argument; absent ones have their default, or are nil.
func (x *expectation) value(name string) any {
	if v, ok := x.args[name]; ok && v != nil {
		return v
	}
	return x.params[name].Default
}

func (x *expectation) given(name string) bool { return !empty(x.value(name)) }

// overlays reports whether our tool reads the object of the call first and lays the body over it.
func (t *Tool) overlays(c *Call) bool {
	return t.Effect == "update" && c.Method == http.MethodPut && c.Const.Query["action"] == ""
}

// A message is a request in the making.
type message struct {
	segments map[string]string
	query    url.Values
	body     map[string]any
	whole    any
}

func (x *expectation) request(c *Call) Request {
	m := &message{segments: map[string]string{}, query: url.Values{}, body: map[string]any{}}
	for name, value := range c.Const.Query {
		m.query.Set(name, value)
	}
	for name, value := range c.Const.Body {
		if !x.tool.overlays(c) || !empty(value) { // what would only clear is not sent
			m.body[name] = value
		}
	}
	for name, variable := range c.Variables {
		if variable.Value != nil {
			m.body[name] = variable.Value
		}
	}
	var merged []string
	for _, name := range slices.Sorted(maps.Keys(c.Args)) {
		if c.Args[name].API == "*" {
			merged = append(merged, name) // wins over the others
			continue
		}
		x.place(c, m, name, c.Args[name], c.Args[name].SkipEmpty)
	}
	for _, name := range merged {
		x.place(c, m, name, c.Args[name], c.Args[name].SkipEmpty)
	}
	return Request{Method: c.Method, Path: x.expand(c, m), Query: m.query, Body: c.payload(m)}
}

// payload is the body, nil for the methods that have none.
func (c *Call) payload(m *message) any {
	switch {
	case c.Operation != "":
		document := fmt.Sprintf("query %s(%s) { %s }", c.Operation, c.Signature, c.Fields)
		return map[string]any{"query": document, "operationName": c.Operation, "variables": m.body}
	case m.whole != nil:
		return m.whole
	case c.Method == http.MethodGet || c.Method == http.MethodDelete:
		return nil
	}
	return m.body
}

// place sends one argument to its places.
func (x *expectation) place(c *Call, m *message, name string, a Arg, skipEmpty bool) {
	for _, also := range a.Also {
		x.place(c, m, name, also, skipEmpty || also.SkipEmpty)
	}
	if a.In == "client" || a.In == "header" || x.decide(a.When) == no {
		return
	}
	if x.decide(a.When) == unknown {
		x.why = fmt.Sprintf("whether %q", a.When)
		return
	}
	value := x.value(name)
	if _, list := value.([]any); list && skipEmpty && empty(value) && a.Unset != nil && x.tool.overlays(c) {
		skipEmpty = false // the vendor's tool always sends a list, ours when it is asked to clear it
	}
	if skipEmpty && empty(value) {
		value = nil
	}
	if value == nil {
		x.unset(c, m, a)
		return
	}
	if !mechanical(a.As) {
		x.why = fmt.Sprintf("%s as %q", name, a.As)
		return
	}
	if value = x.convert(a.As, value); value != nil {
		x.put(m, name, a, value)
	}
}

// unset sends what stands for an absent argument.
func (x *expectation) unset(c *Call, m *message, a Arg) {
	var value any
	if a.Unset == nil || x.tool.overlays(c) || decode(a.Unset, &value) != nil {
		return
	}
	if s, ok := value.(string); ok && strings.HasPrefix(s, "<") {
		x.why = s
		return
	}
	a.API, _, _ = strings.Cut(a.API, "[]")
	x.put(m, "", a, value)
}

// nameOfAdvanced is the argument whose nulls are left out and, in ZIA, whose lists of ids become references.
const nameOfAdvanced = "advanced"

// put stores a value where the table says.
func (x *expectation) put(m *message, arg string, a Arg, value any) {
	name := inCamel.ReplaceAllStringFunc(a.API, func(found string) string {
		return camel(text(x.value(inCamel.FindStringSubmatch(found)[1])))
	})
	switch {
	case strings.ContainsAny(name, "<>"):
		x.why = name
	case a.In == "path":
		m.segments[name] = text(value)
	case a.In == "query":
		if list, ok := value.([]any); ok {
			for _, item := range list {
				m.query.Add(name, text(item))
			}
			return
		}
		m.query.Set(name, text(value))
	case name == "$":
		m.whole = value
	case name == "*":
		object, _ := value.(map[string]any)
		for key, member := range object {
			switch {
			case arg != nameOfAdvanced:
				m.body[key] = member
			case member != nil:
				m.body[key] = x.reference(key, member)
			}
		}
	default:
		list, inner, each := strings.Cut(name, "[].")
		if each {
			value = eachOf(value, func(item any) any { return x.wrap(inner, item) })
		}
		set(m.body, strings.Split(list, "."), value)
	}
}

// wrap makes an object of an element, unless it is one. Ids are numbers in ZIA and ZTW.
func (x *expectation) wrap(name string, item any) any {
	if _, ok := item.(map[string]any); ok {
		return item
	}
	if name == "id" && x.numbered() {
		item = wireNumber(item)
	}
	return map[string]any{name: item}
}

func (x *expectation) numbered() bool { return x.tool.Service == "zia" || x.tool.Service == "ztw" }

// reference turns the ids of a member that the generator merges into a body into objects.
func (x *expectation) reference(key string, member any) any {
	if x.tool.Service != "zia" || key != camel(generatedReference) {
		return member
	}
	return eachOf(member, func(item any) any { return x.wrap("id", item) })
}

func set(object map[string]any, names []string, value any) {
	for _, name := range names[:len(names)-1] {
		inner, ok := object[name].(map[string]any)
		if !ok {
			inner = map[string]any{}
			object[name] = inner
		}
		object = inner
	}
	object[names[len(names)-1]] = value
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// expand fills the placeholders of the path, but for the ids of the tenant.
func (x *expectation) expand(c *Call, m *message) string {
	return placeholder.ReplaceAllStringFunc(c.Path, func(found string) string {
		name := strings.Trim(found, "{}")
		switch value, ok := m.segments[name]; {
		case ok:
			return url.PathEscape(value)
		case c.From[name] == "id in the answer of the first request":
			return answeredID
		case x.params[name].Name != "":
			x.refused = true
		case name != "customer_id" && name != "zcell_customer_id":
			x.why = found + ": " + c.From[name]
		}
		return found
	})
}
