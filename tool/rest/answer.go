package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// send sends the plan and unwraps the answer.
func (c *call) send(ctx context.Context) (*Answer, error) {
	resp, err := c.doer.Do(ctx, c.request())
	if c.graphQL() {
		return c.unwrapGraph(ctx, resp, err)
	}
	switch {
	case err != nil:
		return nil, err
	case c.effect == tool.Delete:
		return &Answer{Record: done(c.deleted())}, nil
	case c.one && !absent(resp.Body):
		return &Answer{Rows: []json.RawMessage{resp.Body}}, nil
	case c.one:
		return nil, fmt.Errorf("%s: nothing found: the service answered without a record", c.name)
	case c.list:
		return c.rowsOf(ctx, resp.Body, c.rows)
	case !absent(resp.Body):
		return &Answer{Record: resp.Body}, nil
	case c.Current != nil:
		return &Answer{Record: c.readBack(ctx)}, nil
	}
	return &Answer{}, nil // Finish may find something to say, else perform does
}

// absent reports whether a value is missing or null.
func absent(value json.RawMessage) bool {
	kind := first(value)
	return kind == 0 || kind == 'n'
}

// request returns the request that the plan describes.
func (c *call) request() *zscaler.Request {
	req := &zscaler.Request{Method: c.Method, Path: c.Path, Query: c.Query, Body: c.Whole, Safe: c.safe}
	if req.Body == nil && c.Body != nil {
		req.Body = encodeObject(c.Body)
	}
	return req
}

// rowsOf takes the rows out of a list answer, and of the pages behind it if the caller wants all; key is the member that holds them, "" for the service's.
func (c *call) rowsOf(ctx context.Context, body json.RawMessage, key string) (*Answer, error) {
	if rows, ok := c.groups(body); ok {
		return &Answer{Rows: rows}, nil
	}
	rows, page, err := zscaler.Rows(c.service, body, key)
	if err != nil && c.oneRow && first(body) == '{' {
		return &Answer{Rows: []json.RawMessage{body}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	note := c.more(len(rows), page)
	switch {
	case !tool.AllPages(ctx):
	case c.graphQL():
		rows, note, err = c.followGraph(ctx, rows, page)
	default:
		rows, note, err = followQuery(ctx, c.doer, c.request(), key, rows, page)
	}
	return &Answer{Rows: rows, Note: note}, err
}

// done is the result of a call whose answer holds no record.
func done(message string) json.RawMessage {
	return encodeObject(map[string]json.RawMessage{"success": json.RawMessage("true"), "message": quote(message)})
}

// deleted says what a delete removed, in the words of the tool's name and the caller's arguments.
func (c *call) deleted() string {
	var named []string
	for i := range c.args {
		arg := &c.args[i]
		raw, ok := c.Args.Raw(arg.name)
		if ok && len(arg.places) > 0 && arg.places[0].kind != inQuery {
			named = append(named, arg.name+" "+string(raw))
		}
	}
	message := "Deleted " + c.noun()
	if len(named) > 0 {
		message += " (" + strings.Join(named, ", ") + ")"
	}
	return message + "."
}
