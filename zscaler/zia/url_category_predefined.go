package zia

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

type predefinedName struct {
	Name string `json:"name" nonempty:"true" jsonschema:"Id or configured name of a predefined category, in any case."`
}

type predefinedChange struct {
	predefinedName
	ConfiguredName string         `json:"configured_name,omitempty" jsonschema:"New name; the present one stays when absent or empty."`
	URLs           []string       `json:"urls,omitempty" jsonschema:"The whole new list of added URLs."`
	Description    string         `json:"description,omitempty" jsonschema:"New description."`
	Keywords       []string       `json:"keywords,omitempty" jsonschema:"The whole new list of keywords."`
	IPRanges       []string       `json:"ip_ranges,omitempty" jsonschema:"The whole new list of addresses in CIDR notation."`
	Advanced       map[string]any `json:"advanced,omitempty" jsonschema:"Lists of text that keep their parent category too: db_categorized_urls, keywords_retaining_parent_category and ip_ranges_retaining_parent_category."`
}

// predefinedMembers maps the arguments of predefinedChange to members of the category.
var predefinedMembers = map[string]string{
	"urls": "urls", "description": "description", "keywords": "keywords", "ip_ranges": "ipRanges",
}

func getPredefined(ctx context.Context, in predefinedName) (any, error) {
	c, err := findPredefined(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return c.raw, nil
}

// updatePredefined lays the arguments over the category that its name finds, and puts it back whole.
func updatePredefined(ctx context.Context, args tool.Args) (any, error) {
	changes, err := predefinedChanges(args)
	if err != nil {
		return nil, err
	}
	c, err := findPredefined(ctx, args.Text("name"))
	if err != nil {
		return nil, err
	}
	current, err := c.members()
	if err != nil {
		return nil, err
	}
	return putCategory(ctx, c.ID, rest.Overlay(rest.StripOwned(zscaler.ZIA, current), changes))
}

// predefinedChanges returns the members that the arguments change.
func predefinedChanges(args tool.Args) (map[string]json.RawMessage, error) {
	changes := map[string]json.RawMessage{}
	for argument, member := range predefinedMembers {
		if raw, ok := args.Raw(argument); ok {
			changes[member] = raw
		}
	}
	if raw, ok := args.Raw("configured_name"); ok && args.Text("configured_name") != "" {
		changes["configuredName"] = raw
	}
	if raw, ok := args.Raw("advanced"); ok {
		if err := addAdvanced(changes, raw); err != nil {
			return nil, err
		}
	}
	if len(changes) == 0 {
		return nil, errors.New("nothing to change: give at least one argument besides name")
	}
	return changes, nil
}

// putCategory replaces a category and returns it as it is then.
func putCategory(ctx context.Context, id string, body map[string]json.RawMessage) (json.RawMessage, error) {
	path, err := rest.Path(categoriesPath+"/{id}", map[string]string{"id": id})
	if err != nil {
		return nil, err
	}
	answer, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodPut, Path: path, Body: rest.Encode(body)})
	if err != nil || answer != nil {
		return answer, err
	}
	return rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: path})
}
