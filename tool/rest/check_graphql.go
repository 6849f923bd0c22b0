package rest

import (
	"regexp"
	"slices"
	"strings"
)

// declaredVariable finds the variables of an operation's signature.
var declaredVariable = regexp.MustCompile(`\$(\w+)\s*:`)

// checkGraphQL holds the variables that are set against those that the document declares.
func (e *endpoint) checkGraphQL() {
	if e.operation == "" || e.root == "" {
		e.mistake("Query needs the name of an operation and the root field of its answer")
		return
	}
	signature, ok := e.signature()
	if !ok {
		e.mistake("the document has no query named %s", e.operation)
		return
	}
	if name, _, _ := strings.Cut(e.root, "."); !regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(e.document) {
		e.mistake("the document does not ask for the root field %s", name)
	}
	var declared []string
	for _, match := range declaredVariable.FindAllStringSubmatch(signature, -1) {
		declared = append(declared, match[1])
	}
	set := e.setVariables()
	for _, name := range set {
		if !slices.Contains(declared, name) {
			e.mistake("GraphQL variable $%s is set but not declared in %s", name, e.operation)
		}
	}
	for _, name := range declared {
		if !slices.Contains(set, name) && len(e.prepare) == 0 {
			e.mistake("GraphQL variable $%s is declared in %s but never set", name, e.operation)
		}
	}
}

// setVariables returns the variables that arguments and constants set, each once.
func (e *endpoint) setVariables() []string {
	var set []string
	for i := range e.args {
		for _, p := range e.args[i].places {
			if p.kind == inVar {
				set = append(set, p.member.names[0])
			}
		}
	}
	for _, pair := range e.constVars {
		name, _, _ := strings.Cut(pair[0], ".")
		set = append(set, name)
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// signature returns the text between the parentheses behind the operation's name; "" when it has none.
func (e *endpoint) signature() (string, bool) {
	head := regexp.MustCompile(`\bquery\s+` + regexp.QuoteMeta(e.operation) + `\s*([({])`)
	at := head.FindStringSubmatchIndex(e.document)
	if at == nil {
		return "", false
	}
	if e.document[at[2]] == '{' {
		return "", true
	}
	signature, _, ok := strings.Cut(e.document[at[3]:], ")")
	return signature, ok
}
