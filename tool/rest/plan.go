package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// A call is one run of an endpoint.
type call struct {
	*endpoint
	Plan
	doer     zscaler.Doer
	writes   []write
	segments map[string]string // values of the path's wildcards
	readPath string            // where an update read the object
	scope    url.Values        // the query of that read
}

// plan turns the arguments into a request, but for the body, which fillBody makes of c.writes.
func (c *call) plan(args tool.Args) error {
	c.Args, c.Method = args, c.method
	env := conversion{now: time.Now(), path: c.path}
	if len(c.constQuery) > 0 {
		c.Query = make(url.Values, len(c.constQuery))
	}
	for _, pair := range c.constQuery {
		c.Query.Add(pair[0], pair[1])
	}
	c.writes = append(c.writes, c.fixed...)
	var last []write // of body=*, which wins over the named members
	for i := range c.args {
		merged, err := c.place(&c.args[i], env)
		if err != nil {
			return argumentError{c.args[i].name, err}
		}
		last = append(last, merged...)
	}
	if err := c.contradiction(last); err != nil {
		return err
	}
	c.writes = append(c.writes, last...)
	if err := c.settings(); err != nil {
		return err
	}
	var err error
	c.Path, err = c.expand(c.path)
	return err
}

// expand fills the wildcards of pattern with the planned segments.
func (c *call) expand(pattern string) (string, error) {
	return expandPath(pattern, func(name string) (string, bool) {
		value, ok := c.segments[name]
		return value, ok
	})
}

// place sends one argument to its places and returns the members that it merges into the body.
func (c *call) place(arg *argument, env conversion) (merged []write, err error) {
	value, ok := c.Args.Raw(arg.name)
	if ok && (absent(value) || arg.skipEmpty && isEmpty(value)) {
		ok = false
	}
	if !ok {
		if arg.unset == nil {
			return nil, nil
		}
		value = arg.unset
	}
	for i := range arg.places {
		p := &arg.places[i]
		sent := value
		if p.convert != nil && ok {
			if sent, err = p.convert(env, value); err != nil {
				return nil, err
			}
			if sent == nil {
				continue
			}
		}
		if p.target == "*" && p.kind == inBody {
			if merged, err = c.merge(merged, arg.name, sent); err != nil {
				return nil, err
			}
			continue
		}
		by := ""
		if ok {
			by = givenBy(arg, value)
		}
		if err := c.deliver(p, sent, by, !ok); err != nil {
			return nil, err
		}
	}
	return merged, nil
}

// deliver stores one value; by is the argument that the caller gave it by, "" for none, and weak marks
// one that comes from an unset tag.
func (c *call) deliver(p *place, value json.RawMessage, by string, weak bool) error {
	switch p.kind {
	case inPath:
		text, ok := plainText(value)
		if !ok {
			return errors.New("must be a string or a number")
		}
		if err := checkSegment(text); err != nil {
			return err
		}
		if c.segments == nil {
			c.segments = make(map[string]string, 2)
		}
		c.segments[p.target] = text
	case inQuery:
		return c.addQuery(p.target, value)
	default:
		if p.target == "$" {
			c.Whole = value
			return nil
		}
		w, err := p.member.shape(c.service, value)
		w.kind, w.weak, w.arg = p.kind, weak, by
		c.writes = append(c.writes, w)
		return err
	}
	return nil
}

// addQuery adds a query parameter: a list becomes repeated keys, null is left out.
func (c *call) addQuery(name string, value json.RawMessage) error {
	items := []json.RawMessage{value}
	if first(value) == '[' {
		if err := json.Unmarshal(value, &items); err != nil {
			return err
		}
	}
	for _, item := range items {
		if absent(item) {
			continue
		}
		text, ok := plainText(item)
		if !ok {
			return errors.New("must be a string, number, boolean or a list of these")
		}
		if c.Query == nil {
			c.Query = make(url.Values, 4)
		}
		c.Query.Add(name, text)
	}
	return nil
}

// settings fills the GraphQL variables that stand for the tenant's settings.
func (c *call) settings() error {
	for _, pair := range c.constVars {
		name, ok := settingName(pair[1])
		if !ok {
			continue
		}
		value, err := c.doer.Setting(name)
		if err != nil {
			return err
		}
		c.writes = append(c.writes, write{kind: inVar, names: []string{pair[0]}, value: quote(value)})
	}
	return nil
}

// fillBody makes the body: the planned members laid over base, the object that an update read.
func (c *call) fillBody(base map[string]json.RawMessage) error {
	if !c.sendsBody() || c.Whole != nil {
		return nil
	}
	if c.graphQL() {
		return c.fillQuery()
	}
	c.Body = base
	if c.Body == nil {
		c.Body = make(map[string]json.RawMessage, len(c.writes))
	}
	for _, w := range c.writes {
		if w.weak && hasMember(c.Body, w.names) {
			continue
		}
		if err := setMember(c.Body, w.names, w.value); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}
