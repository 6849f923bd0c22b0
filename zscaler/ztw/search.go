package ztw

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
)

// staged tells what the writes of this service share.
const staged = " The change is staged: it takes effect when an administrator activates changes in the Cloud & Branch Connector portal, for which there is no tool."

// textSearch is for endpoints that search.
type textSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text to search for, such as a part of the name; all when absent."`
}

// nameSearch is for endpoints that do not: the rows of the answer are searched.
type nameSearch struct {
	Search string `json:"search,omitempty" in:"-" jsonschema:"Part of the name, in any case; the rows of the answer that lack it are left out."`
}

// named keeps the rows whose name holds the search text, in any case. Rows without a name go.
func named(_ context.Context, p *rest.Plan, a *rest.Answer) error {
	search := strings.ToLower(p.Args.Text("search"))
	if search == "" {
		return nil
	}
	kept := []json.RawMessage{}
	for _, row := range a.Rows {
		var object struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(row, &object) == nil && strings.Contains(strings.ToLower(object.Name), search) {
			kept = append(kept, row)
		}
	}
	a.Rows = kept
	return nil
}
