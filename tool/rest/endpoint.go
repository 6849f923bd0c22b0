package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// endpoint is a declaration. It is complete once declare has returned, and read-only from then on.
type endpoint struct {
	name                             string
	target                           string // as it was declared, for mistakes
	effect                           tool.Effect
	method, path                     string
	service                          zscaler.Service
	list, untrusted, jsonText        bool
	onePage, oneRow, queried         bool
	secret                           bool
	secretMembers                    []string
	safe, replace, unread            bool
	rows, readFrom, namedBy          string
	group                            [2]string // members of a row that stands for a group, see Grouped
	constQuery, constBody, constVars [][2]string
	operation, root, document        string
	prepare                          []func(context.Context, *Plan) error
	finish                           []func(context.Context, *Plan, *Answer) error

	args     []argument // in declaration order
	fixed    []write    // constBody and constVars without settings, parsed
	mistakes []error
}

func graphQL(operation, root, document string) Option {
	return func(e *endpoint) { e.operation, e.root, e.document = operation, root, document }
}

func declare(effect tool.Effect, name, target, doc string, in reflect.Type, opts []Option) tool.Tool {
	e := &endpoint{name: name, target: target, effect: effect}
	for _, opt := range opts {
		opt(e)
	}
	if e.graphQL() && strings.HasPrefix(target, "/") {
		target = "POST " + target
	}
	e.method, e.path, _ = strings.Cut(target, " ")
	e.service = zscaler.ServiceOf(e.path)
	e.parseArguments(in)
	e.parseConstants()
	e.check()
	return tool.New(tool.Spec{
		Name: name, Doc: doc, Effect: effect, In: in,
		List: e.list, Queried: e.queried, Untrusted: e.untrusted, JSONText: e.jsonText, Pages: e.pages(),
		Secret: e.secret, SecretMembers: e.secretMembers,
		Check:   func() error { return errors.Join(e.mistakes...) },
		Confirm: e.question(), Handle: e.handle,
	})
}

// graphQL reports whether the endpoint was declared by [Query].
func (e *endpoint) graphQL() bool { return e.document != "" || e.operation != "" }

// merges reports whether an Update reads the object before it writes it.
func (e *endpoint) merges() bool {
	return e.effect == tool.Update && e.method == "PUT" && !e.replace
}

// sendsBody reports whether requests of this endpoint carry a JSON body.
func (e *endpoint) sendsBody() bool { return e.method != "GET" && e.method != "DELETE" }

// handle does one call. An update has its object to itself from the read to the answer, also one that
// writes without a read: it must not come between the read and the write of another.
func (e *endpoint) handle(ctx context.Context, args tool.Args) (any, error) {
	doer, err := zscaler.DoerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	c := call{endpoint: e, doer: doer}
	if err := c.plan(args); err != nil {
		return nil, err
	}
	if e.effect != tool.Update {
		return c.run(ctx)
	}
	var result any
	err = Exclusive(ctx, c.Path, func() error {
		result, err = c.run(ctx)
		return err
	})
	return result, err
}

// run does what follows the plan: read what an update must keep, prepare, send, finish.
func (c *call) run(ctx context.Context) (_ any, err error) {
	if c.merges() {
		err = c.readFirst(ctx)
	} else {
		err = c.fillBody(nil)
	}
	if err != nil {
		return nil, err
	}
	for _, fn := range c.prepare {
		if err := fn(ctx, &c.Plan); err != nil {
			return nil, err
		}
	}
	c.keepID()
	return c.perform(ctx)
}

// perform sends the plan and turns the answer into the tool's result.
func (c *call) perform(ctx context.Context) (any, error) {
	answer, err := c.send(ctx)
	if err != nil {
		return nil, err
	}
	for _, fn := range c.finish {
		if err := fn(ctx, &c.Plan, answer); err != nil {
			return nil, err
		}
	}
	if c.list {
		if answer.Rows == nil {
			answer.Rows = []json.RawMessage{}
		}
		return tool.Rows{Rows: answer.Rows, Note: answer.Note}, nil
	}
	switch {
	case !absent(answer.Record):
		return answer.Record, nil
	case c.effect != tool.Read:
		return done("Done; the service answered without a body."), nil
	default:
		return nil, fmt.Errorf("%s: nothing found: the service answered without a record", c.name)
	}
}
