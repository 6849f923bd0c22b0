package zia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// category is what has to be known of a URL category; raw is all of it.
type category struct {
	ID             string `json:"id"`
	ConfiguredName string `json:"configuredName"`
	Custom         bool   `json:"customCategory"`
	raw            json.RawMessage
}

func parseCategory(raw json.RawMessage) (category, error) {
	c := category{raw: raw}
	if err := json.Unmarshal(raw, &c); err != nil {
		return category{}, fmt.Errorf("zia: url category: %w", err)
	}
	return c, nil
}

// members returns all of the category.
func (c category) members() (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(c.raw, &members); err != nil {
		return nil, fmt.Errorf("zia: url category: %w", err)
	}
	return members, nil
}

// named reports whether name is the category's id or configured name.
func (c category) named(name string) bool {
	return strings.EqualFold(c.ID, name) || c.ConfiguredName != "" && strings.EqualFold(c.ConfiguredName, name)
}

// findPredefined finds a predefined category: by id, and if there is none, by id or configured name
// in any case among all.
func findPredefined(ctx context.Context, name string) (category, error) {
	c, err := categoryByID(ctx, name)
	if errors.Is(err, errNoCategory) {
		c, err = categoryByName(ctx, name)
	}
	if err == nil {
		err = refuseCustom(c)
	}
	return c, err
}

func refuseCustom(c category) error {
	if c.Custom {
		return fmt.Errorf("%s is a custom URL category: use zia_get_url_category or zia_update_url_category with its id", c.ID)
	}
	return nil
}

func categoryPath(id string) (string, error) {
	return rest.Path(categoriesPath+"/{id}", map[string]string{"id": id})
}

var errNoCategory = errors.New("no such URL category: zia_list_url_categories shows their ids and names")

// categoryByID returns errNoCategory also for names that no id can be, such as those with a slash.
func categoryByID(ctx context.Context, id string) (category, error) {
	path, err := categoryPath(id)
	if err != nil {
		return category{}, errNoCategory
	}
	raw, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: path})
	var failure *zscaler.APIError
	if errors.As(err, &failure) && (failure.Kind() == zscaler.KindNotFound || failure.Kind() == zscaler.KindInvalid) {
		return category{}, errNoCategory
	}
	if err != nil {
		return category{}, err
	}
	c, err := parseCategory(raw)
	if err == nil && !strings.EqualFold(c.ID, id) {
		err = errNoCategory // another resource below the same path, such as urlQuota
	}
	return c, err
}

// categoryByName prefers an id to a configured name, and a predefined category to a custom one of the same name. Of several
// predefined ones that somebody named alike it takes none.
func categoryByName(ctx context.Context, name string) (category, error) {
	rows, err := rest.SendRows(ctx, &zscaler.Request{Method: http.MethodGet, Path: categoriesPath}, "")
	if err != nil {
		return category{}, err
	}
	var predefined []string
	found, err := category{}, errNoCategory
	for _, row := range rows.Rows {
		c, bad := parseCategory(row)
		switch {
		case bad != nil:
			return category{}, bad
		case strings.EqualFold(c.ID, name):
			return c, nil
		case !c.named(name) || c.Custom && len(predefined) > 0:
			continue
		case !c.Custom:
			predefined = append(predefined, c.ID)
		}
		found, err = c, nil
	}
	if len(predefined) > 1 {
		return category{}, fmt.Errorf("several predefined URL categories are named %q: give the id of one, %s", name, strings.Join(predefined, " or "))
	}
	return found, err
}
