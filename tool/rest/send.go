package rest

import (
	"context"
	"encoding/json"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// Send sends req to the tenant of the current call and returns the body of the answer, nil when it is
// empty. Errors are those of [zscaler.Doer].
func Send(ctx context.Context, req *zscaler.Request) (json.RawMessage, error) {
	doer, err := zscaler.DoerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	resp, err := doer.Do(ctx, req)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// SendRows sends req and takes the rows out of the answer: those of member, a dotted path, or with ""
// those of the service's envelope. The note tells when there are more. In a call of a tool that [tool.Pages] whose caller wants every
// page, it follows the pages.
func SendRows(ctx context.Context, req *zscaler.Request, member string) (tool.Rows, error) {
	doer, err := zscaler.DoerFromContext(ctx)
	if err != nil {
		return tool.Rows{}, err
	}
	resp, err := doer.Do(ctx, req)
	if err != nil {
		return tool.Rows{}, err
	}
	service := zscaler.ServiceOf(req.Path)
	rows, page, err := zscaler.Rows(service, resp.Body, member)
	if err != nil {
		return tool.Rows{}, err
	}
	note := moreRows(service, req.Query, len(rows), page)
	if tool.AllPages(ctx) {
		if rows, note, err = followQuery(ctx, doer, req, member, rows, page); err != nil {
			return tool.Rows{}, err
		}
	}
	if rows == nil {
		rows = []json.RawMessage{}
	}
	return tool.Rows{Rows: rows, Note: note}, nil
}

// Encode returns the JSON of object with its members in order of name and their bytes unchanged, for
// [zscaler.Request.Body].
func Encode(object map[string]json.RawMessage) json.RawMessage { return encodeObject(object) }
