package zscalertest

import (
	"fmt"
	"strconv"
	"strings"
)

func (p *queryParser) field() (selection, error) {
	name, err := p.name()
	if err != nil {
		return selection{}, err
	}
	f := selection{alias: name, name: name}
	if p.peek() == ":" {
		p.next()
		if f.name, err = p.name(); err != nil {
			return selection{}, err
		}
	}
	if f.args, err = p.arguments(); err != nil {
		return selection{}, err
	}
	if p.peek() == "{" {
		f.braces = true
		f.fields, err = p.set()
	}
	return f, err
}

func (p *queryParser) arguments() (map[string]any, error) {
	if p.peek() != "(" {
		return nil, nil
	}
	p.next()
	args := map[string]any{}
	for p.peek() != ")" {
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		if err := p.expect(":"); err != nil {
			return nil, err
		}
		if args[name], err = p.value(); err != nil {
			return nil, err
		}
	}
	p.next()
	return args, nil
}

// value reads a variable or a scalar literal. Lists and objects have to come as variables.
func (p *queryParser) value() (any, error) {
	token := p.next()
	switch {
	case token == "$":
		name, err := p.name()
		return variable(name), err
	case token == "true" || token == "false":
		return token == "true", nil
	case token == "null":
		return nil, nil
	case strings.HasPrefix(token, `"`):
		return strconv.Unquote(token)
	case isName(token):
		return token, nil
	}
	if n, err := strconv.Atoi(token); err == nil {
		return ziaNumber(n), nil
	}
	return nil, fmt.Errorf("syntax error: %q is not a value that is supported here", token)
}
