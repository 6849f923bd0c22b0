package zid

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// usersOfNamedGroup finds the group on the first page of hits: offset and limit belong to the users alone.
func usersOfNamedGroup(ctx context.Context, in groupByName) (any, error) {
	hits, err := rest.SendRows(ctx, &zscaler.Request{Method: http.MethodGet, Path: groupsPath, Query: url.Values{"name[like]": {in.Name}}}, "")
	if err != nil {
		return nil, err
	}
	g, err := chooseGroup(hits.Rows, in.Name)
	if err != nil {
		return nil, err
	}
	path, err := rest.Path(groupsPath+"/{group_id}/users", map[string]string{"group_id": g.ID})
	if err != nil {
		return nil, err
	}
	users, err := rest.SendRows(ctx, &zscaler.Request{Method: http.MethodGet, Path: path, Query: in.page.query()}, "")
	if err != nil {
		return nil, err
	}
	if len(hits.Rows) > 1 || !strings.EqualFold(g.Name, in.Name) {
		users.Note = strings.TrimSpace(fmt.Sprintf("%d groups match; these are the users of %s (id %s). %s", len(hits.Rows), g.Name, g.ID, users.Note))
	}
	return users, nil
}

// group is what has to be known of a group to tell it from others.
type group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// chooseGroup returns the group whose name is exactly name, in any case, else the first.
func chooseGroup(rows []json.RawMessage, name string) (group, error) {
	if len(rows) == 0 {
		return group{}, fmt.Errorf("no group matches %q: zid_list_groups shows them", name)
	}
	var first group
	for i, row := range rows {
		var g group
		if err := json.Unmarshal(row, &g); err != nil {
			return group{}, fmt.Errorf("zid: group: %w", err)
		}
		if strings.EqualFold(g.Name, name) {
			return g, nil
		}
		if i == 0 {
			first = g
		}
	}
	return first, nil
}
