package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// Bounds of what a caller who asks for all pages gets.
const (
	maxPages = 200
	maxRows  = 10_000
	maxBytes = 32 << 20 // as of one answer of the tenant
)

// OnePage is an [Option]: it marks a list that the service always answers whole, so that no argument all is offered and no note
// speaks of more rows.
func OnePage(e *endpoint) { e.onePage = true }

// pages reports whether the list can be asked for page by page.
func (e *endpoint) pages() bool {
	if !e.list || e.onePage {
		return false
	}
	if e.graphQL() {
		return e.takes(pageVariable)
	}
	pager, pages := e.service.Pager()
	if pages && pager.Size != "" && pager.DefaultSize == 0 { // the service says itself where the next page begins, in an envelope
		pages = e.rows != "" || e.takes(func(p place) bool { return p.kind == inQuery && p.target == pager.Page })
	}
	return pages && e.method == "GET"
}

// takes reports whether an argument goes to a place.
func (e *endpoint) takes(where func(place) bool) bool {
	return slices.ContainsFunc(e.args, func(a argument) bool { return slices.ContainsFunc(a.places, where) })
}

// A walk collects the pages of a list.
type walk struct {
	rows  []json.RawMessage
	seen  map[string]bool // ids of the rows
	pages int
	bytes int // of the rows
}

// newWalk returns a walk that has the first page.
func newWalk(first []json.RawMessage) *walk {
	w := &walk{seen: make(map[string]bool, len(first)), rows: slices.Clip(first), pages: 1}
	for _, row := range first {
		w.seen[idOf(row)] = true
		w.bytes += len(row)
	}
	return w
}

// add takes the new rows of a further page: objects move to a later page when another is added meanwhile. It reports whether there are any;
// some endpoints ignore the page and always answer everything.
func (w *walk) add(rows []json.RawMessage) bool {
	w.pages++
	before := len(w.rows)
	for _, row := range rows {
		if key := idOf(row); !w.seen[key] {
			w.rows = append(w.rows, row)
		}
	}
	for _, row := range w.rows[before:] {
		w.seen[idOf(row)] = true
		w.bytes += len(row)
	}
	return len(w.rows) > before
}

// idOf is what tells a row from others: its id, or all of it.
func idOf(row json.RawMessage) string {
	var named struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(row, &named) == nil && !absent(named.ID) {
		return "id " + string(named.ID)
	}
	return string(bytes.TrimSpace(row))
}

// run asks for page after page with next until there are no more, and tells of the progress. A page that fails fails the walk: rows that
// nobody knows to be missing are worse than an error. The note says that rows were left behind, or begin in the middle of the list.
func (w *walk) run(ctx context.Context, total int, begins bool, next func() (rows []json.RawMessage, more bool, err error)) (all []json.RawMessage, note string, err error) {
	for more := true; more; {
		if w.pages >= maxPages || len(w.rows) >= maxRows || w.bytes >= maxBytes {
			return w.rows, fmt.Sprintf("These are the first %d rows, and there are more than one call collects; narrow the search.", len(w.rows)), nil
		}
		tool.Progress(ctx, len(w.rows), max(total, 0), "page "+strconv.Itoa(w.pages+1))
		var rows []json.RawMessage
		if rows, more, err = next(); err != nil {
			return nil, "", stepError{fmt.Sprintf("page %d failed, after %d rows; ask for fewer, or page by page", w.pages+1, len(w.rows)), err}
		}
		more = w.add(rows) && more
	}
	return w.rows, missing(begins, total, len(w.rows)), nil
}

// missing says which rows the end of a list has not brought: those before a page that the caller asked for, or those that the service
// counts and did not send, as where its pages are smaller than it was asked for. total is -1 where it does not count.
func missing(begins bool, total, rows int) string {
	switch {
	case !begins:
		return "These rows begin at the page that was asked for: leave it out for those before them."
	case total > rows:
		return fmt.Sprintf("The list is not whole: the service counts %d rows and has sent %d; narrow the search, or ask for smaller pages.", total, rows)
	}
	return ""
}

// followQuery returns the rows of all pages of a list, of which req has brought the first, rows and page; note says that there are still more.
func followQuery(ctx context.Context, doer zscaler.Doer, req *zscaler.Request, member string, rows []json.RawMessage, page zscaler.Page) (all []json.RawMessage, note string, err error) {
	service := zscaler.ServiceOf(req.Path)
	again := *req
	var more bool
	begins := service.Begins(req.Query)
	if again.Query, more = service.Next(req.Query, len(rows), page); !more {
		return rows, missing(begins, -1, len(rows)), nil
	}
	w := newWalk(rows)
	return w.run(ctx, page.Total, begins, func() ([]json.RawMessage, bool, error) {
		resp, err := doer.Do(ctx, &again)
		if err != nil {
			return nil, false, err
		}
		rows, page, err := zscaler.Rows(service, resp.Body, member)
		next, more := service.Next(again.Query, len(rows), page)
		again.Query = next
		return rows, more, err
	})
}

// followGraph does the same for the query of a call.
func (c *call) followGraph(ctx context.Context, rows []json.RawMessage, page zscaler.Page) (all []json.RawMessage, note string, err error) {
	_, number, err := c.pageNumber()
	if err != nil {
		return nil, "", err
	}
	if !page.HasMore {
		return rows, missing(number <= 1, -1, len(rows)), nil
	}
	w := newWalk(rows)
	return w.run(ctx, page.Total, number <= 1, func() ([]json.RawMessage, bool, error) {
		if err := c.turn(); err != nil {
			return nil, false, err
		}
		resp, err := c.doer.Do(ctx, c.request())
		if err != nil {
			return nil, false, err
		}
		data, err := zscaler.GraphQLData(resp)
		if err != nil {
			return nil, false, err
		}
		value, key, err := c.graphKey(rootOf(data, c.root))
		if err != nil {
			return nil, false, err
		}
		rows, page, err := zscaler.Rows(c.service, value, key)
		return rows, page.HasMore, err
	})
}

// turn changes the plan of a query to the next page.
func (c *call) turn() error {
	variable, number, err := c.pageNumber()
	if err != nil || variable == "" {
		return err
	}
	return c.SetVar(variable, json.RawMessage(strconv.Itoa(number+1)))
}

// pageNumber returns the page that the plan of a query asks for, and the variable that holds it, "" for none.
func (c *call) pageNumber() (variable string, number int, err error) {
	variables, err := decodeObject(c.Body["variables"])
	if err != nil {
		return "", 1, err
	}
	for i := range c.args {
		for _, p := range c.args[i].places {
			if !pageVariable(p) {
				continue
			}
			number = 1
			if text, ok := plainText(variables[p.target]); ok {
				number, err = strconv.Atoi(text)
			}
			return p.target, number, err
		}
	}
	return "", 1, nil
}
