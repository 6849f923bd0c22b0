package zia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
)

// advancedMembers maps the keys of advanced to members of a URL category.
var advancedMembers = map[string]string{
	"db_categorized_urls":                 "dbCategorizedUrls",
	"keywords_retaining_parent_category":  "keywordsRetainingParentCategory",
	"ip_ranges_retaining_parent_category": "ipRangesRetainingParentCategory",
}

// layAdvanced adds the advanced settings to the body.
func layAdvanced(_ context.Context, p *rest.Plan) error {
	raw, ok := p.Args.Raw("advanced")
	if !ok {
		return nil
	}
	return addAdvanced(p.Body, raw)
}

// addAdvanced adds the members that raw, an object, stands for; null members are left alone.
func addAdvanced(body map[string]json.RawMessage, raw json.RawMessage) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(raw, &given); err != nil {
		return errors.New("advanced must be an object")
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		member, ok := advancedMembers[key]
		if !ok {
			return fmt.Errorf("advanced.%s is not known: give %s", key, strings.Join(slices.Sorted(maps.Keys(advancedMembers)), ", "))
		}
		if string(given[key]) == "null" {
			continue
		}
		list, err := textList(given[key])
		if err != nil {
			return fmt.Errorf("advanced.%s %w", key, err)
		}
		body[member] = list
	}
	return nil
}

// textList checks that raw is a list of text. Models also send such a list as JSON inside a string;
// that is taken too.
func textList(raw json.RawMessage) (json.RawMessage, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		raw = json.RawMessage(text)
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil || list == nil {
		return nil, errors.New("must be a list of text")
	}
	return raw, nil
}
