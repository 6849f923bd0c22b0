package zscalertest

import (
	"errors"
	"fmt"
)

// A selection is one field of a GraphQL selection set. Inline fragments are folded into the set that
// holds them, since the types here have no overlapping names with different meanings.
type selection struct {
	alias, name string
	args        map[string]any // literal values, or variable for $name
	fields      []selection
	braces      bool // whether a selection set was written
}

// A variable stands for $name in arguments.
type variable string

// An operation is the one query of a document.
type operation struct {
	name      string
	variables []declared
	fields    []selection
}

// A declared variable with its type as written, such as "ID!".
type declared struct{ name, typ string }

const maxDepth = 16

// A queryParser reads the part of GraphQL (June 2018 and later) that queries use: one operation,
// variables, arguments, aliases and inline fragments. No named fragments and no directives.
type queryParser struct {
	tokens []string
	depth  int
}

func parseQuery(text string) (*operation, error) {
	tokens, err := scanQuery(text)
	if err != nil {
		return nil, err
	}
	p := &queryParser{tokens: tokens}
	op := &operation{}
	if p.peek() == "query" {
		p.next()
		if isName(p.peek()) {
			op.name = p.next()
		}
		if op.variables, err = p.declarations(); err != nil {
			return nil, err
		}
	}
	if op.fields, err = p.set(); err != nil {
		return nil, err
	}
	if p.peek() != "" {
		return nil, fmt.Errorf("unexpected %q after the operation: send one query", p.peek())
	}
	return op, nil
}

func (p *queryParser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *queryParser) next() string {
	token := p.peek()
	if len(p.tokens) > 0 {
		p.tokens = p.tokens[1:]
	}
	return token
}

func (p *queryParser) expect(want string) error {
	if got := p.next(); got != want {
		return fmt.Errorf("syntax error: expected %q but found %q", want, got)
	}
	return nil
}

func (p *queryParser) name() (string, error) {
	token := p.next()
	if !isName(token) {
		return "", fmt.Errorf("syntax error: expected a name but found %q", token)
	}
	return token, nil
}

// declarations reads ($name: Type, …), if there is one.
func (p *queryParser) declarations() ([]declared, error) {
	if p.peek() != "(" {
		return nil, nil
	}
	p.next()
	var out []declared
	for p.peek() != ")" {
		if err := p.expect("$"); err != nil {
			return nil, err
		}
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		if err := p.expect(":"); err != nil {
			return nil, err
		}
		typ, err := p.typeName()
		if err != nil {
			return nil, err
		}
		out = append(out, declared{name, typ})
	}
	p.next()
	return out, nil
}

// typeName reads a type as written, such as ID! or [Name!]!, lists of lists left out.
func (p *queryParser) typeName() (string, error) {
	list := p.peek() == "["
	if list {
		p.next()
	}
	typ, err := p.name()
	if err != nil {
		return "", err
	}
	if p.peek() == "!" {
		typ += p.next()
	}
	if !list {
		return typ, nil
	}
	if err := p.expect("]"); err != nil {
		return "", err
	}
	typ = "[" + typ + "]"
	if p.peek() == "!" {
		typ += p.next()
	}
	return typ, nil
}

// set reads a selection set with its braces.
func (p *queryParser) set() ([]selection, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errors.New("the query is nested too deep")
	}
	defer func() { p.depth-- }()
	if err := p.expect("{"); err != nil {
		return nil, err
	}
	var out []selection
	for p.peek() != "}" {
		var fields []selection
		var err error
		if p.peek() == "..." {
			fields, err = p.fragment()
		} else {
			var f selection
			f, err = p.field()
			fields = []selection{f}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, fields...)
	}
	p.next()
	if len(out) == 0 {
		return nil, errors.New("syntax error: a selection set is empty")
	}
	return out, nil
}

func (p *queryParser) fragment() ([]selection, error) {
	p.next()
	if p.peek() == "on" {
		p.next()
		if _, err := p.name(); err != nil {
			return nil, err
		}
	}
	return p.set()
}
