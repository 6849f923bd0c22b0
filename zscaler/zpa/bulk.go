package zpa

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// A bulk is a deletion of many objects by one request.
type bulk struct {
	kinds    string // what people call several of them
	list     string // path that lists them all
	argument string // that holds their ids
}

// maxBulkPages bounds the walk through a tenant's objects: 500 a page.
const maxBulkPages = 40

// asking gives the tool a question that names each object.
func (b bulk) asking(declared tool.Tool) tool.Tool {
	spec := declared.Spec()
	spec.Confirm = rest.QuestionEach(b.kinds, b.doomed, "microtenant_id")
	return tool.New(spec)
}

// doomed reads the objects that are about to go, from as many pages of the list as it takes. One that is
// not there is an error: the list that the caller has in mind is not the tenant's.
func (b bulk) doomed(ctx context.Context, args tool.Args) ([]object, error) {
	raw, _ := args.Raw(b.argument)
	var ids []string
	if err := json.Unmarshal(raw, &ids); err != nil {
		return nil, fmt.Errorf("argument %q: %w", b.argument, err)
	}
	missing := map[string]bool{}
	for _, id := range ids {
		missing[id] = true
	}
	found := map[string]object{}
	if err := b.walk(ctx, args.Text("microtenant_id"), func(o object) bool {
		if id := text(o["id"]); missing[id] {
			found[id] = o
			delete(missing, id)
		}
		return len(missing) == 0
	}); err != nil {
		return nil, err
	}
	var objects []object
	for i, id := range ids {
		if missing[id] {
			return nil, fmt.Errorf("%s %s: no such object (argument %q): list them again", b.kinds, id, b.argument)
		}
		if !slices.Contains(ids[:i], id) {
			objects = append(objects, found[id])
		}
	}
	return objects, nil
}

// walk shows the objects of the list one by one until see has seen enough.
func (b bulk) walk(ctx context.Context, microtenant string, see func(object) bool) error {
	query := url.Values{"page": {"1"}, "pagesize": {"500"}}
	if microtenant != "" {
		query.Set("microtenantId", microtenant)
	}
	for range maxBulkPages {
		body, err := rest.Send(ctx, &zscaler.Request{Method: "GET", Path: b.list, Query: query})
		if err != nil {
			return err
		}
		rows, page, err := zscaler.Rows(zscaler.ZPA, body, "")
		if err != nil {
			return err
		}
		for _, row := range rows {
			var o object
			if json.Unmarshal(row, &o) == nil && see(o) {
				return nil
			}
		}
		next, more := zscaler.ZPA.Next(query, len(rows), page)
		if !more {
			return nil
		}
		query = next
	}
	return fmt.Errorf("there are more than %d %s: delete these one by one", maxBulkPages*500, b.kinds)
}

// countDeleted is the acknowledgement of a deletion of many.
func countDeleted(argument, kinds string) func(context.Context, *rest.Plan, *rest.Answer) error {
	return func(_ context.Context, p *rest.Plan, a *rest.Answer) error {
		raw, _ := p.Args.Raw(argument)
		var ids []string
		if err := json.Unmarshal(raw, &ids); err != nil {
			return fmt.Errorf("argument %q: %w", argument, err)
		}
		a.Record = encode(object{"success": encode(true), "message": encode(fmt.Sprintf("Deleted %d %s (%s).", len(ids), kinds, strings.Join(ids, ", ")))})
		return nil
	}
}
