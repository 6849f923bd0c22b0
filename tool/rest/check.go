package rest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool"
)

// mistake notes one, with the endpoint as it was declared. Compile adds the tool's name.
func (e *endpoint) mistake(format string, args ...any) {
	e.mistakes = append(e.mistakes, fmt.Errorf("endpoint %q: "+format, append([]any{e.target}, args...)...))
}

// check collects the mistakes of the declaration that the tags alone do not show.
func (e *endpoint) check() {
	e.checkMethod()
	e.checkPath(e.path)
	if e.readFrom != "" {
		e.checkPath(e.readFrom)
	}
	e.checkWildcards()
	for i := range e.args {
		for _, p := range e.args[i].places {
			e.checkPlace(&e.args[i], p)
		}
	}
	e.checkBody()
	if e.merges() {
		e.checkMerge()
	}
	if e.graphQL() {
		e.checkGraphQL()
	}
}

// checkMethod holds the method against the effect: safety comes from the effect, and a method that
// contradicts it is a slip.
func (e *endpoint) checkMethod() {
	switch e.method {
	case "GET":
		if e.effect != tool.Read {
			e.mistake("GET changes nothing, so it cannot create, update or delete")
		}
	case "POST":
		if e.effect == tool.Read && !e.safe {
			e.mistake("a POST that only reads must be marked rest.Safe")
		}
	case "PUT", "PATCH", "DELETE":
		if e.effect == tool.Read {
			e.mistake("%s does not only read: declare it by Create, Update or Delete", e.method)
		}
	default:
		e.mistake(`must be "METHOD /path" with GET, POST, PUT, PATCH or DELETE`)
	}
	if e.safe && (e.method != "POST" || e.effect != tool.Read) {
		e.mistake("rest.Safe is for a POST that only reads")
	}
	if e.replace && e.effect != tool.Update {
		e.mistake("rest.Replace is for Update")
	}
	e.checkReads()
}

// checkReads holds the options about the read before a write against what the tool does.
func (e *endpoint) checkReads() {
	if e.readFrom != "" && !e.merges() && e.effect != tool.Delete {
		e.mistake("rest.ReadFrom is for a Delete, or an Update by PUT that reads the object first")
	}
	if _, err := parseMember(e.namedBy); e.namedBy != "" && (err != nil || !e.looksFirst()) {
		e.mistake("rest.NamedBy %q is for a Delete that reads the object first, and names one of its members", e.namedBy)
	}
	switch {
	case e.unread && e.effect != tool.Delete:
		e.mistake("rest.Unread is for Delete; an Update that must not read is marked rest.Replace")
	case e.unread && e.readFrom != "":
		e.mistake("rest.Unread and rest.ReadFrom contradict each other")
	case e.unread && e.method != "DELETE":
		e.mistake("rest.Unread is for the method DELETE; by %s nothing is read anyway", e.method)
	}
}

func (e *endpoint) checkPath(path string) {
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "?# \\%") {
		e.mistake("path %q must start with a slash and hold no query, space, backslash or escape", path)
		return
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		if _, ok := wildcard(segment); !ok && strings.ContainsAny(segment, "{}") {
			e.mistake("path %q: a wildcard must be a whole segment, as in /{id}", path)
		}
		if segment == "" || segment == "." || segment == ".." {
			e.mistake("path %q has the segment %q", path, segment)
		}
	}
}

// checkWildcards holds the wildcards against the arguments that fill them.
func (e *endpoint) checkWildcards() {
	want := slices.Concat(wildcards(e.path), wildcards(e.readFrom))
	var have []string
	for i := range e.args {
		for _, p := range e.args[i].places {
			if p.kind != inPath {
				continue
			}
			if !slices.Contains(want, p.target) {
				e.mistake("argument %q: the path has no wildcard {%s}", e.args[i].name, p.target)
			}
			if slices.Contains(have, p.target) {
				e.mistake("argument %q: the wildcard {%s} has an argument already", e.args[i].name, p.target)
			}
			have = append(have, p.target)
			if !e.args[i].required && e.args[i].unset == nil {
				e.mistake("argument %q fills the path: it must be required, or have a default", e.args[i].name)
			}
		}
	}
	for _, name := range want {
		if !slices.Contains(have, name) {
			e.mistake(`wildcard {%s} has no argument with in:"path"`, name)
		}
	}
}

