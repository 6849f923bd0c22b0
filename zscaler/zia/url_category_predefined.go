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
	Advanced       map[string]any `json:"advanced,omitempty" jsonschema:"Lists of what counts for this category and keeps its other one too: db_categorized_urls, keywords_retaining_parent_category and ip_ranges_retaining_parent_category. Each is the whole list."`
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

// updatePredefined lays the arguments over the category that its name finds, and puts it back whole. A
// name that is no id costs one more read: the category is locked by its id and read again.
func updatePredefined(ctx context.Context, args tool.Args) (any, error) {
	changes, err := predefinedChanges(args)
	if err != nil {
		return nil, err
	}
	name := args.Text("name")
	answer, err := changePredefined(ctx, name, changes)
	if !errors.Is(err, errNoCategory) {
		return answer, err
	}
	c, err := categoryByName(ctx, name)
	if err != nil {
		return nil, err
	}
	return changePredefined(ctx, c.ID, changes)
}

// changePredefined reads the category with that id, changes it and writes it, with no other change of it
// in between.
func changePredefined(ctx context.Context, id string, changes map[string]json.RawMessage) (answer any, err error) {
	path, err := categoryPath(id)
	if err != nil {
		return nil, errNoCategory // no id is spelt like that
	}
	err = rest.Exclusive(ctx, path, func() error {
		c, err := categoryByID(ctx, id)
		if err == nil {
			err = refuseCustom(c)
		}
		if err != nil {
			return err
		}
		current, err := c.members()
		if err != nil {
			return err
		}
		answer, err = putCategory(ctx, c.ID, rest.Overlay(rest.StripOwned(zscaler.ZIA, current), changes))
		return err
	})
	return answer, err
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
	path, err := categoryPath(id)
	if err != nil {
		return nil, err
	}
	answer, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodPut, Path: path, Body: rest.Encode(body)})
	if err != nil || answer != nil {
		return answer, err
	}
	return rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: path})
}
