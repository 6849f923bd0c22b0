package zid

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// Query names of the searches by part of a value.
const (
	byEmail       = "primaryemail[like]"
	byLoginName   = "loginname[like]"
	byDisplayName = "displayname[like]"
)

// query returns the parameters of the page.
func (p page) query() url.Values {
	q := url.Values{}
	if p.Offset != nil {
		q.Set("offset", strconv.Itoa(*p.Offset))
	}
	if p.Limit != nil {
		q.Set("limit", strconv.Itoa(*p.Limit))
	}
	return q
}

func searchUsers(ctx context.Context, in namedUser) (any, error) { return find(ctx, in.Name, in.page) }

// find returns a page of the users that name finds.
func find(ctx context.Context, name string, p page) (tool.Rows, error) {
	if strings.Contains(name, "@") {
		return usersWhere(ctx, byEmail, name, p)
	}
	rows, err := usersWhere(ctx, byLoginName, name, p)
	if err != nil || len(rows.Rows) > 0 {
		return rows, err
	}
	if p.Offset != nil && *p.Offset > 0 {
		// An empty later page does not tell that no login name matches: the first one does.
		one := 1
		first, err := usersWhere(ctx, byLoginName, name, page{Limit: &one})
		if err != nil || len(first.Rows) > 0 {
			return rows, err
		}
	}
	return usersWhere(ctx, byDisplayName, name, p)
}

func usersWhere(ctx context.Context, filter, value string, p page) (tool.Rows, error) {
	q := p.query()
	q.Set(filter, value)
	return rest.SendRows(ctx, &zscaler.Request{Method: http.MethodGet, Path: usersPath, Query: q}, "")
}

// user is what has to be known of a user to tell it from others.
type user struct {
	ID           string `json:"id"`
	LoginName    string `json:"loginName"`
	DisplayName  string `json:"displayName"`
	PrimaryEmail string `json:"primaryEmail"`
}

// is reports whether one of the user's names is name, in any case.
func (u user) is(name string) bool {
	return strings.EqualFold(u.PrimaryEmail, name) || strings.EqualFold(u.LoginName, name) || strings.EqualFold(u.DisplayName, name)
}

// groupsByName finds the user on the first page of hits: offset and limit belong to the groups alone.
func groupsByName(ctx context.Context, in namedUser) (any, error) {
	hits, err := find(ctx, in.Name, page{})
	if err != nil {
		return nil, err
	}
	u, err := choose(hits.Rows, in.Name)
	if err != nil {
		return nil, err
	}
	path, err := rest.Path(usersPath+"/{user_id}/groups", map[string]string{"user_id": u.ID})
	if err != nil {
		return nil, err
	}
	groups, err := rest.SendRows(ctx, &zscaler.Request{Method: http.MethodGet, Path: path, Query: in.page.query()}, "")
	if err != nil {
		return nil, err
	}
	if len(hits.Rows) > 1 {
		groups.Note = strings.TrimSpace(fmt.Sprintf("%d users match; these are the groups of %s (id %s). %s", len(hits.Rows), u.LoginName, u.ID, groups.Note))
	}
	return groups, nil
}

// choose returns the user whose name is exactly name, else the first.
func choose(rows []json.RawMessage, name string) (user, error) {
	if len(rows) == 0 {
		return user{}, fmt.Errorf("no user matches %q: zid_list_users shows them", name)
	}
	var first user
	for i, row := range rows {
		var u user
		if err := json.Unmarshal(row, &u); err != nil {
			return user{}, fmt.Errorf("zid: user: %w", err)
		}
		if u.is(name) {
			return u, nil
		}
		if i == 0 {
			first = u
		}
	}
	return first, nil
}