// checkPlace holds the type of an argument against the place it goes to.
func (e *endpoint) checkPlace(arg *argument, p place) {
	switch kind := arg.kind; {
	case p.kind == inBody && !e.sendsBody():
		e.mistake("argument %q: a %s carries no body", arg.name, e.method)
	case p.kind == inVar && !e.graphQL():
		e.mistake("argument %q: var is for GraphQL queries declared by Query", arg.name)
	case p.kind == inBody && e.graphQL():
		e.mistake("argument %q: the arguments of a GraphQL query are variables: use var", arg.name)
	case p.convert != nil:
	case p.kind == inPath && !isScalar(kind):
		e.mistake("argument %q: a path takes a string or an integer, not a %s", arg.name, kind)
	case p.kind == inQuery && (kind == reflect.Map || kind == reflect.Struct):
		e.mistake("argument %q: a query parameter takes no %s", arg.name, kind)
	case p.member.each != nil && kind != reflect.Slice && kind != reflect.Interface:
		e.mistake("argument %q: [] takes a list, not a %s", arg.name, kind)
	case p.kind == inBody && p.target == "*" && kind != reflect.Map && kind != reflect.Struct && kind != reflect.Interface:
		e.mistake("argument %q: body=* takes an object, not a %s", arg.name, kind)
	}
}

// isScalar reports whether values of the kind are one string or number.
func isScalar(kind reflect.Kind) bool {
	return kind == reflect.String || kind == reflect.Interface || kind >= reflect.Int && kind <= reflect.Uint64
}

// checkBody refuses bodies that would be two things at once.
func (e *endpoint) checkBody() {
	whole, members := 0, len(e.constBody)
	for i := range e.args {
		for _, p := range e.args[i].places {
			switch {
			case p.kind == inBody && p.target == "$":
				whole++
			case p.kind == inBody:
				members++
			}
		}
	}
	if whole > 1 || whole > 0 && members > 0 {
		e.mistake("body=$ is the whole body: no other argument or constant can go there")
	}
	if whole > 0 && e.merges() {
		e.mistake("body=$ in an Update by PUT needs rest.Replace: there is no object to lay it over")
	}
	if len(e.constBody) > 0 && (!e.sendsBody() || e.graphQL()) {
		e.mistake("rest.ConstBody: this endpoint has no body of its own")
	}
	if len(e.constVars) > 0 && !e.graphQL() {
		e.mistake("rest.ConstVar is for GraphQL queries declared by Query")
	}
}

// checkMerge refuses updates that could not keep what the caller does not send.
func (e *endpoint) checkMerge() {
	changes := len(e.prepare) > 0
	for i := range e.args {
		for _, p := range e.args[i].places {
			if p.kind != inBody {
				continue
			}
			changes = true
			if e.args[i].hasDefault {
				e.mistake("argument %q: its default would overwrite the object's own value in every update", e.args[i].name)
			}
		}
	}
	if !changes {
		e.mistake("the Update sends no member; mark it rest.Replace if the PUT needs none")
	}
}

// parseConstants parses the fixed members and variables, once for all calls.
func (e *endpoint) parseConstants() {
	parse := func(option, kind string, pairs [][2]string) {
		for _, pair := range pairs {
			path, err := parseMember(pair[0])
			if err != nil || path.each != nil {
				e.mistake("%s: %q is not a member path", option, pair[0])
				continue
			}
			if !json.Valid([]byte(pair[1])) {
				e.mistake("%s %s: %q is not JSON", option, pair[0], pair[1])
			}
			if _, setting := settingName(pair[1]); setting && kind == inVar {
				continue
			}
			e.fixed = append(e.fixed, write{kind: kind, names: path.names, value: json.RawMessage(pair[1]), fixed: true})
		}
	}
	parse("rest.ConstBody", inBody, e.constBody)
	parse("rest.ConstVar", inVar, e.constVars)
}

// settingName returns the setting that a constant such as "{customer_id}" stands for.
func settingName(value string) (name string, ok bool) {
	var text string
	if json.Unmarshal([]byte(value), &text) != nil {
		return "", false
	}
	name, ok = wildcard(text)
	return name, ok && tenantPlaceholder(name)
}
