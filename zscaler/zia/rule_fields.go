package zia

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// newRule are the arguments that the creations of policy rules share.
type newRule struct {
	Name        string `json:"name" in:"body=name" jsonschema:"Name of the rule, at most 31 characters, unique among the rules of its kind."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"What the rule is for."`
	Enabled     bool   `json:"enabled,omitempty" in:"body=state|state" default:"true" jsonschema:"Whether the rule is in force."`
	Order       int    `json:"order,omitempty" in:"body=order" unset:"1" min:"1" jsonschema:"Place among the rules; 1, the top, when absent. The rules from there on move down."`
	Rank        int    `json:"rank,omitempty" in:"body=rank" unset:"7" min:"0" max:"7" jsonschema:"Administrator rank, 0 (highest) to 7; 7 when absent."`
}

// ruleChange are the arguments that the updates of policy rules share.
type ruleChange struct {
	Name        string `json:"name,omitempty" in:"body=name" jsonschema:"New name, at most 31 characters."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
	Enabled     bool   `json:"enabled,omitempty" in:"body=state|state" jsonschema:"Whether the rule is in force."`
	Order       int    `json:"order,omitempty" in:"body=order" min:"1" jsonschema:"New place among the rules, 1 is the top."`
	Rank        int    `json:"rank,omitempty" in:"body=rank" min:"0" max:"7" jsonschema:"New administrator rank, 0 (highest) to 7."`
}

// searchedHere is a search that the service does not offer: see keepNamed.
type searchedHere struct {
	Search string `json:"search,omitempty" in:"-" jsonschema:"Part of the name, in any case."`
}

// keepNamed returns a step that keeps the rows in which one of the members holds the text of an argument, in any case. It
// sees what was fetched only, so where there may be more rows a note says that they were not looked at.
func keepNamed(argument string, members ...string) func(context.Context, *rest.Plan, *rest.Answer) error {
	return func(ctx context.Context, p *rest.Plan, a *rest.Answer) (err error) {
		part := p.Args.Text(argument)
		if part == "" {
			return nil
		}
		a.Note = searchedOnly(ctx, a.Note, len(a.Rows), argument, part)
		a.Rows, err = namedLike(a.Rows, part, members)
		return err
	}
}

// searchedOnly returns note, which says that there may be more rows than so many; where they were searched here, it says so.
func searchedOnly(ctx context.Context, note string, rows int, argument, part string) string {
	if note == "" || part == "" || tool.AllPages(ctx) {
		return note
	}
	return fmt.Sprintf("Only the first %d were searched by %s, and more may match: call again with all=true to search every page.", rows, argument)
}

// namedLike keeps the rows in which one of the members holds search, in any case; "" keeps all.
func namedLike(rows []json.RawMessage, search string, members []string) ([]json.RawMessage, error) {
	if search == "" {
		return rows, nil
	}
	search = strings.ToLower(search)
	kept := []json.RawMessage{}
	for _, row := range rows {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(row, &object); err != nil {
			return nil, fmt.Errorf("zia: search: %w", err)
		}
		if slices.ContainsFunc(members, func(member string) bool {
			var name string
			return json.Unmarshal(object[member], &name) == nil && strings.Contains(strings.ToLower(name), search)
		}) {
			kept = append(kept, row)
		}
	}
	return kept, nil
}
